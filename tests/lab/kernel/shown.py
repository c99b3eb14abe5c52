# What the plugin says about a capture, frame by frame, and the sequence of states that a reader
# sees of either end: every one, in the order in which it is shown. Nothing is left out, not even
# what is taken back later.
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
IDLE = ("CLOSED", "LISTEN", "UNKNOWN")  # one absence of a connection
BIRTHS = ("SYN_SENT", "SYN_RCVD")  # a life of the connection begins with one of these
READINGS = {"hindsight": ["-2"], "live": []}  # tshark's options: what whom is shown

FIELDS = ["frame.number", "frame.time_epoch", "ip.src", "ipv6.src", "tcp.srcport", "tcp.dstport"]
FIELDS += ["tcpstate.connection", "tcpstate.sender", "tcpstate.transition", "tcpstate.cause"]
FIELDS += ["tcpstate.verdict.str", "tcpstate.check"]
OF_EITHER_END = ("state.str", "assumed", "possible")
FIELDS += [f"tcpstate.{end}.{what}" for end in ENDS for what in OF_EITHER_END]
SEVERAL = ";"  # between the occurrences of one field

Step = namedtuple("Step", "state frame cause opens", defaults=(None, False))
Shown = namedtuple("Shown", "state assumed possible steps")  # steps: (state, cause)


@dataclass
class Frame:
    """What the plugin shows for one frame, under the truth's names of the ends."""

    number: int
    time: float
    sender: str
    opens: bool  # a new incarnation of the connection
    shown: dict  # end -> Shown
    accusation: str = ""  # the checks that made it illegal; these are Warn or Error


def read_rows(capture, reading):
    """tshark's lines, each a dictionary of FIELDS."""
    command = shlex.split(os.environ.get("TSHARK", "tshark")) + READINGS[reading]
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
    frames, connection = [], None
    for row in rows:
        if not row["tcpstate.sender"]:
            continue  # no segment of a connection
        client = (truth["client"]["addr"], truth["client"]["port"])
        if client[1] not in (int(row["tcp.srcport"]), int(row["tcp.dstport"])):
            continue  # another connection, of which the truth does not tell
        sender = ENDS[(source(row) == client) == quotes(row)]
        names = dict(zip(ENDS, ENDS if row["tcpstate.sender"] == sender else ENDS[::-1]))
        shown = {end: parse_shown(row, name) for end, name in names.items()}
        accusation = row["tcpstate.check"] if row["tcpstate.verdict.str"] == "illegal" else ""
        number, time = int(row["frame.number"]), float(row["frame.time_epoch"])
        opens = row["tcpstate.connection"] != connection
        frames.append(Frame(number, time, sender, opens, shown, accusation))
        connection = row["tcpstate.connection"]
    return frames


def source(row):
    """Of the segment, or of the one that an ICMP error quotes."""
    return (row["ip.src"] or row["ipv6.src"]).split(SEVERAL)[-1], int(row["tcp.srcport"])


def quotes(row):
    """Is it an ICMP error? What it quotes was sent by the end to which it comes."""
    return SEVERAL in (row["ip.src"] or row["ipv6.src"])


def parse_shown(row, name):
    state = row[f"tcpstate.{name}.state.str"] or "UNKNOWN"
    assumed = row[f"tcpstate.{name}.assumed"] in ("1", "True")
    possible = {state, *filter(None, row[f"tcpstate.{name}.possible"].split(SEVERAL))}
    moves = [each.split() for each in row["tcpstate.transition"].split(SEVERAL) if each]
    causes = row["tcpstate.cause"].split(SEVERAL)  # one for each move
    steps = []
    for (who, move), cause in zip_longest(moves, causes[: len(moves)], fillvalue=""):
        if who == name:
            before, after = move.split("->")
            steps += [(before, None), (after, int(cause) if cause else None)]
    return Shown(state, assumed, possible, [*steps, (state, None)])


def plugin_steps(frames, end):
    """Every state of one end that is shown, in order: of each frame where each step begins and
    where it ends, then the headline. Only the same state twice in a row counts once."""
    path, opening = [], False
    for frame in frames:
        opening |= frame.opens
        for state, cause in frame.shown[end].steps:
            before = path[-1].state if path else None
            if state != before:
                opens = opening or is_new_syn(before, state, frame.sender == end)
                path.append(Step(state, frame.number, cause, opens))
                opening = False
    return path


def is_new_syn(before, state, is_sender):
    """An end that has forgotten its connection sends a SYN: its new life, whatever came of the old
    one. SYN_RCVD is no life that could be forgotten: that step takes it back."""
    return is_sender and state == "SYN_SENT" and before != "SYN_RCVD"


def without_absences(steps):
    """Drop CLOSED and LISTEN before a life and between two (rule 3 of compare.py), and repetitions.
    What follows an absence without being born had never gone: that absence stays, and so does one
    between two lives that would look like one."""
    kept = []
    for step, after in zip(merged(steps), [*merged(steps)[1:], None]):
        before = kept[-1].state if kept else None
        if step.state in IDLE and after:
            if not kept or after.state in BIRTHS and after.state != before:
                continue
            step = step._replace(state="CLOSED")
        if step.state != before:
            kept.append(step)
    return [] if len(kept) == 1 and kept[0].state in IDLE else kept


def merged(steps):
    """CLOSED, then LISTEN, is one absence, under its last name; and a state is not followed by
    itself."""
    whole = []
    for step in steps:
        if whole and same(whole[-1].state, step.state):
            whole[-1] = whole[-1]._replace(state=step.state)
        else:
            whole.append(step)
    return whole


def same(one, other):
    return one == other or one in IDLE and other in IDLE
