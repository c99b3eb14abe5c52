#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The ladder as people read it: columns stand still, lines end on the page, and nothing is lost on the way
from a capture through the ladder that is told of it and the reader of ladders. Each ladder that is told of a
capture is true.

ladders.py TELL_RUN LADDER_RUN SEEN... LADDER...
"""

import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import dump  # noqa: E402

PAGE = 128
SYN, RST, PSH, ACK = (dump.FLAG[name] for name in ("SYN", "RST", "PSH", "ACK")) # PSH is not told
failures = []


def check(condition, text):
    if not condition:
        failures.append(text)


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def check_columns(name, told):
    """The number's point, the first state, both arrows and the second state, in every row."""
    places = set()
    for line in told.splitlines():
        row = re.match(r" *\d+(\.) +-?\d+\.\d{6}  (?=[A-Z])", line)
        if row:
            arrows = re.search(r"(-->|<--|\.\.\.) <.*> +(-->|<--|\.\.\.) ([A-Z])", line)
            places.add((row.start(1), row.end(), arrows.start(1), arrows.start(2), arrows.start(3)))
            check(len(line) <= PAGE or not re.search(r"\) \(", line), "%s: too long: %s" % (name, line))
    check(len(places) <= 1, "%s: columns move: %s" % (name, places))


def first_connection(seen, told):
    """Its ladder and its segments; of a frame with a tunnel in it only its own. Later connections of the same
    ends know of it, so that they cannot be read alone."""
    ladder = (re.split(r"\n\n(?=  Connection )", told) + [""])[1]
    ports = set(map(int, re.findall(r" port (\d+)", ladder.partition("\n")[0])))
    frames = {int(n) for n in re.findall(r"^ *(\d+)\. ", ladder, re.M)}
    return ladder, [row for row in seen if row["frame"] in frames and
                    {row["client_port"], row["server_port"]} == ports]


def check_windows(name, seen, told):
    """Counted here once more, from the segments."""
    scale = {}
    frames = {int(n): line for n, line in re.findall(r"^ *(\d+)\. (.*)", told, re.M)}
    for row in (row for row in seen if not row["icmp"]):
        if row["flags"] & SYN:
            scale[row["from"]] = row["wscale"] if row["has"] & dump.HAS["WSCALE"] else None
        known = not row["flags"] & SYN and None not in (scale.get(0), scale.get(1))
        shown = re.search("<(WND|WIN)=(\\d+)>", frames[row["frame"]])
        if shown:
            expected = ("WND", row["window"] << min(scale[row["from"]], 14)) if known else ("WIN", row["window"])
            check((shown[1], int(shown[2])) == expected, "%s: frame %d: %s, and it is %s" %
                  (name, row["frame"], shown[0], expected))


def check_way_back(name, ladder_run, seen, told):
    """What the reader has of the printed ladder is what the capture has: times to the microsecond, windows
    as the header has them, and sequence numbers counted from some first."""
    with tempfile.NamedTemporaryFile("w", suffix=".ladder") as printed:
        printed.write("(printed)\n" + told)
        printed.flush()
        again = list(dump.rows(run(ladder_run, "--seen", printed.name)))
    check(len(again) == len(seen), "%s: %d rows of %d come back" % (name, len(again), len(seen)))
    if len(again) != len(seen) or not seen:
        return
    turned = seen[0]["from"] != again[0]["from"] # peer A is the client
    first = {}
    for old, new in zip(seen, again):
        where = "%s: frame %d" % (name, old["frame"])
        passed = old["time"] - seen[0]["time"] - (new["time"] - again[0]["time"])
        check(abs(passed) <= 500, "%s is %d ns too early" % (where, passed))
        check(old["from"] ^ turned == new["from"], where + " comes from the other end")
        if old["icmp"]:
            continue
        check((old["flags"] ^ new["flags"]) & ~PSH == 0, where + " has other flags")
        if old["flags"] & RST:
            continue
        check(old["window"] == new["window"],
              "%s: window %d, then %d" % (where, old["window"], new["window"]))
        base = first.setdefault(old["from"], (old["seq"] - new["seq"]) % 2**32)
        check((old["seq"] - new["seq"]) % 2**32 == base, where + ": SEQ")
        base = first.setdefault(1 - old["from"], (old["ack"] - new["ack"]) % 2**32) \
            if old["flags"] & ACK else None
        check(base is None or (old["ack"] - new["ack"]) % 2**32 == base, where + ": ACK")


def check_truth(name, ladder_run, told):
    """Of several connections between the same sockets the first: later ones know of it."""
    known = set()
    for ladder in re.split(r"\n\n(?=  Connection \d)", told)[1:]:
        number, ends = re.match(r"  Connection (\d+): (.*) \(known", ladder).groups()
        ends = frozenset(re.findall(r"\S+ port \d+", ends))
        if ends in known:
            continue
        known.add(ends)
        with tempfile.NamedTemporaryFile("w", suffix=".ladder") as printed:
            printed.write("(printed)\n" + ladder)
            printed.flush()
            done = subprocess.run([ladder_run, printed.name], capture_output=True, text=True, check=False)
        check(not done.returncode, "%s-%s: the ladder is not true:\n%s%s%s" %
              (name, number, ladder, done.stdout, done.stderr))


def check_story(tell_run, ladder_run, name, path):
    with open(path, encoding="utf-8") as file:
        seen = list(dump.rows(file.read()))
    told = run(tell_run, "ladder", path)
    if path.endswith(".seen"): # of the others core.told says it
        check_truth(name, ladder_run, run(tell_run, "-x", "ladder", path))
    check_columns(name, told)
    check("4294967" not in told, name + ": a number before the first is not negative")
    ladder, segments = first_connection(seen, told)
    if segments:
        check_windows(name, segments, ladder)
        check_way_back(name, ladder_run, segments, ladder)
    return told


def check_far(tell_run, directory):
    """After two gigabytes half of all numbers are no longer before the first."""
    path = os.path.join(directory, "far")
    near, far, wild = 2**30 + 1, 2**31 + 1, 2**31 + 9
    for numbers, expected in (([near, far, wild], [near, far, wild]), ([far, wild], [far - 2**32, wild - 2**32])):
        with open(path, "w") as seen:
            for i, number in enumerate([0] + numbers):
                print(dump.line(frame=i + 1, time=i * 10**9, since=i * 10**9, flags=ACK if i else SYN, window=8192,
                                seq=number, ttl=64, client_port=4000, server_port=80), file=seen)
        shown = [int(n) for n in re.findall(r"<SEQ=(-?\d+)>", run(tell_run, "ladder", path))]
        check(shown == [0] + expected, "far away: %s" % shown)


def main():
    tell_run, ladder_run, *files = sys.argv[1:]
    all_told = ""
    with tempfile.TemporaryDirectory() as directory:
        check_far(tell_run, directory)
        for file in files:
            path = file
            if file.endswith(".ladder"):
                path = os.path.join(directory, "seen")
                with open(path, "w") as seen:
                    subprocess.run([ladder_run, "--seen", file], check=True, stdout=seen)
            all_told += check_story(tell_run, ladder_run, os.path.basename(file), path)
    for what in ("=-1>", "<WND=", r"\n {20,}\("):
        check(re.search(what, all_told), "nothing told has " + what)
    print("\n".join(failures[:40]) + "\n%d failures" % len(failures))
    sys.exit(bool(failures))


main()
