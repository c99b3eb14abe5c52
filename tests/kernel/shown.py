# What the plugin says about a capture, frame by frame, and the sequence of states that it comes to
# for either end (rule 2 of compare.py).
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's word, by tshark."""

import os
import shlex
import subprocess
from collections import namedtuple
from dataclasses import dataclass
from itertools import zip_longest

ENDS = ("client", "server")
IDLE = ("CLOSED", "LISTEN", "UNKNOWN")
BIRTHS = ("SYN_SENT", "SYN_RCVD")  # a life of the connection begins with one of these

FIELDS = ["frame.number", "frame.time_epoch", "ip.src", "ipv6.src", "tcp.srcport", "tcp.dstport"]
FIELDS += ["tcpstate.sender", "tcpstate.transition", "tcpstate.cause"]
FIELDS += ["tcpstate.verdict.str", "tcpstate.check"]
OF_EITHER_END = ("state.str", "confirmed.str", "assumed", "possible")
FIELDS += [f"tcpstate.{end}.{what}" for end in ENDS for what in OF_EITHER_END]
SEVERAL = ";"  # between the occurrences of one field

Step = namedtuple("Step", "state frame")  # the plugin's have a set of frames
Shown = namedtuple("Shown", "state confirmed assumed possible steps")  # steps: (state, frame)


@dataclass
class Frame:
    """What the plugin shows for one frame, under the truth's names of the ends."""

    number: int
    time: float
    shown: dict  # end -> Shown
    accusation: str = ""  # the checks that made it illegal; these are Warn or Error


def read_frames(capture, truth):
    return parse_frames(read_rows(capture), truth)


def read_rows(capture):
    """tshark's lines, each a dictionary of FIELDS."""
    command = shlex.split(os.environ.get("TSHARK", "tshark"))
    command += ["-r", str(capture), "-Y", "tcp", "-T", "fields", "-E", f"aggregator={SEVERAL}"]
    for name in FIELDS:
        command += ["-e", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{capture.name}: " + " ".join(done.stderr.split()))
    return [dict(zip(FIELDS, line.split("\t"))) for line in done.stdout.splitlines()]


def parse_frames(rows, truth):
    """Frames from tshark's lines. The plugin may call "client" whom the truth calls "server" (roles
    can be guesses), so the ends are matched by the sender's address."""
    frames = []
    for row in rows:
        if not row["tcpstate.sender"]:
            continue  # no segment of a connection: ICMP that quotes one
        source = (row["ip.src"] or row["ipv6.src"], int(row["tcp.srcport"]))
        client = (truth["client"]["addr"], truth["client"]["port"])
        if client[1] not in (source[1], int(row["tcp.dstport"])):
            continue  # another connection, of which the truth does not tell
        swapped = (row["tcpstate.sender"] == "client") != (source == client)
        names = dict(zip(ENDS, ENDS[::-1] if swapped else ENDS))
        shown = {end: parse_shown(row, name) for end, name in names.items()}
        accusation = row["tcpstate.check"] if row["tcpstate.verdict.str"] == "illegal" else ""
        number, time = int(row["frame.number"]), float(row["frame.time_epoch"])
        frames.append(Frame(number, time, shown, accusation))
    return frames


def parse_shown(row, name):
    state = row[f"tcpstate.{name}.state.str"] or "UNKNOWN"
    assumed = row[f"tcpstate.{name}.assumed"] in ("1", "True")
    confirmed = row[f"tcpstate.{name}.confirmed.str"] or ("UNKNOWN" if assumed else state)
    possible = {state, *filter(None, row[f"tcpstate.{name}.possible"].split(SEVERAL))}
    moves = [each.split() for each in row["tcpstate.transition"].split(SEVERAL) if each]
    causes = row["tcpstate.cause"].split(SEVERAL)  # one for each move
    steps = []
    for (who, move), cause in zip_longest(moves, causes[: len(moves)], fillvalue=""):
        if who == name:
            before, after = move.split("->")
            steps += [(before, None), (after, int(cause) if cause else None)]
    return Shown(state, confirmed, assumed, possible, [*steps, (state, None)])


def plugin_steps(frames, end):
    """The plugin's sequence for one end, without what it took back."""
    path, proved = [], 0  # so many steps are there to stay
    taken_back = []
    for frame in frames:
        shown = frame.shown[end]
        for state, cause in shown.steps:
            kept = kept_before(state, path, proved)
            taken_back += path[kept:]
            del path[kept:]
            if not (path and same(path[-1].state, state)):
                path.append(entered(state, {frame.number, cause or frame.number}, taken_back))
        proved = max(proved, proved_by(shown.confirmed, path))
    return without_idle_beginnings(path)


def same(one, other):
    """CLOSED, then LISTEN, is one absence of a connection."""
    return one == other or one in IDLE and other in IDLE


def entered(state, frames, taken_back):
    """A step counts at the frame where it is shown and at the one that the plugin calls its cause;
    one that had been taken back and comes again counts at any of its frames."""
    before = {frame for step in taken_back if step.state == state for frame in step.frame}
    return Step(state, before | frames)


def kept_before(state, path, proved):
    """How much of `path` stays when `state` comes: a life of the connection that has been in it
    returns to it, unless more was proved since: then it is entered once more, and all stays.
    CLOSED, LISTEN, SYN_SENT or TIME_WAIT undoes a SYN_RCVD that was never proved."""
    if path and path[-1].state in IDLE and state not in (*IDLE, *BIRTHS):
        return kept_before(state, path[:-1], proved)  # its end is taken back
    birth = max((i + 1 for i, step in enumerate(path) if step.state in IDLE), default=0)
    for index in reversed(range(birth, len(path))):
        if path[index].state == state:
            return index + 1 if index + 1 >= proved else len(path)
    only_assumed = [step.state for step in path[birth:]] == ["SYN_RCVD"] and proved <= birth
    if only_assumed and state == "TIME_WAIT":
        return kept_before(state, path[:birth], proved)  # it has never left
    return birth if state in (*IDLE, "SYN_SENT") and only_assumed else len(path)


def proved_by(confirmed, path):
    """What an end's own segments prove, proves the way to it, too."""
    if confirmed in IDLE:
        return 0
    return max((i + 1 for i, step in enumerate(path) if step.state == confirmed), default=0)


def without_idle_beginnings(steps):
    """Drop CLOSED and LISTEN where another state follows (rule 3 of compare.py), and
    repetitions."""
    followed = zip(steps, [*steps[1:], None])
    kept = []
    for step, after in followed:
        if after and step.state in IDLE or kept and kept[-1].state == step.state:
            continue
        kept.append(step)
    return [] if len(kept) == 1 and kept[0].state in IDLE else kept
