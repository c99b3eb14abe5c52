#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The state diagram without Wireshark: every arrow of RFC 9293 Figure 5 once, nothing else but what is
marked as ours, and nothing touches.

pictures.py TELL_RUN LADDER_RUN CROWDED SEEN... LADDER...

SEEN is a capture as tell_run reads it. Of each capture and ladder the first two connections are drawn. The room
that things take is looked at in captures, in the RFC's own ladders, and in pictures that could not be fuller.
"""

import collections
import os
import re
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__))]

from picture import SVG, Picture

CORE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "plugin", "core")
PANEL = 1200 # what is to the right of it is beside the figure
FINDINGS = 8 * 12 # of the fullest picture (crowded.c)
failures = []

# The figure as it stands in the RFC: from, to, event, action. Its Timeout=2MSL is our timeout 2 MSL.
FIGURE_5 = """
CLOSED       SYN_SENT     active OPEN / create TCB, snd SYN
CLOSED       LISTEN       passive OPEN / create TCB
LISTEN       CLOSED       CLOSE / delete TCB
SYN_SENT     CLOSED       CLOSE / delete TCB
SYN_RCVD     LISTEN       rcv RST (note 1)
LISTEN       SYN_RCVD     rcv SYN / snd SYN,ACK
LISTEN       SYN_SENT     SEND / snd SYN
SYN_SENT     SYN_RCVD     rcv SYN / snd SYN,ACK
SYN_RCVD     ESTABLISHED  rcv ACK of SYN / x
SYN_SENT     ESTABLISHED  rcv SYN,ACK / snd ACK
SYN_RCVD     FIN_WAIT_1   CLOSE / snd FIN
ESTABLISHED  FIN_WAIT_1   CLOSE / snd FIN
ESTABLISHED  CLOSE_WAIT   rcv FIN / snd ACK
FIN_WAIT_1   FIN_WAIT_2   rcv ACK of FIN / x
FIN_WAIT_1   CLOSING      rcv FIN / snd ACK
CLOSE_WAIT   LAST_ACK     CLOSE / snd FIN
FIN_WAIT_2   TIME_WAIT    rcv FIN / snd ACK
CLOSING      TIME_WAIT    rcv ACK of FIN / x
LAST_ACK     CLOSED       rcv ACK of FIN / x
TIME_WAIT    CLOSED       timeout 2 MSL / delete TCB
"""


def check(condition, text):
    if not condition:
        failures.append(text)


def source(name):
    with open(os.path.join(CORE, name), encoding="utf-8") as file:
        return re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)


def table():
    """The arrows of transitions.def: (from, to, label, whose, section), one for each state it leaves."""
    labels = dict(re.findall(r'SIGNAL\((\w+), "(.*?)"\)', source("tables/signals.def")))
    sets = {name: re.findall(r"\w+", states) for name, states in
            re.findall(r"(\w+) = ((?:[A-Z_0-9]+\s*\|\s*)+[A-Z_0-9]+),", source("rfc/fsm.h"))}
    for from_, signal, to, whose, cite in re.findall(
            r'ARROW\((.*?), (\w+), (\w+), (\w+), "(.*?)"\)', source("tables/transitions.def"), re.S):
        some, _, without = from_.partition("& ~")
        for name in re.findall(r"\w+", some):
            for state in set(sets.get(name, [name])) - {without}:
                yield state, state if to == "SAME" else to, labels[signal], whose, cite


def labels(group, ours):
    """What stands at a line, of the figure or of ours; several of a stub are parted by commas."""
    texts = [(text.get("class"), text.text) for text in group.iter(SVG + "text")]
    if not ours:
        return [text for kind, text in texts if kind == "label"]
    return [label for kind, text in texts if kind in ("own", "aside")
            for label in [text] + text.split(", ")]


def arrows_drawn(picture):
    """Each line of each tip, with the group that it is of: {(from, to, caption, section): group}."""
    found = {}
    for group in picture.svg.iter(SVG + "g"):
        for line in (group.findtext(SVG + "title") or "").split("\n"):
            match = re.fullmatch(r"(\w+) -> (\w+): (.*) \(RFC 9293 (.*)\)", line)
            if match:
                check(match.groups() not in found, "twice in the tips: " + line)
                found[match.groups()] = group
    return found


def check_figure(picture):
    """What is drawn as the figure's is the figure, each arrow once."""
    drawn = collections.Counter()
    for group in picture.svg.iter(SVG + "g"):
        title = re.match(r"(\w+) -> (\w+): ", group.findtext(SVG + "title") or "")
        for label in labels(group, False) if title else []:
            drawn[title.groups() + (label,)] += 1
            check("figure" in group.get("class"), "%s is not drawn as the figure's" % label)
    expected = collections.Counter(tuple(re.split(r"  +| (?=[A-Z_0-9]+  )", line, maxsplit=2))
                                   for line in FIGURE_5.strip().split("\n"))
    check(drawn == expected, "not as in Figure 5: %s, missing: %s" %
          (dict(drawn - expected), dict(expected - drawn)))


def check_table(picture):
    """Every arrow of the table is there, and every arrow that is there is the table's."""
    arrows, drawn = list(table()), arrows_drawn(picture)
    check(len(arrows) > 60, "only %d arrows were read from the table" % len(arrows))
    for from_, to, label, whose, cite in arrows:
        keys = [key for key in drawn if key[0] == from_ and key[1] == to and key[3] == cite and
                label in (key[2], *key[2].split(" / "), *key[2].split(", "))]
        name = "%s -> %s: %s" % (from_, to, label)
        check(len(keys) == 1, "%s is told %d times" % (name, len(keys)))
        if not keys or from_ == to:
            continue
        group = drawn.pop(keys[0])
        line = group.find(SVG + "path").get("class").split()
        shown = labels(group, whose == "OURS")
        exception = label.split(" (note")[0] # of one that leads to the same state
        check(keys[0][2] in shown or exception in shown, "%s has no label: %s" % (name, shown))
        check("no-layout" not in group.get("class"), "diagram.def has no place for " + name)
        if whose != "OURS":
            check("dotted" not in line, name + " is drawn as ours")
        elif to == "CLOSED":
            check("dotted" in line, name + " is drawn as the figure's")
    check(not [key for key in drawn if key[0] != key[1]], "not in the table: %s" % list(drawn))


def check_walk(name, picture):
    """Each end's moves in the list: one goes on where the one before has ended, and along an arrow, or it
    says that it does not."""
    arrows = {(from_, to, label) for from_, to, label, _, _ in table()}
    at = {}
    groups = list(picture.svg.iter(SVG + "text"))
    for badge, text in zip(groups, groups[1:]):
        move = re.fullmatch(r"([A-Z0-9-]+) to ([A-Z0-9-]+): (.*)", text.text)
        if not move:
            continue
        role = "server" if "server" in badge.get("class") else "client"
        from_, to, why = move.groups()
        check(at.get(role, from_) == from_, "%s: the %s goes from %s to %s" %
              (name, role, at.get(role), text.text))
        at[role] = to
        states = [s.replace("-", "_").replace("RECEIVED", "RCVD") for s in (from_, to)]
        check((*states, why) in arrows or why in ("a guess", "as found", "unseen; begins anew"),
              "%s: the %s takes no arrow: %s" % (name, role, text.text))


def check_room(name, picture):
    for fault in list(picture.faults())[:5]:
        check(False, "%s: %s" % (name, fault))


def check_findings(name, picture, findings):
    """Those that have no room in the list are counted below it."""
    beside = [mark for mark in picture.marks if mark.name == "triangle" and mark.left > PANEL]
    more = [int(n) for n in re.findall(r"\.\.\. and (\d+) more", " ".join(
        text.text for text in picture.svg.iter(SVG + "text") if text.text))][1:] # the first is of moves
    told = len(beside) - 2 # the legend's
    check(0 < told and [told + n for n in more] == [findings], "%s: %d findings and %s more, not %d" %
          (name, told, more, findings))


def draw(*command):
    """None: there is no such connection."""
    svg = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Picture(svg) if svg else None


def check_file(tell_run, name, path, has_room):
    for connection in "01":
        picture = draw(tell_run, "-n", connection, "diagram", path)
        if picture:
            check_walk(name, picture)
            if has_room:
                check_room(name, picture)


def main():
    tell_run, ladder_run, crowded, *files = sys.argv[1:]
    for state in range(12):
        picture = draw(crowded, str(state))
        check_room("crowded %d" % state, picture)
        if state: # 0 has none
            check_findings("crowded %d" % state, picture, FINDINGS)
    check_figure(picture)
    check_table(picture)
    with tempfile.TemporaryDirectory() as directory:
        for file in files:
            name, path = os.path.basename(file), file
            if file.endswith(".ladder"):
                path = os.path.join(directory, "seen")
                with open(path, "w") as seen:
                    subprocess.run([ladder_run, "--seen", file], check=True, stdout=seen)
            check_file(tell_run, name, path, file == path or "/figures/" in file)
    for failure in failures[:40]:
        print(failure)
    print("%d failures" % len(failures))
    sys.exit(bool(failures))


main()
