#!/usr/bin/env python3
# Compares what the plugin says about captures with what the kernel said (NAME.truth.json).
#
# A transition belongs to the frame that announced or caused it; so sequences of states and
# credited frames are compared, never instants. Four rules make the two comparable:
#   1. A transition without a frame (a timer, a silent exit) can be seen by nobody. It is no part
#      of the kernel's sequence, and from then on the state before it is as right as the new one.
#   2. A headline that was assumed and is reverted later is no part of the plugin's sequence: a
#      return to a state that this life of the connection has already been in removes what came
#      after it; and CLOSED, LISTEN or SYN_SENT removes a life that was never more than assumed.
#   3. CLOSED or LISTEN before a life, or between two lives, is not compared: a capture does not
#      tell whether somebody listened. CLOSED or LISTEN as the last state is.
#   4. Where segments cross, an endpoint's transitions can be credited to frames against the order
#      of time (its own FIN is captured after the one it received later). They count in the order
#      of time, the earlier frame as if it were the later one.
#
# Exit status: 0 agreement as demanded, 1 less, 2 the comparison could not be made.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare the plugin's states with the kernel's.

The environment variable TSHARK holds the tshark command to run, with options if need be."""

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections import Counter, namedtuple
from dataclasses import dataclass, field
from pathlib import Path

CAPTURES = Path(__file__).resolve().parent.parent.parent / "captures"
ENDS = ("client", "server")
IDLE = ("CLOSED", "LISTEN", "UNKNOWN")

FIELDS = ["frame.number", "frame.time_epoch", "ip.src", "ipv6.src", "tcp.srcport"]
FIELDS += ["tcpstate.sender", "tcpstate.transition"]
OF_EITHER_END = ("state.str", "assumed", "possible")
FIELDS += [f"tcpstate.{end}.{what}" for end in ENDS for what in OF_EITHER_END]
SEVERAL = ";"  # between the occurrences of one field

Step = namedtuple("Step", "state frame")
Shown = namedtuple("Shown", "state assumed possible steps")
Disagreement = namedtuple("Disagreement", "capture frame end kernel shown")


@dataclass
class Frame:
    """What the plugin shows for one frame, under the truth's names of the ends."""

    number: int
    time: float
    shown: dict  # end -> Shown


@dataclass
class Score:
    """Agreements out of all that could be."""

    agreed: int = 0
    total: int = 0

    def count(self, agreed):
        self.agreed += bool(agreed)
        self.total += 1

    @property
    def ratio(self):
        return self.agreed / self.total if self.total else 1.0


@dataclass
class Report:
    sequences: Score = field(default_factory=Score)
    frames: Score = field(default_factory=Score)
    possible: Score = field(default_factory=Score)
    confusion: Counter = field(default_factory=Counter)  # (kernel, plugin) -> frames
    differing: list = field(default_factory=list)  # lines about differing sequences
    disagreements: list = field(default_factory=list)


# -- what the plugin says --------------------------------------------------------------------------


def read_frames(capture, truth):
    command = shlex.split(os.environ.get("TSHARK", "tshark"))
    command += ["-r", str(capture), "-Y", "tcp", "-T", "fields", "-E", f"aggregator={SEVERAL}"]
    for name in FIELDS:
        command += ["-e", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{capture.name}: " + " ".join(done.stderr.split()))
    return parse_frames(done.stdout, truth)


def parse_frames(text, truth):
    """Frames from tshark's lines. The plugin may call "client" whom the truth calls "server" (roles
    can be guesses), so the ends are matched by the sender's address."""
    frames = []
    for line in text.splitlines():
        row = dict(zip(FIELDS, line.split("\t")))
        source = (row["ip.src"] or row["ipv6.src"], int(row["tcp.srcport"]))
        client = (truth["client"]["addr"], truth["client"]["port"])
        swapped = (row["tcpstate.sender"] == "client") != (source == client)
        names = dict(zip(ENDS, ENDS[::-1] if swapped else ENDS))
        shown = {end: parse_shown(row, name) for end, name in names.items()}
        frames.append(Frame(int(row["frame.number"]), float(row["frame.time_epoch"]), shown))
    return frames


def parse_shown(row, name):
    state = row[f"tcpstate.{name}.state.str"] or "UNKNOWN"
    assumed = row[f"tcpstate.{name}.assumed"] in ("1", "True")
    possible = {state, *filter(None, row[f"tcpstate.{name}.possible"].split(SEVERAL))}
    moves = [each.split() for each in row["tcpstate.transition"].split(SEVERAL) if each]
    steps = [each for who, move in moves if who == name for each in move.split("->")]
    return Shown(state, assumed, possible, [*steps, state])


def plugin_steps(frames, end):
    """The plugin's sequence for one end, without what it took back (rule 2)."""
    path, assumed = [], []
    for frame in frames:
        shown = frame.shown[end]
        for state in shown.steps:
            keep = kept_before(state, path, assumed)
            del path[keep:], assumed[keep:]
            if not (path and path[-1].state == state):
                path.append(Step(state, frame.number))
                assumed.append(shown.assumed)
        if not shown.assumed and shown.state not in IDLE:  # it proves the way to it, too
            assumed = [False] * len(assumed)
    return without_idle_beginnings(path)


def kept_before(state, path, assumed):
    """How much of `path` stays when `state` comes."""
    for index in reversed(range(len(path))):
        if path[index].state in IDLE:
            break
        if path[index].state == state:
            return index + 1
    keep = len(path)
    if state in (*IDLE, "SYN_SENT"):
        while keep and assumed[keep - 1] and path[keep - 1].state not in IDLE:
            keep -= 1
        if keep and path[keep - 1].state not in IDLE:
            keep = len(path)  # the life was real; only its end is assumed
    return keep


# -- what the kernel says --------------------------------------------------------------------------


def kernel_steps(truth, end):
    steps = [Step(m["to"], m["frame"]) for m in in_order(truth, end) if m["frame"] is not None]
    return without_idle_beginnings(steps)


def kernel_states(truth, end, frames):
    """The kernel's state after each frame: {number: (as far as frames tell, really)}."""
    moves = in_order(truth, end)
    states, visible, real, position = {}, "CLOSED", "CLOSED", 0
    for frame in frames:
        while position < len(moves) and happened(moves[position], frame):
            real = moves[position]["to"]
            if moves[position]["frame"] is not None:
                visible = real
            position += 1
        states[frame.number] = (visible, real)
    return states


def in_order(truth, end):
    """One end's transitions, their frames in the order of time (rule 4)."""
    last, moves = 0, []
    for move in truth["transitions"]:
        if move["end"] == end:
            last = max(last, move["frame"] or 0)
            moves.append({**move, "frame": move["frame"] and last})
    return moves


def happened(move, frame):
    if move["frame"] is None:
        return float(move["time"]) < frame.time
    return move["frame"] <= frame.number


def without_idle_beginnings(steps):
    """Drop CLOSED and LISTEN where another state follows (rule 3), and repetitions."""
    followed = zip(steps, [*steps[1:], None])
    kept = []
    for step, after in followed:
        if after and step.state in IDLE or kept and kept[-1].state == step.state:
            continue
        kept.append(step)
    return [] if len(kept) == 1 and kept[0].state in IDLE else kept


# -- comparing -------------------------------------------------------------------------------------


def compare(name, truth, frames, report):
    for end in ENDS:
        kernel, plugin = kernel_steps(truth, end), plugin_steps(frames, end)
        same = [step.state for step in kernel] == [step.state for step in plugin]
        report.sequences.count(same)
        if not same:
            report.differing.append(f"{name} {end}: kernel {told(kernel)}")
            report.differing.append(f"    plugin {told(plugin)}")
        for step in kernel:
            report.frames.count(step in plugin)
        compare_states(name, end, kernel_states(truth, end, frames), frames, report)


def compare_states(name, end, kernel, frames, report):
    for frame in frames:
        states, shown = kernel[frame.number], frame.shown[end]
        report.possible.count(any(among(state, shown.possible) for state in states))
        agreeing = [state for state in states if among(state, [shown.state])]
        state = (agreeing or states)[0]
        report.confusion[state, shown.state] += 1
        if not agreeing:
            report.disagreements.append(Disagreement(name, frame.number, end, state, shown))


def among(state, states):
    """Is `state` one of `states`, as far as it is compared (rule 3)?"""
    return state in states or state in IDLE and any(each in IDLE for each in states)


def told(steps):
    return " ".join(f"{step.state}({step.frame})" for step in steps) or "nothing"


def print_report(report, worst):
    for line in report.differing:
        print(line)
    for title in ("sequences", "frames", "possible"):
        score = getattr(report, title)
        print(f"{title:10} {score.agreed:6} of {score.total:6}  {score.ratio:7.2%}")
    print_confusion(report.confusion)
    worst_first = sorted(report.disagreements, key=lambda each: each.kernel in each.shown.possible)
    for each in worst_first[:worst]:
        doubt = "assumed" if each.shown.assumed else "sure"
        possible = " ".join(sorted(each.shown.possible))
        print(
            f"{each.capture} frame {each.frame} {each.end}: kernel {each.kernel},"
            f" plugin {each.shown.state} ({doubt}; possible {possible})"
        )


def print_confusion(confusion):
    """Rows: the kernel's state. Columns: the plugin's. Counted in frames and ends."""
    rows = sorted({kernel for kernel, _ in confusion})
    columns = sorted({plugin for _, plugin in confusion})
    print(f"\n{'kernel | plugin':15}" + "".join(f"{column:>13}" for column in columns))
    for row in rows:
        cells = "".join(f"{confusion[row, column] or '.':>13}" for column in columns)
        print(f"{row:15}{cells}")
    print()


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("captures", nargs="*", type=Path, help="default: all that have a truth")
    parser.add_argument("--min-sequences", type=float, default=1.0, metavar="RATIO")
    parser.add_argument("--min-frames", type=float, default=1.0, metavar="RATIO")
    parser.add_argument("--min-possible", type=float, default=1.0, metavar="RATIO")
    parser.add_argument("--worst", type=int, default=20, metavar="N", help="disagreements to print")
    options = parser.parse_args(arguments)
    truths = [capture.with_suffix(".truth.json") for capture in options.captures]
    truths = truths or sorted(CAPTURES.glob("*.truth.json"))
    if not truths:
        raise RuntimeError(f"no truth in {CAPTURES}")
    report = Report()
    for path in truths:
        truth = json.loads(path.read_text())
        capture = path.with_name(path.name.replace(".truth.json", ".pcapng"))
        compare(truth["scenario"], truth, read_frames(capture, truth), report)
    print_report(report, options.worst)
    enough = (
        report.sequences.ratio >= options.min_sequences
        and report.frames.ratio >= options.min_frames
        and report.possible.ratio >= options.min_possible
    )
    return 0 if enough else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, RuntimeError) as error:
        print(f"compare: {error}", file=sys.stderr)
        sys.exit(2)
