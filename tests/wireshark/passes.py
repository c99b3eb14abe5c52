#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One pass, two passes and sharkd tell the same, field by field and frame by frame: what is shown
comes from the record of the first pass, never from what the connection became later.

The exception is hindsight. A finding that only a later segment brings is in the record of the
earlier frame from then on, which is too late for a single pass that has printed it already; and
which frame is the last of its connection is known in the end.

usage: passes.py PLUGIN CAPTURES
"""

import os

import lib

LATE = {"tcpstate.end"}
HINDSIGHT = {"tcpstate.check", "tcpstate.verdict", "tcpstate.verdict.str"}


def number_names(wireshark):
    """Columns, which sharkd shows, print names where -T fields prints numbers."""
    rows = [line.split("\t") for line in wireshark.tshark("-G", "values").splitlines()]
    names = {}
    for row in rows:
        if row[0] == "V" and row[1].startswith("tcpstate."):
            names.setdefault(row[1], {})[str(int(row[2], 0))] = row[3]
    return names


def as_column(value, kind, names):
    if kind == "FT_BOOLEAN":
        names = {"0": "False", "1": "True"}
    if not names:
        return value
    return ",".join(names.get(part, part) for part in value.split(","))


def is_same(got, want):
    """Of two segments in one frame, columns list the inner one first: it was complete first."""
    return got == want or sorted(got.split(",")) == sorted(want.split(","))


def findings(row):
    return set(row["tcpstate.check"].split(",")) - {""}


def compare_passes(name, fields, kinds, one, two):
    """The second pass may know more findings than the first, and nothing else."""
    of_findings = {f for f in fields if kinds[f] == "FT_NONE"} | HINDSIGHT
    for number, rows in enumerate(zip(one, two), 1):
        before, after = (dict(zip(fields, row)) for row in rows)
        lib.check(findings(before) <= findings(after), "%s: frame %d lost a finding" % (name, number))
        amended = findings(before) != findings(after)
        for field in fields:
            if not (amended and field in of_findings) and not (field in LATE and not before[field]):
                lib.check(before[field] == after[field], "%s: frame %d: %s is %s, with -2 %s" %
                          (name, number, field, before[field], after[field]))


def compare_sharkd(wireshark, capture, kinds, names, two):
    name, fields = os.path.basename(capture), sorted(kinds)
    shown = [f for f in fields if kinds[f] != "FT_NONE"]  # an expert item has no text in a column
    columns = {"column%d" % n: field + ":0" for n, field in enumerate(shown)}
    (frames,) = wireshark.sharkd(capture, ("frames", columns))
    lib.check(len(frames) == len(two), "%s: sharkd has %d frames" % (name, len(frames)))
    for number, (frame, row) in enumerate(zip(frames, two), 1):
        values = dict(zip(fields, row))
        for field, got in zip(shown, frame["c"]):
            want = as_column(values[field], kinds[field], names.get(field))
            lib.check(is_same(got, want), "%s: frame %d: %s is %s in sharkd, %s in tshark" %
                      (name, number, field, got, want))


def compare(wireshark, capture, kinds, names):
    fields = sorted(kinds)
    one = wireshark.fields(capture, fields)
    two = wireshark.fields(capture, fields, "-2")
    lib.check(len(one) == len(two), "%s: -2 has %d frames" % (capture, len(two)))
    compare_passes(os.path.basename(capture), fields, kinds, one, two)
    compare_sharkd(wireshark, capture, kinds, names, two)


with lib.start() as wireshark_:
    all_fields = wireshark_.names("tcpstate")
    all_names = number_names(wireshark_)
    lib.for_each(lambda c: compare(wireshark_, c, all_fields, all_names), wireshark_.captures())
lib.finish()
