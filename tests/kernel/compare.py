#!/usr/bin/env python3
# Compares what the plugin says about captures with what the kernel said (NAME.truth.json).
#
# A transition belongs to the frame that announced or caused it; so sequences of states and
# credited frames are compared, never instants. Four rules make the two comparable:
#   1. A transition without a frame (a timer, a silent exit, a segment that the capture lacks) can
#      be seen by nobody when it happens. It need not be part of the plugin's sequence, but may be;
#      and from then on the state before it is as right as the new one.
#   2. A headline that was assumed and is reverted later is no part of the plugin's sequence: a
#      return to a state that this life of the connection has already been in removes what came
#      after it; and CLOSED, LISTEN, SYN_SENT or TIME_WAIT removes a SYN_RCVD that was never more
#      than assumed. What was ever confirmed stays. What is taken back and comes again was right
#      either time.
#   3. CLOSED or LISTEN before a life, or between two lives, is not compared: a capture does not
#      tell whether somebody listened. CLOSED or LISTEN as the last state is.
#   4. Where segments cross, an endpoint's transitions can be credited to frames against the order
#      of time (its own FIN is captured after the one it received later). They count in the order
#      of time: not before the later frame, nor after the endpoint's next transition; not at all,
#      if no frame comes after.
#
# Exit status: 0 agreement as demanded, 1 less, 2 the comparison could not be made.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare the plugin's states with the kernel's.

The environment variable TSHARK holds the tshark command to run, with options if need be."""

import argparse
import sys
from collections import Counter, defaultdict, namedtuple
from dataclasses import dataclass, field
from pathlib import Path

from shown import ENDS, IDLE, plugin_steps, read_frames
from truth import kernel_states, kernel_steps, read_truth, readings, visible

CAPTURES = Path(__file__).resolve().parent.parent.parent / "captures"

Disagreement = namedtuple("Disagreement", "capture frame end kernel shown")


@dataclass
class Score:
    """Agreements out of all that could be."""

    agreed: int = 0
    total: int = 0

    def count(self, agreed):
        self.agreed += bool(agreed)
        self.total += 1

    def add(self, other):
        self.agreed += other.agreed
        self.total += other.total

    @property
    def ratio(self):
        return self.agreed / self.total if self.total else 1.0


@dataclass
class Scores:
    """What is measured. `possible`: is the kernel's state among the possible ones; `width`: how
    many these are, summed over the frames and ends of `possible`."""

    sequences: Score = field(default_factory=Score)
    frames: Score = field(default_factory=Score)
    possible: Score = field(default_factory=Score)
    width: int = 0

    def add(self, other):
        for name in ("sequences", "frames", "possible"):
            getattr(self, name).add(getattr(other, name))
        self.width += other.width

    @property
    def average(self):
        return self.width / self.possible.total if self.possible.total else 1.0


@dataclass
class Report:
    groups: dict = field(default_factory=lambda: defaultdict(Scores))
    confusion: Counter = field(default_factory=Counter)  # (kernel, plugin) -> frames
    differing: list = field(default_factory=list)  # lines about differing sequences
    disagreements: list = field(default_factory=list)
    accusations: list = field(default_factory=list)  # lines: healthy traffic called illegal

    @property
    def all(self):
        return self.groups["all"]


def compare(name, truth, frames, report):
    """Compare one capture, and count it in `report`."""
    impaired = truth.get("impaired", False)
    scores = Scores()
    for end in ENDS:
        kernel, plugin = kernel_steps(truth, end, len(frames)), plugin_steps(frames, end)
        same = [step.state for step in plugin] in readings(kernel)
        scores.sequences.count(same)
        if not same:
            report.differing.append(f"{name} {end}: kernel {told(kernel)}")
            report.differing.append(f"    plugin {told(plugin)}")
        for step in visible(kernel):
            scores.frames.count(any(credits(each, step) for each in plugin))
        compare_states(name, end, kernel_states(truth, end, frames), frames, report, scores)
    for group in groups_of(truth):
        report.groups[group].add(scores)
    if not impaired:
        accused = [frame for frame in frames if frame.accusation]
        report.accusations += [f"{name} frame {each.number}: {each.accusation}" for each in accused]


def groups_of(truth):
    """Partial captures are impaired, and counted once more by themselves."""
    own = ["impaired" if truth.get("impaired") else "clean"]
    return ["all", *own] + (["partial"] if truth.get("partial") else [])


def credits(plugin, kernel):
    """Has the plugin shown the kernel's step in the right frame? In one of several, if the frame
    crossed another on the way."""
    until = kernel.until or float("inf")
    right = any(kernel.frame <= frame <= until for frame in plugin.frame)
    return plugin.state == kernel.state and right


def compare_states(name, end, kernel, frames, report, scores):
    for frame in frames:
        states, shown = kernel[frame.number], frame.shown[end]
        scores.possible.count(any(among(state, shown.possible) for state in states))
        scores.width += len({"no connection" if s in IDLE else s for s in shown.possible})
        agreeing = [state for state in states if among(state, [shown.state])]
        state = (agreeing or states)[0]
        report.confusion[state, shown.state] += 1
        if not agreeing:
            report.disagreements.append(Disagreement(name, frame.number, end, state, shown))


def among(state, states):
    """Is `state` one of `states`, as far as it is compared (rule 3)?"""
    return state in states or state in IDLE and any(each in IDLE for each in states)


# -- telling people --------------------------------------------------------------------------------


def told(steps):
    """Steps with their frames; those without have a dash."""
    return " ".join(f"{step.state}({number(step)})" for step in steps) or "nothing"


def number(step):
    frames = step.frame if isinstance(step.frame, set) else {step.frame or "-"}
    return "/".join(map(str, sorted(frames)))


def print_report(report, worst):
    for line in [*report.differing, *report.accusations]:
        print(line)
    for group, scores in sorted(report.groups.items()):
        print_scores(group, scores)
    print_confusion(report.confusion)
    worst_first = sorted(report.disagreements, key=lambda each: each.kernel in each.shown.possible)
    for each in worst_first[:worst]:
        doubt = "assumed" if each.shown.assumed else "sure"
        possible = " ".join(sorted(each.shown.possible))
        print(
            f"{each.capture} frame {each.frame} {each.end}: kernel {each.kernel},"
            f" plugin {each.shown.state} ({doubt}; possible {possible})"
        )


def print_scores(group, scores):
    for title in ("sequences", "frames", "possible"):
        score = getattr(scores, title)
        print(f"{group:8} {title:10} {score.agreed:6} of {score.total:6}  {score.ratio:8.3%}")
    print(f"{group:8} possible states on average {scores.average:.3f}")


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
    captures = options.captures or with_truth(CAPTURES)
    report = Report()
    for capture in captures:
        truth = read_truth(capture)
        compare(capture.stem, truth, read_frames(capture, truth), report)
    print_report(report, options.worst)
    enough = all(
        getattr(report.all, name).ratio >= getattr(options, f"min_{name}")
        for name in ("sequences", "frames", "possible")
    )
    return 0 if enough else 1


def with_truth(directory):
    """The captures in `directory` that a truth lies beside."""
    found = [truth.with_name(truth.name.replace(".truth.json", ".pcapng"))
             for truth in sorted(directory.glob("*.truth.json"))]
    if not found:
        raise RuntimeError(f"no truth in {directory}")
    return found


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, RuntimeError) as error:
        print(f"compare: {error}", file=sys.stderr)
        sys.exit(2)
