#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One pass tells what is known at once, -2 and sharkd what the whole capture tells; and where no
segment was lost, late or forged, these are the same, line for line.

For each capture is said of which kind it is: nothing in it is told anew, or which frames are: with -2
they have a fate, or a state that looked different then, or a finding that in one pass only a later
frame could tell. With -2 a frame tells both readings, so the live one must be what one pass has
shown. sharkd says what -2 says, in whatever order frames are asked for, when they are asked for
again, and when the capture is opened again.

usage: passes.py PLUGIN CAPTURES
"""

import collections
import os
import random
import re
import xml.etree.ElementTree

import lib

ENDS = ("client", "server")
# What only later frames tell, whatever became of this one.
LATER = {"tcpstate.roles", "tcpstate.end", "tcpstate.closed_by", "tcpstate.closed_by.str",
         "tcpstate.retransmission.cause", "tcpstate.retransmission.cause.str"} | {
    "tcpstate.%s.%s" % (end, what) for end in ENDS
    for what in ("assumed", "confirmed", "confirmed.str", "possible", "acknowledged",
                 "acknowledged.max", "unacknowledged", "held", "in_vain", "marked")}
TOLD_ANEW = {"tcpstate.fate.str"} | {"tcpstate.%s.live.str" % end for end in ENDS}
AT_A_TIME = 20
AMENDED = re.compile(r".*, which was ([a-z_0-9]+): ")
READ_FILTER = "tcp.flags.fin == 1 || tcp.flags.syn == 1"

Line = collections.namedtuple("Line", "name label value hidden")


def lines_of(element, hidden=False):
    """What the plugin shows of a segment, from top to bottom."""
    hidden = hidden or element.get("hide") == "yes"
    label = element.get("showname") or element.get("show")
    yield Line(element.get("name"), label, element.get("show"), hidden)
    for child in element:
        yield from lines_of(child, hidden)


def show(wireshark, capture, *options):
    """Of each frame its segments, the outer one first; of each segment its lines."""
    text = wireshark.tshark("-r", capture, "-T", "pdml", *options)
    return [[list(lines_of(p)) for p in packet.iter("proto") if p.get("name") == "tcpstate"]
            for packet in xml.etree.ElementTree.fromstring(text).iter("packet")]


def value(segment, name):
    return next((line.value for line in segment if line.name == name), None)


def has_ledger(frame):
    return any(line.name in TOLD_ANEW for segment in frame for line in segment)


def of_any_time(segment):
    """The lines that must not depend on what comes later."""
    return [Line(*(part.replace(" (assumed)", "") if isinstance(part, str) else part for part in line))
            for line in segment if line.name not in LATER]


def compare_alike(name, number, one, two):
    """A frame of a capture in which nothing is told anew."""
    for before, after in zip(of_any_time(one), of_any_time(two)):
        lib.check(before == after, "%s: frame %d says %s, with -2 %s" % (name, number, before, after))
    lib.check(len(of_any_time(one)) == len(of_any_time(two)),
              "%s: frame %d has more lines in one of the passes" % (name, number))


def compare_live(name, number, one, two):
    """What one pass shows is, with -2, the state or stands beside it."""
    for end in ENDS:
        field = "tcpstate.%s." % end
        shown = value(one, field + "state.str")
        told = value(two, field + "live.str") or value(two, field + "state.str")
        lib.check(shown == told, "%s: frame %d: the %s is in %s, which -2 tells as %s" %
                  (name, number, end, shown, told))


def compare_amended(name, one, two):
    """The frames of which a later one tells a finding; with -2 it is their own."""
    amended = {(int(line.value), AMENDED.match(line.label)[1]) for frame in one for segment in frame
               for line in segment
               if line.name == "tcpstate.evidence" and AMENDED.match(line.label)}
    for number, check in amended:
        lib.check(any(line.name == "tcpstate.check" and line.value == check
                      for segment in two[number - 1] for line in segment),
                  "%s: frame %d has no %s with -2" % (name, number, check))
    return {number for number, _ in amended}


def compare_passes(name, one, two):
    told_anew = sorted({number for number, frame in enumerate(two, 1) if has_ledger(frame)} |
                       compare_amended(name, one, two))
    lib.check(len(one) == len(two), "%s: -2 has %d frames" % (name, len(two)))
    for number, (before, after) in enumerate(zip(one, two), 1):
        lib.check(not has_ledger(before), "%s: frame %d: hindsight in one pass" % (name, number))
        lib.check(len(before) == len(after), "%s: frame %d: other segments" % (name, number))
        for segments in zip(before, after):
            if all(value(s, "tcpstate.client.state") is not None for s in segments):
                compare_live(name, number, *segments)
            if not told_anew:
                compare_alike(name, number, *segments)
    return told_anew


def number_names(wireshark):
    """Columns, which sharkd shows, print names where -T fields prints numbers."""
    rows = [line.split("\t") for line in wireshark.tshark("-G", "values").splitlines()]
    names = {}
    for row in rows:
        if row[0] == "V" and row[1].startswith("tcpstate."):
            names.setdefault(row[1], {}).setdefault(str(int(row[2], 0)), row[3]) # aliases come later
    return names


def as_column(text, kind, names):
    if kind == "FT_BOOLEAN":
        names = {"0": "False", "1": "True"}
    if not names:
        return text
    return ",".join(names.get(part, part) for part in text.split(","))


def is_same(got, want):
    """Of two segments in one frame, columns list the inner one first: it was complete first."""
    return got == want or sorted(got.split(",")) == sorted(want.split(","))


def in_columns(kinds):
    """Some fields at a time: sharkd takes no longer lines. An expert item has no text in a column."""
    shown = sorted(f for f in kinds if kinds[f] != "FT_NONE")
    return [shown[i:i + AT_A_TIME] for i in range(0, len(shown), AT_A_TIME)]


def ask_columns(fields):
    return "frames", {"column%d" % n: field + ":0" for n, field in enumerate(fields)}


def compare_columns(name, fields, frames, kinds, names, rows):
    lib.check(len(frames) == len(rows), "%s: sharkd has %d frames" % (name, len(frames)))
    for number, (frame, row) in enumerate(zip(frames, rows), 1):
        values = dict(zip(sorted(kinds), row))
        for field, got in zip(fields, frame["c"]):
            want = as_column(values[field], kinds[field], names.get(field))
            lib.check(is_same(got, want), "%s: frame %d: %s is %s in sharkd, %s in tshark" %
                      (name, number, field, got, want))


def labels(nodes, ours=False):
    """Of sharkd's tree the lines that are the plugin's."""
    for node in nodes:
        is_ours = ours or node.get("f") == "tcpstate"
        if is_ours:
            yield node["l"]
        yield from labels(node.get("n", ()), is_ours)


def compare_sharkd(wireshark, capture, kinds, names, two):
    """Frames one by one, in disorder and twice, then all of them as columns; and after another load."""
    name, columns = os.path.basename(capture), in_columns(kinds)
    order = list(range(1, len(two) + 1)) * 2
    random.Random(name).shuffle(order)
    asked = [("frame", {"frame": number, "proto": True}) for number in order]
    asked += [ask_columns(fields) for fields in columns]
    answers = wireshark.sharkd(capture, *asked, ("load", {"file": capture}), *asked)
    rows = wireshark.fields(capture, sorted(kinds), "-2")
    for said in (answers[:len(asked)], answers[len(asked) + 1:]):
        for number, answer in zip(order, said):
            want = [line.label for segment in two[number - 1] for line in segment if not line.hidden]
            lib.check_equal("%s: frame %d in sharkd" % (name, number),
                            list(labels(answer["tree"])), want)
        for fields, frames in zip(columns, said[len(order):]):
            compare_columns(name, fields, frames, kinds, names, rows)


def compare(wireshark, capture, kinds, names):
    name = os.path.basename(capture)
    one, two = show(wireshark, capture), show(wireshark, capture, "-2")
    told_anew = compare_passes(name, one, two)
    compare_sharkd(wireshark, capture, kinds, names, two)
    # Frames that do not pass are seen all the same, and their numbers are given out again.
    wireshark.tshark("-r", capture, "-2", "-R", READ_FILTER, "-V")
    return "%s: %s" % (name, "frames %s are told anew" % ", ".join(map(str, told_anew))
                       if told_anew else "one reading")


with lib.start() as wireshark_:
    all_fields = wireshark_.names("tcpstate")
    all_names = number_names(wireshark_)
    kinds_ = lib.for_each(lambda c: compare(wireshark_, c, all_fields, all_names), wireshark_.captures())
    print("\n".join(kinds_))
    lib.check(0 < sum(k.endswith("one reading") for k in kinds_) < len(kinds_), "only one kind of capture")
lib.finish()
