#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""-z tcpstate,tree and flow,tcpstate say what the fields of the same run say, in one pass and in two:
they count as segments come. tcpstate,connections is drawn in the end, and always says what the fields
of two passes say. Each names its reading, and none depends on a display filter.

tables.py PLUGIN CAPTURES
"""

import collections
import os
import re
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wireshark")]

import lib
from lib import check, check_equal

FIELDS = ["frame.number", "tcpstate.connection", "tcpstate.verdict.str", "tcpstate.check",
          "tcpstate.transition", "tcpstate.states", "icmp.type", "icmpv6.type"]
TAPS = ["-z", "tcpstate,tree", "-z", "tcpstate,connections", "-z", "flow,tcpstate,standard"]
CLASSES = ("legal", "unusual", "incomplete", "illegal")
LIVE, HINDSIGHT = ("Live: what was known when each segment came.",
                   "Hindsight: what all that was captured shows.")


def rows(text):
    """The lines of -T fields: one list of lists for each frame."""
    found = [line.split("\t") for line in text.splitlines() if re.match(r"\d+\t", line)]
    return [[value.split(",") if value else [] for value in row] for row in found
            if len(row) == len(FIELDS)]


def is_icmp(frame):
    """It moves ends as segments do, but is none: wherever segments are counted it is left out."""
    return bool(frame[-1] or frame[-2])


def tree(text):
    """Headings and what is counted under each of them."""
    headings, current = {}, None
    for line in text.split("Topic / Item")[1].splitlines():
        found = re.match(r"( ?)(\S.*?) {2,}(\d+) ", line)
        if found and not found.group(1):
            current = headings[found.group(2)] = collections.Counter()
        elif found:
            current[found.group(2)] += int(found.group(3))
    return headings


def connections(text):
    """Cells of each row of the table, by number of the connection."""
    found = [line.split("|") for line in text.splitlines() if re.match(r" *\d+ \|", line)]
    return {int(cells[0]): [cell.strip() for cell in cells] for cells in found}


def check_tree(name, text, frames, reading):
    found = tree(text)
    expected = {"Reading": collections.Counter(reading for f in frames for _ in f[1]),
                "Verdicts on segments": collections.Counter(v for f in frames if not is_icmp(f)
                                                       for v in f[2]),
                "Findings": collections.Counter(c for f in frames for c in f[3])}
    for role in ("client", "server"):
        steps = [t.split(" ", 1)[1] for f in frames for t in f[4] if t.startswith(role)]
        expected["Transitions of %ss" % role] = collections.Counter(
            step.replace("->", " -> ") for step in steps)
        reached = found["States reached by %ss" % role]
        for state, count in collections.Counter(s.split("->")[1] for s in steps).items():
            check(reached[state] >= count, "%s: %s %s %d times, counted %d" %
                  (name, role, state, count, reached[state]))
    for heading, counts in expected.items():
        check_equal("%s: %s" % (name, heading), sorted(found[heading].items()),
                    sorted(counts.items()))


def check_connections(name, text, frames):
    found = connections(text)
    check("Connections (hindsight):" in text, "%s: the table does not name its reading" % name)
    events = [(c, v, s, f) for f in frames if len(f[1]) == len(f[2]) == len(f[5])
              for c, v, s in zip(f[1], f[2], f[5])]
    for number in sorted({int(c) for c, _, _, _ in events}):
        last = [s for c, _, s, _ in events if int(c) == number][-1]
        own = [(v, f[0][0]) for c, v, _, f in events if int(c) == number and not is_icmp(f)]
        if number not in found:
            lib.fail("%s: connection %d is missing" % (name, number))
            continue
        cells = found[number]
        check_equal("%s: frames of connection %d" % (name, number), cells[6],
                    str(len({n for _, n in own})))
        check_equal("%s: states of connection %d" % (name, number),
                    "/".join(cell.rstrip("?") for cell in cells[3:5]), last)
        for role, cell in (("Client", cells[3]), ("Server", cells[4])):
            told = re.findall(role + r" in (\w+)", cells[13])
            check(told[:1] in ([], [cell.rstrip("?")]), "%s: connection %d says %s, and its sentence: %s" %
                  (name, number, cell, cells[13]))
        counts = collections.Counter(v for v, _ in own)
        check_equal("%s: verdicts in connection %d" % (name, number), cells[9:13],
                    [str(counts[c]) for c in CLASSES])
        lib.check(cells[8] in ("client", "server", "both", "nobody"),
                  "%s: connection %d is closed by %s" % (name, number, cells[8]))
    check_equal("%s: connections" % name, sorted(found), sorted({int(e[0]) for e in events}))


def check_flow(name, text, frames):
    arrows = len(re.findall(r"\|\s*\(\d+\).*(?:-->|<--).*\(\d+\)", text))
    events = sum(len(frame[1]) for frame in frames)
    check(arrows == events, "%s: the flow graph has %d arrows for %d segments and ICMP errors" %
          (name, arrows, events))


def everything(wireshark, capture, mode):
    wanted = [word for field in FIELDS for word in ("-e", field)]
    return wireshark.tshark("-n", "-r", capture, *mode, "-T", "fields", *wanted, *TAPS, quiet=False,
                            status=(0, 2))


def check_capture(wireshark, capture):
    frames_of_two = rows(everything(wireshark, capture, ["-2"]))
    for mode, reading in (([], LIVE), (["-2"], HINDSIGHT)):
        text = everything(wireshark, capture, mode)
        name = "%s %s" % (os.path.basename(capture), " ".join(mode))
        frames = rows(text)
        check_tree(name, text, frames, reading)
        check_connections(name, text, frames_of_two)
        check_flow(name, text, frames)
        filtered = everything(wireshark, capture, mode + ["-Y", "tcp.flags.fin == 1"])
        check_equal(name + " with a display filter", filtered[filtered.find("|Time"):],
                    text[text.find("|Time"):])


def check_own_filters(wireshark, capture):
    """A filter in the argument counts only what passes it."""
    text = wireshark.tshark("-q", "-r", capture, "-z", "tcpstate,tree,tcp.flags.fin == 1", "-z",
                            "tcpstate,connections,tcp.flags.fin == 1")
    fins = wireshark.tshark("-r", capture, "-Y", "tcp.flags.fin == 1").count("\n")
    check_equal("the tree of FINs", sum(tree(text)["Verdicts on segments"].values()), fins)
    check_equal("the table of FINs", connections(text)[0][6], str(fins))


def check_sharkd(wireshark, capture):
    """Asked twice, sharkd answers twice the same: nothing is left from the first time."""
    ask = ("tap", {"tap0": "nstat:tcpstate,connections", "tap1": "stat:tcpstate",
                   "tap2": "seqa:tcpstate"})
    first, second = wireshark.sharkd(capture, ask, ask)
    check(first and first["taps"] and len(first["taps"]) == 3, "sharkd: three taps")
    check_equal("sharkd, asked again", str(second), str(first))


def main():
    with lib.start() as wireshark:
        captures = wireshark.captures()
        lib.for_each(lambda capture: check_capture(wireshark, capture), captures)
        healthy = [c for c in captures if "ex1-client-closes-first" in c][0]
        check_own_filters(wireshark, healthy)
        check_sharkd(wireshark, healthy)
    lib.finish()


if __name__ == "__main__":
    main()
