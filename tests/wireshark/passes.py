#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One pass, two passes and sharkd tell the same, field by field and frame by frame: what is shown
comes from the record of the first pass, never from what the connection became later.

usage: passes.py PLUGIN CAPTURES
"""

import os

import lib


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


def compare(wireshark, capture, kinds, names):
    fields = sorted(kinds)
    name = os.path.basename(capture)
    one = wireshark.fields(capture, fields)
    two = wireshark.fields(capture, fields, "-2")
    lib.check_equal(name + " -2", two, one)
    shown = [f for f in fields if kinds[f] != "FT_NONE"]  # an expert item has no text in a column
    columns = {"column%d" % n: field + ":0" for n, field in enumerate(shown)}
    (frames,) = wireshark.sharkd(capture, ("frames", columns))
    lib.check(len(frames) == len(one), "%s: sharkd has %d frames" % (name, len(frames)))
    for number, (frame, row) in enumerate(zip(frames, one), 1):
        values = dict(zip(fields, row))
        for field, got in zip(shown, frame["c"]):
            want = as_column(values[field], kinds[field], names.get(field))
            lib.check(is_same(got, want), "%s: frame %d: %s is %s in sharkd, %s in tshark" %
                      (name, number, field, got, want))


with lib.start() as wireshark_:
    all_fields = wireshark_.names("tcpstate")
    all_names = number_names(wireshark_)
    lib.for_each(lambda c: compare(wireshark_, c, all_fields, all_names), wireshark_.captures())
lib.finish()
