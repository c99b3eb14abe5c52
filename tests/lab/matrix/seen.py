# What the plugin says about the kernel's end of each cell, frame by frame. All captures are read as
# one, in a single run of tshark for each reading: no two cells have the same sockets.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's word about the cells."""

import json
from dataclasses import dataclass

import pcapng
from wire import Segment, read

# One pass shows what is known when a frame comes; two, what is known when all have come.
READINGS = {"live": [], "hindsight": ["-2"]}
SEVERAL = ";"  # between the occurrences of one field
ENDS = ("client", "server")
FIELDS = ["frame.number", "ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "tcp.srcport", "tcp.dstport"]
FIELDS += ["tcpstate.sender", "tcpstate.verdict.str", "tcpstate.check"]
FIELDS += ["tcpstate.owes", "tcpstate.answers"]
FIELDS += [f"tcpstate.{end}.{what}" for end in ENDS for what in ("state.str", "possible")]


@dataclass(frozen=True)
class Told:
    """A cell's truth. Frames count in all captures together."""

    situation: str
    kind: str
    version: int
    kernel: tuple  # (address, port)
    peer: tuple
    before: str
    after: str
    probe: int  # the frame
    until: int  # the frame of the kernel's last immediate reply; the probe's if there is none
    moves: tuple  # (frame, state of the kernel after it)
    variables: dict  # of the kernel's end, before
    segment: Segment  # the probe
    reply: str  # flags of the kernel's first immediate reply
    release: str  # of the kernel: 6.18

    def __str__(self):
        return f"{self.situation}, {self.kind}, IPv{self.version}"

    def state(self, frame):
        return next((state for number, state in reversed(self.moves) if number <= frame), "")


@dataclass(frozen=True)
class Shown:
    """What is shown for a frame, about the kernel's end."""

    frame: int
    by_kernel: bool
    state: str
    possible: frozenset
    accusation: str  # the findings that make it Warn or Error
    owes: str
    answers: int  # the frame, or 0


def read_truths(directory):
    """All cells, and all captures as one."""
    cells, contents, first = [], [], 0
    for path in sorted(directory.glob("*.truth.json")):
        capture = path.with_name(path.name.replace(".truth.json", ".pcapng"))
        truth = json.loads(path.read_text(encoding="utf-8"))
        packets = [read(data) for _, data in pcapng.read(capture)]
        cells += [tell(truth, cell, packets, first) for cell in truth["cells"]]
        contents.append(capture.read_bytes())
        first += len(packets)
    if not cells:
        raise OSError(f"no truth in {directory}")
    return cells, b"".join(contents)


def tell(truth, cell, packets, first):
    kernel, peer = tuple(cell["kernel"]), tuple(cell["peer"])
    after = packets[cell["probe"] : cell["until"]]
    replies = [segment for *ends, segment in after if ends == [kernel, peer]]
    return Told(
        situation=truth["situation"],
        kind=cell["kind"],
        version=6 if ":" in kernel[0] else 4,
        kernel=kernel,
        peer=peer,
        before=cell["before"],
        after=cell["after"],
        probe=cell["probe"] + first,
        until=cell["until"] + first,
        moves=tuple((frame + first, state) for frame, state in cell["moves"]),
        variables=cell["variables"],
        segment=packets[cell["probe"] - 1][2],
        reply=replies[0].letters() if replies else "",
        release=".".join(truth["kernel"].split(".")[:2]),
    )


def read_shown(wireshark, capture, arguments):
    """What is shown for each pair of sockets: {(kernel, peer): {frame: Shown}}. Who the kernel is
    the caller knows: each pair stands there both ways round."""
    found = {}
    for values in wireshark.fields(capture, FIELDS, "-E", f"aggregator={SEVERAL}", *arguments):
        row = dict(zip(FIELDS, values))
        source = (row["ip.src"] or row["ipv6.src"], int(row["tcp.srcport"]))
        target = (row["ip.dst"] or row["ipv6.dst"], int(row["tcp.dstport"]))
        for kernel, peer in ((source, target), (target, source)):
            shown = read_row(row, kernel == source)
            found.setdefault((kernel, peer), {})[shown.frame] = shown
    return found


def read_row(row, by_kernel):
    sender = row["tcpstate.sender"]
    end = sender if by_kernel else ENDS[1 - ENDS.index(sender)]
    state = row[f"tcpstate.{end}.state.str"]
    possible = filter(None, row[f"tcpstate.{end}.possible"].split(SEVERAL))
    return Shown(
        frame=int(row["frame.number"]),
        by_kernel=by_kernel,
        state=state,
        possible=frozenset([state, *possible]),
        accusation=row["tcpstate.check"] if row["tcpstate.verdict.str"] == "illegal" else "",
        owes=row["tcpstate.owes"],
        answers=int(row["tcpstate.answers"] or 0),
    )
