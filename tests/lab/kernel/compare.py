# Compares what the plugin shows of captures with what the kernel said (NAME.truth.json), in either
# reading: in hindsight (`tshark -2`) and live (tshark in one pass).
#
# What is compared is what a reader sees: every state that is shown of an end, in order, also one
# that a later frame takes back. The capture lacks some of what the kernel knows. So a transition
# belongs to the frame that announced or caused it, instants are not compared, and what follows is
# forgiven. Each is a way in which a wrong picture could count as right; so the figures without it
# stand beside those with it.
#   rule 1  A transition without a frame (a timer, a silent exit, a segment that the capture lacks)
#           can be seen by nobody when it happens. It need not be part of the plugin's sequence, but
#           may be; and from then on the state before it is as right as the new one. Forgives: who
#           never sees that an end gave up.
#   rule 3  CLOSED, LISTEN and UNKNOWN are one absence of a connection. Before a life, or between
#           two, it is not compared: a capture does not tell whether somebody listened, and the new
#           life says that the old one is over. Where no life begins after it, the absence was taken
#           back, and counts; so does CLOSED or LISTEN as the last state. Forgives: who confuses the
#           two, or does not show the end of a life.
#   rule 4  Where segments cross, an endpoint's transitions can be credited to frames against the
#           order of time (its own FIN is captured after the one it received later). They count in
#           the order of time: not before the later frame, nor after the endpoint's next transition;
#           not at all, if no frame comes after. Forgives: who shows it some frames too late.
#   causes  A transition counts at the frame where it is shown, and at the one to which the plugin
#           links it as its cause. Forgives: who shows it too late, and says so.
#   still   What an end receives may be long on its way: it sends something else before. In those
#           frames, which the truth names, the state before is as right as the new one. Forgives:
#           who shows either, and knows not which.
# (Rule 2 forgave what was shown and taken back. It is gone.)
#
# Apart from that, no step of an end may be missing from Figure 5 of RFC 9293: what leads from one
# state to the next within a life without an arrow is counted, whatever the kernel says.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare the plugin's states with the kernel's."""

from collections import Counter, defaultdict, namedtuple
from dataclasses import dataclass, field
from math import sqrt

from arrows import is_arrow
from shown import ENDS, IDLE, Step, merged, plugin_steps, same, without_absences
from truth import kernel_states, kernel_steps, readings, visible

MEASURES = ("sequences", "frames", "possible")
RULES = {  # the figures without it
    "rule 1": ("sequences", "possible"),
    "rule 3": MEASURES,
    "rule 4": ("sequences", "frames"),
    "causes": ("frames",),
    "still": ("possible",),
}
NORMAL_QUANTILE = 1.959964  # of a 95 % interval

Difference = namedtuple("Difference", "capture end kernel shown wrong")
Missed = namedtuple("Missed", "capture end step")
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

    @property
    def interval(self):
        """Wilson's score interval, 95 %. It takes the cases for independent. They are not quite:
        two captures tell of each connection, and of each capture many frames."""
        if not self.total:
            return 0.0, 1.0
        z, n = NORMAL_QUANTILE, self.total
        middle = (self.ratio + z * z / (2 * n)) / (1 + z * z / n)
        reach = z / (1 + z * z / n) * sqrt(self.ratio * (1 - self.ratio) / n + z * z / (4 * n * n))
        return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass
class Scores:
    """What is measured, of one group in one reading. `possible`: is the kernel's state among the
    possible ones; `width`: how many these are, summed over the frames and ends of `possible`."""

    scores: dict = field(default_factory=lambda: defaultdict(Score))  # (measure, without)
    width: int = 0
    assumed: int = 0  # so many states, out of as many
    steps: int = 0
    strays: Counter = field(default_factory=Counter)  # (from, to) that is no arrow
    reborn: int = 0  # steps that are none, but begin a new life

    def of(self, measure, without=""):
        return self.scores[measure, without]

    def add(self, other):
        for key, score in other.scores.items():
            self.scores[key].add(score)
        self.width += other.width
        self.assumed += other.assumed
        self.steps += other.steps
        self.strays += other.strays
        self.reborn += other.reborn

    @property
    def average(self):
        total = self.of("possible").total
        return self.width / total if total else 1.0


@dataclass
class Report:
    """Of one reading."""

    groups: dict = field(default_factory=lambda: defaultdict(Scores))
    confusion: Counter = field(default_factory=Counter)  # (kernel, plugin) -> frames
    missed: list = field(default_factory=list)  # steps that are not shown in their frame
    disagreements: list = field(default_factory=list)
    accusations: list = field(default_factory=list)  # lines: healthy traffic called illegal

    @property
    def all(self):
        return self.groups["all"]


def compare(name, truth, frames_of, reports):
    """Compare one capture: `frames_of` each reading; count it in the `reports` of each. Returns the
    Differences."""
    for reading, frames in frames_of.items():
        compare_reading(name, truth, frames, reports[reading])
    return list(filter(None, (difference(name, truth, end, frames_of) for end in ENDS)))


def compare_reading(name, truth, frames, report):
    scores = Scores()
    for end in ENDS:
        shown = plugin_steps(frames, end)
        compare_sequences(truth, end, shown, frames[-1].number, scores)
        missed = compare_frames(truth, end, shown, frames[-1].number, scores)
        report.missed += [Missed(name, end, step) for step in missed]
        compare_states(name, end, kernel_states(truth, end, frames), frames, report, scores)
        count_steps(shown, scores)
    for group in groups_of(truth):
        report.groups[group].add(scores)
    if not truth.get("impaired", False):
        accused = [frame for frame in frames if frame.accusation]
        report.accusations += [f"{name} frame {each.number}: {each.accusation}" for each in accused]


def groups_of(truth):
    """Partial captures are impaired, and counted once more by themselves."""
    own = ["impaired" if truth.get("impaired") else "clean"]
    return ["all", *own] + (["partial"] if truth.get("partial") else [])


def difference(name, truth, end, frames_of):
    """Where the sequence differs in one reading or another."""
    shown = {reading: plugin_steps(frames, end) for reading, frames in frames_of.items()}
    last = max(frames[-1].number for frames in frames_of.values())
    wrong = [each for each, steps in shown.items() if not agrees(truth, end, steps, last)]
    kernel = kernel_steps(truth, end, last)
    return Difference(name, end, kernel, shown, wrong) if wrong else None


def compare_sequences(truth, end, shown, last, scores):
    for without in ["", *(rule for rule, what in RULES.items() if "sequences" in what)]:
        scores.of("sequences", without).count(agrees(truth, end, shown, last, without))


def agrees(truth, end, shown, last, without=""):
    kernel = kernel_steps(truth, end, last, without != "rule 4")
    told = [kernel] if without == "rule 1" else readings(kernel)
    if without == "rule 3":
        unborn = [] if truth.get("initial", {}).get(end) else [Step("CLOSED", None)]
        told = [unborn + each for each in told]
        return names_with_absences(shown) in map(names_with_absences, told)
    return names(shown) in map(names, told)


def names(steps):
    return [step.state for step in without_absences(steps)]


def names_with_absences(steps):
    *before, last = merged(steps) or [None]
    beginnings = ["CLOSED" if step.state in IDLE else step.state for step in before]
    return [*beginnings, last.state] if last else []


def compare_frames(truth, end, shown, last, scores):
    """Returns the kernel's steps that are not shown where they belong."""
    kernel = visible(kernel_steps(truth, end, last))
    missed = [step for step in kernel if not any(credits(each, step) for each in shown)]
    for step in kernel:
        right = [each for each in shown if credits(each, step)]
        scores.of("frames").count(right)
        scores.of("frames", "rule 3").count(any(each.state == step.state for each in right))
        scores.of("frames", "causes").count(any(within(each.frame, step) for each in right))
    for step in visible(kernel_steps(truth, end, last, False)):
        scores.of("frames", "rule 4").count(any(credits(each, step) for each in shown))
    return missed


def credits(plugin, kernel):
    """Has the plugin shown the kernel's step in the right frame, or named that as its cause?"""
    frames = filter(None, (plugin.frame, plugin.cause))
    return same(plugin.state, kernel.state) and any(within(frame, kernel) for frame in frames)


def within(frame, kernel):
    """One of several frames is right, if the kernel's crossed another on the way."""
    return kernel.frame <= frame <= (kernel.until or float("inf"))


def compare_states(name, end, kernel, frames, report, scores):
    for frame in frames:
        states, shown = kernel[frame.number], frame.shown[end]
        right = [state for state in states if among(state, shown.possible)]
        scores.of("possible").count(right)
        told, real, *still = states
        scores.of("possible", "rule 1").count({real, *still}.intersection(right))
        scores.of("possible", "rule 3").count(any(state in shown.possible for state in states))
        scores.of("possible", "still").count({real, told}.intersection(right))
        scores.width += len({"no connection" if s in IDLE else s for s in shown.possible})
        scores.assumed += shown.assumed
        agreeing = [state for state in states if among(state, [shown.state])]
        state = (agreeing or states)[0]
        report.confusion[state, shown.state] += 1
        if not agreeing:
            report.disagreements.append(Disagreement(name, frame.number, end, state, shown))


def among(state, states):
    """Is `state` one of `states`, as far as it is compared (rule 3)?"""
    return state in states or state in IDLE and any(each in IDLE for each in states)


def count_steps(shown, scores):
    for before, after in zip(shown, shown[1:]):
        scores.steps += 1
        if is_arrow(before.state, after.state):
            continue
        if after.opens:
            scores.reborn += 1
        else:
            scores.strays[before.state, after.state] += 1


# -- telling people --------------------------------------------------------------------------------


def told(steps):
    """Steps with their frames; those without have a dash. 7<5: shown at 7, caused by 5."""
    return " ".join(f"{step.state}({places(step)})" for step in steps) or "nothing"


def places(step):
    cause = getattr(step, "cause", None)
    late = f"<{cause}" if cause and cause != step.frame else ""
    until = getattr(step, "until", None)
    return f"{step.frame or '-'}{late}" + (f"..{until}" if until and until != step.frame else "")


def print_difference(each):
    print(f"{each.capture} {each.end}: kernel {told(each.kernel)}")
    before = None
    for reading, steps in each.shown.items():
        text = told(steps)
        said = "the same" if text == before else text
        print(f"    {reading:9} {'WRONG' if reading in each.wrong else 'right'} {said}")
        before = text


def print_missed(reading, report):
    for each in report.missed:
        print(f"{each.capture} {each.end}: {told([each.step])} is not there {reading}")


def print_report(reading, report, worst=0):
    print(f"\n{reading}")
    for line in report.accusations:
        print(f"    clean traffic accused: {line}")
    for group, scores in sorted(report.groups.items()):
        print_scores(group, scores)
    if worst:
        print_confusion(report.confusion)
        print_disagreements(report.disagreements, worst)


def print_scores(group, scores):
    for measure in MEASURES:
        score = scores.of(measure)
        low, high = score.interval
        print(f"{group:9} {measure:9} {score.agreed:7} of {score.total:7} {score.ratio:9.3%}"
              f"   {low:8.3%} to {high:8.3%}")
    for rule, measures in RULES.items():
        figures = ", ".join(f"{each} {scores.of(each, rule).ratio:.3%}" for each in measures)
        print(f"{group:9}     without {rule}: {figures}")
    assumed = Score(scores.assumed, scores.of("possible").total).ratio
    print(f"{group:9} possible states on average {scores.average:.3f}; {assumed:.1%} assumed")
    strays = ", ".join(f"{a}->{b} {n}" for (a, b), n in scores.strays.most_common(5))
    print(f"{group:9} steps {scores.steps}, no arrow of Figure 5 {scores.strays.total()}"
          f" ({scores.reborn} more begin a life){': ' if strays else ''}{strays}")


def print_confusion(confusion):
    """Rows: the kernel's state. Columns: the plugin's. Counted in frames and ends."""
    rows = sorted({kernel for kernel, _ in confusion})
    columns = sorted({plugin for _, plugin in confusion})
    print(f"\n{'kernel | plugin':15}" + "".join(f"{column:>13}" for column in columns))
    for row in rows:
        cells = "".join(f"{confusion[row, column] or '.':>13}" for column in columns)
        print(f"{row:15}{cells}")
    print()


def print_disagreements(disagreements, worst):
    worst_first = sorted(disagreements, key=lambda each: each.kernel in each.shown.possible)
    for each in worst_first[:worst]:
        doubt = "assumed" if each.shown.assumed else "sure"
        possible = " ".join(sorted(each.shown.possible))
        print(
            f"{each.capture} frame {each.frame} {each.end}: kernel {each.kernel},"
            f" plugin {each.shown.state} ({doubt}; possible {possible})"
        )
