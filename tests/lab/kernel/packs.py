# tshark starts slowly and reads fast. So captures whose addresses and ports differ are put one
# after the other into one file, and tshark's answer is cut up again.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Many captures in few runs of tshark."""

from dataclasses import dataclass, field

from readme import frames as count_frames
from shown import READINGS, SEVERAL, parse_frames, read_rows

FULL = 60  # captures


@dataclass
class Pack:
    """Captures of different connections."""

    members: list = field(default_factory=list)  # (name, capture, truth)
    taken: set = field(default_factory=set)

    def takes(self, truth):
        return len(self.members) < FULL and not self.taken & connection(truth)

    def add(self, name, capture, truth):
        self.members.append((name, capture, truth))
        self.taken |= connection(truth)

    def read(self, path):
        """Write them all to `path`; yield (name, truth, frames of each reading). A pcapng file may
        have several sections; its frames are numbered through."""
        contents = [capture.read_bytes() for _, capture, _ in self.members]
        path.write_bytes(b"".join(contents))
        rows_of = {reading: read_rows(path, reading) for reading in READINGS}
        first = 0
        for (name, _, truth), content in zip(self.members, contents):
            after = first + count_frames(content)
            frames_of = {
                reading: parse_frames(between(rows, first, after), truth)
                for reading, rows in rows_of.items()
            }
            yield name, truth, frames_of
            first = after


def between(rows, first, after):
    return [renumbered(row, first) for row in rows if first < number(row) <= after]


def connection(truth):
    """What no other capture in the same file may have."""
    return {(truth["client"]["addr"], truth["client"]["port"], truth["server"]["addr"])}


def number(row):
    return int(row["frame.number"])


def renumbered(row, first):
    causes = (str(int(frame) - first) for frame in row["tcpstate.cause"].split(SEVERAL) if frame)
    return row | {"frame.number": str(number(row) - first), "tcpstate.cause": SEVERAL.join(causes)}


def packed(captures):
    """Captures are (name, path, truth)."""
    packs = []
    for name, capture, truth in captures:
        pack = next((each for each in packs if each.takes(truth)), None)
        if not pack:
            packs.append(pack := Pack())
        pack.add(name, capture, truth)
    return packs
