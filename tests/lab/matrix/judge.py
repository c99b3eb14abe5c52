# Three opinions about each cell: RFC 9293's, the kernel's and the plugin's. Where they differ, a
# row of differences.table or replies.table must say so; a row of which that is not true any more is
# as wrong as one that is missing.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Comparing what the plugin shows with what the kernel did."""

import re
from collections import namedtuple
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kinds import SYN_WINDOW, read_kinds
from remaining import Wrong
from rfc9293 import Tcb, arrives
from seen import Shown, Told
from situations import SITUATIONS

HERE = Path(__file__).resolve().parent
DIFFERENCES, REPLIES = HERE / "differences.table", HERE / "replies.table"
NO_CONNECTION = ("CLOSED", "LISTEN")
LINUX, RFC = "Linux", "RFC"  # whom the headline follows
ORDINARY = "3.10.7.4 step 7"  # an ACK of text

# What is said of a cell. `section` is where the RFC says it; `shown` may be a state or a reply that
# neither of the two has, where no capture can tell.
Opinions = namedtuple("Opinions", "rfc section linux shown")


@dataclass
class Case:
    """A cell, and what is shown for its frames (frame -> Shown) in one reading."""

    told: Told
    frames: dict

    @cached_property
    def expected(self):
        return arrives(tcb(self.told), self.told.segment)

    @property
    def shown(self) -> Shown:
        """Right after the segment and the kernel's immediate replies."""
        return self.frames[self.told.until]

    def same(self, one, other):
        """Is it one state? Where there was no connection yet, or the old one is over, a listener
        makes no difference: the capture does not show it. In SYN-RECEIVED it does (MUST-11)."""
        idle = self.told.before in ("LISTEN", "TIME_WAIT") and {one, other} <= set(NO_CONNECTION)
        return one == other or idle

    def states(self):
        rfc, linux, shown = self.expected.state, self.told.after, self.shown.state
        linux = rfc if self.same(rfc, linux) else linux
        shown = next((state for state in (linux, rfc) if self.same(state, shown)), shown)
        return Opinions(rfc, self.expected.section, linux, shown)

    def replies(self):
        """That text is acknowledged, the plugin does not mention."""
        rfc, section, linux = self.expected.reply, self.expected.section, self.told.reply
        unsaid = rfc == linux == "A" and section == ORDINARY and not self.owed()
        return Opinions(rfc, section, linux, linux if unsaid else self.owed())

    def owed(self):
        """The flags of what the plugin says that the kernel owes for the segment."""
        found = re.search(r"CTL=([A-Z,]+)", self.frames[self.told.probe].owes)
        flags = "".join(word[0] for word in found.group(1).split(",")) if found else ""
        return "".join(letter for letter in "SRA" if letter in flags)

    def unanswered(self):
        """Did the kernel send what the plugin says that it owes, and the plugin does not see it?"""
        owed, told = self.owed(), self.told
        if not owed or owed != told.reply:
            return False
        after = (self.frames[n] for n in sorted(self.frames) if told.probe < n <= told.until)
        return next(each for each in after if each.by_kernel).answers != told.probe

    def impossible(self):
        """Frames after which the kernel's state is not among the possible ones."""
        return [
            number
            for number, shown in sorted(self.frames.items())
            if not any(self.same(self.told.state(number), each) for each in shown.possible)
        ]

    def accusations(self):
        frames = (self.frames[number] for number in sorted(self.frames))
        return [each for each in frames if each.by_kernel and each.accusation]


def tcb(told):
    """The kernel's end before the segment, in the RFC's words."""
    situation, numbers = SITUATIONS[told.situation], told.variables
    return Tcb(
        state=told.before,
        active=situation.active,
        closed=situation.closed,
        iss=numbers["ISS"],
        snd_una=numbers["SND.UNA"],
        snd_nxt=numbers["SND.NXT"],
        rcv_nxt=numbers["RCV.NXT"],
        rcv_wnd=numbers["RCV.WND"],
        max_snd_wnd=SYN_WINDOW,
        ts_recent=numbers["TS.RECENT"],
    )


# -- the tables ------------------------------------------------------------------------------------


def read_table(path):
    """{(situation, kind): Opinions}, where `shown` is whom it follows, or what it says instead;
    several words are several answers, each of which is right; `live:WORD` is right live."""
    rows = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        situations, kinds, rfc, section, linux, shown = (cell.strip() for cell in line.split("|"))
        for cell in product(path, number, situations.split(), kinds.split()):
            if cell in rows:
                raise ValueError(f"{path.name}:{number}: {', '.join(cell)} stands there twice")
            rows[cell] = Opinions(rfc.strip("-"), section, linux.strip("-"), shown)
    return rows


def product(path, number, situations, kinds):
    known = read_kinds()
    for name in situations + kinds:
        if name not in SITUATIONS and name not in known:
            raise ValueError(f"{path.name}:{number}: there is no {name}")
    return [(situation, kind) for situation in situations for kind in kinds]


def against(row, opinions, reading="hindsight"):
    """What is wrong with a cell, given its row of the table or None; nothing if all is well."""
    rfc, section, linux, shown = opinions
    if row is None:
        agree = rfc == linux == shown
        return "" if agree else f"is in no row: {told(opinions)}"
    if (row.rfc, row.section, row.linux) != (rfc, section, linux):
        return f"is not as its row says: {told(opinions)}"
    of_reading = [word for word in row.shown.split() if ":" not in word or reading in word]
    words = {word.split(":")[-1] for word in of_reading}
    right = {{LINUX: linux, RFC: rfc}.get(word, word.strip("-")) for word in words}
    if right == {rfc} == {linux} and ":" not in row.shown:
        return "has a row, and there is no difference"
    return "" if shown in right else f"is to be {row.shown}: {told(opinions)}"


def told(opinions):
    rfc, section, linux, shown = (each or "-" for each in opinions)
    return f"RFC {rfc} ({section}), Linux {linux}, shown {shown}"


def other_kernel(cells, recorded):
    """Cells in which another release of Linux does not do what the recorded one did."""
    known = {(each.situation, each.kind): each for each in recorded}
    found = {}
    for each in cells:
        cell = each.situation, each.kind
        then = known.get(cell)
        now = each.after, each.reply
        if then and each.release != then.release and now != (then.after, then.reply):
            found[cell] = f"{each}: Linux {each.release} goes to {now[0]}, replies {now[1] or '-'}"
    return found


# -- all together ----------------------------------------------------------------------------------


@dataclass
class Report:
    """What one reading comes to."""

    reading: str
    cells: int = 0
    agreed: int = 0
    ended: int = 0  # cells in which headline and kernel agree after the last frame
    wrong: list = field(default_factory=list)  # (Wrong, sentence)
    elsewhere: list = field(default_factory=list)  # sentences: impossible, but not right after it

    def blame(self, told, aspect, shown, sentence):
        wrong = Wrong(self.reading, aspect, told.situation, told.kind, shown or "-")
        self.wrong.append((wrong, f"{told}: {sentence}"))

    def count(self, aspect):
        """Of cells."""
        return sum(wrong.aspect == aspect for wrong, _ in self.wrong)


def judge(reading, cases, odd=()):
    """The report on all cases. The tables do not speak of the cells that are `odd`."""
    tables = read_table(DIFFERENCES), read_table(REPLIES)
    report = Report(reading)
    for case in cases:
        last, states = max(case.frames), case.states()
        report.cells += 1
        report.agreed += states.shown == states.linux
        report.ended += case.same(case.told.state(last), case.frames[last].state)
        if (case.told.situation, case.told.kind) not in odd:
            compare(report, case, *tables)
        blame_the_rest(report, case)
    return report


def compare(report, case, differences, replies):
    """State and reply, with what the tables say of them."""
    cell = case.told.situation, case.told.kind
    for aspect, table, opinions in (
        ("state", differences, case.states()),
        ("reply", replies, case.replies()),
    ):
        trouble = against(table.get(cell), opinions, report.reading)
        if trouble:
            report.blame(case.told, aspect, opinions.shown, f"{aspect} {trouble}")


def blame_the_rest(report, case):
    told = case.told
    if case.unanswered():
        unseen = f"the reply is not said to answer frame {told.probe}"
        report.blame(told, "answers", "", unseen)
    for frame in case.impossible():
        sentence = told_impossible(case, frame)
        if frame == told.until:
            report.blame(told, "possible", told.state(frame), sentence)
        else:
            report.elsewhere.append(f"{told}: {sentence}")
    for each in case.accusations():
        sentence = f"frame {each.frame} of the kernel's is {each.accusation}"
        report.blame(told, "accused", each.accusation, sentence)


def told_impossible(case, frame):
    possible = " ".join(sorted(case.frames[frame].possible))
    return f"{case.told.state(frame)} is not possible after frame {frame} ({possible})"
