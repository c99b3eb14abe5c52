#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Shards equal the whole: a capture that is split, the parts annotated at the same time, tells on
every frame what it tells as a whole. It may be split by connection, by plugin/RECIPES.md's command, or by
time where no connection is open.

usage: shards.py PLUGIN CAPTURES

A part has frame numbers and connections of its own: those are translated. Nothing else may differ but
tcpstate.end and closed_by, which count the time until the capture ends, and a part ends elsewhere. A SYN that nobody
answers counts as lost when the capture goes on for 1.5 s after it; none of these captures ends so.
"""

import collections
import os
import re
import shlex
import shutil
import subprocess
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wireshark")]

import lib
from lib import check, check_equal

RECIPES = os.path.join(sys.path[0], "..", "..", "plugin", "RECIPES.md")
PARTS_TO_JOIN = 3
# The command in RECIPES.md that splits by connection, {} being the number of a part. Its filter says the
# same for both directions, and for all connections between the same sockets: what was there before
# counts for the next one.
SPLIT = r"^ +parallel -q (tshark .* -w \S*\{\}\S*) ::: (.*)$"
OF_THE_END = {"tcpstate.end", "tcpstate.closed_by", "tcpstate.closed_by.str"}
# What tells a frame from others.
OF_FRAME = ["frame.time_epoch", "frame.len", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst",
            "tcp.srcport", "tcp.dstport"]


class Whole:
    """A capture, and what its frames show in two passes."""

    def __init__(self, wireshark, capture):
        self.wireshark, self.capture = wireshark, capture
        self.kinds = wireshark.names("tcpstate")
        self.fields = ["frame.number"] + OF_FRAME + sorted(set(self.kinds) - OF_THE_END)
        self.rows = self.show(capture)

    def show(self, capture):
        rows = self.wireshark.fields(capture, self.fields, "-2")
        return [dict(zip(self.fields, row)) for row in rows]

    def numbers(self, rows):
        """The numbers that frames of a part, which are in order, have here."""
        mine = iter(self.rows)
        found = (next((m for m in mine if all(m[f] == row[f] for f in OF_FRAME)), None) for row in rows)
        return [int(row["frame.number"]) for row in found if row]


def ports(row):
    """The two ports of a frame, of its innermost segment. Between other addresses they may occur
    again: then a boundary is missed, and nothing else."""
    return frozenset(row[f].split(",")[-1] for f in ("tcp.srcport", "tcp.dstport"))


def translated(whole, field, value, numbers, connections, wanted):
    """What a value of a part is in the whole."""
    if field == "frame.number" or whole.kinds.get(field) == "FT_FRAMENUM":
        return str(numbers[int(value) - 1])
    if field == "tcpstate.connection":
        return connections.setdefault(value, wanted)
    return re.sub(r"\bframe (\d+)", lambda m: "frame %d" % numbers[int(m[1]) - 1], value)


def check_part(whole, part):
    """The numbers that its frames have in the whole."""
    name, shown = os.path.basename(part), whole.show(part)
    numbers, connections = whole.numbers(shown), {}
    check(shown and len(numbers) == len(shown), "%s: frames that are not in the whole" % name)
    for row, number in zip(shown, numbers):
        expected = whole.rows[number - 1]
        for field in whole.fields:
            values = zip(row[field].split(","), expected[field].split(","))
            got = ",".join(translated(whole, field, value, numbers, connections, wanted) if value else ""
                           for value, wanted in values)
            check(got == expected[field], "%s: frame %d: %s is %s, in the whole %s" %
                  (name, number, field, got, expected[field]))
    check(len(set(connections.values())) == len(connections), name + ": two connections became one")
    return numbers


def grouped(wireshark, captures):
    """Captures that begin with the same ports stand together: that makes boundaries."""
    def first(capture):
        (row,) = wireshark.fields(capture, OF_FRAME, "-c", "1")
        return sorted(ports(dict(zip(OF_FRAME, row)))), capture
    return [capture for _, capture in sorted(lib.for_each(first, captures))]


def by_connection(whole, directory):
    with open(RECIPES, encoding="utf-8") as file:
        command, shards = re.search(SPLIT, file.read(), re.M).groups()
    words = shlex.split(command.replace("big.pcapng", whole.capture).replace("part-", directory + "/"))
    if shutil.which("parallel"):
        whole.wireshark.run("parallel", "-q", *words, ":::", *shards.split())
    else:
        for shard in shards.split():
            whole.wireshark.run(*[word.replace("{}", shard) for word in words])
    return [os.path.join(directory, name) for name in sorted(os.listdir(directory))]


def boundaries(whole):
    """The frames behind which nothing comes of any pair of sockets that was seen before."""
    last = {ports(row): int(row["frame.number"]) for row in whole.rows}
    open_until = 0
    for number, row in enumerate(whole.rows, 1):
        # A fragment has no ports: it belongs to what follows.
        open_until = max(open_until, last[ports(row)] if row["tcp.srcport"] else number + 1)
        if open_until <= number or number == len(whole.rows):
            yield number


def by_time(whole, directory):
    first, ends = 1, list(boundaries(whole))
    for last in ends[PARTS_TO_JOIN - 1:-1:PARTS_TO_JOIN] + ends[-1:]:
        part = os.path.join(directory, "from-%d.pcapng" % first)
        subprocess.run(["editcap", "-r", whole.capture, part, "%d-%d" % (first, last)], check=True)
        os.chmod(part, 0o644)
        yield part
        first = last + 1


def check_split(whole, split, least):
    directory = os.path.join(whole.wireshark.dir, split.__name__)
    os.mkdir(directory)
    os.chmod(directory, 0o777)
    parts = list(split(whole, directory))
    check(len(parts) >= least, "%s: only %d parts" % (split.__name__, len(parts)))
    found = collections.Counter(
        number for numbers in lib.for_each(lambda part: check_part(whole, part), parts)
        for number in numbers)
    check_equal(split.__name__ + ": frames with states, and in how many parts they are",
                ["%s %d" % (row["frame.number"], found[int(row["frame.number"])])
                 for row in whole.rows if row["tcpstate.connection"]],
                [row["frame.number"] + " 1" for row in whole.rows if row["tcpstate.connection"]])


def main():
    if not (shutil.which("mergecap") and shutil.which("editcap")):
        print("skipped: mergecap is not installed")
        sys.exit(77)
    with lib.start() as wireshark:
        everything = os.path.join(wireshark.dir, "everything.pcapng")
        # A segment within a segment belongs to two connections.
        captures = [c for c in wireshark.captures() if "tcp-in-tcp" not in c]
        subprocess.run(["mergecap", "-a", "-w", everything,
                        *grouped(wireshark, captures)], check=True)
        os.chmod(everything, 0o644)
        whole = Whole(wireshark, everything)
        check_split(whole, by_connection, 4)
        check_split(whole, by_time, 5)
    lib.finish()


main()
