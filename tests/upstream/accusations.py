#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every accusation (a Warning or an Error) in captures of other people's, live and in hindsight, is one
that accusations.table calls right. An accusation that is not in the table fails, and so does one that
the table calls wrong.

usage: accusations.py PLUGIN [--list]

The captures are those in the source packages of Wireshark and tcpdump; they come by `fetch`, and the
exit status is 77 where none can be had. --list: print what is found as rows of the table, those that
it lacks with `?`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import namedtuple

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "wireshark"))
import lib  # noqa: E402

TABLE = os.path.join(HERE, "accusations.table")
CHECKS = os.path.join(HERE, "..", "..", "plugin", "core", "tables", "checks.def")
PACKAGES = ("wireshark", "tcpdump")
PARTS = 4  # sharkds
FIELDS = ["frame.number", "tcpstate.connection", "tcpstate.check"]
CANNOT_RUN = 77

Accusation = namedtuple("Accusation", "file frame check")
Seen = namedtuple("Seen", "connections accusations")  # of one capture in one reading


def accusing():
    """The checks that are Warnings or Errors."""
    with open(CHECKS, encoding="utf-8") as file:
        return set(re.findall(r"^CHECK\((\w+), [^\n]*?\bSEV_(?:WARN|ERROR),", file.read(), re.MULTILINE))


def read_table():
    """{Accusation: (verdict, why)}"""
    rows = {}
    with open(TABLE, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.split("#")[0].strip()
            if not line:
                continue
            name, frames, checks, verdict, why = (part.strip() for part in line.split("|"))
            if verdict not in ("right", "wrong"):
                sys.exit("%s:%d: neither right nor wrong: %s" % (TABLE, number, verdict))
            for frame in frames.split():
                for check in checks.split():
                    rows[Accusation(name, int(frame), check)] = verdict, why
    return rows


def captures(wireshark):
    """(name, path) of all that can be had."""
    found = []
    for package in PACKAGES:
        done = subprocess.run([os.path.join(HERE, "fetch"), package], stdout=subprocess.PIPE, text=True,
                              check=False)
        if done.returncode not in (0, CANNOT_RUN):
            sys.exit(done.returncode)
        directory = done.stdout.strip()
        for name in sorted(os.listdir(directory)) if directory else []:
            path = os.path.join(wireshark.dir, "captures", package + "-" + name)
            shutil.copy(os.path.join(directory, name), path)
            found.append((package + "/" + name, path))
    return found or sys.exit(CANNOT_RUN)


def see(name, rows, checks):
    """`rows`: (frame, connections, checks) of one capture, each of several values."""
    connections, accusations = set(), set()
    for frame, numbers, found in rows:
        connections |= set(numbers.split(",")) - {""}
        accusations |= {Accusation(name, int(frame), check)
                        for check in set(found.split(",")) & checks}
    return Seen(len(connections), accusations)


def read_hindsight(wireshark, captures, checks):
    """One sharkd for many captures: most of them have no TCP, and starting a program takes longer
    than reading one. Those that it cannot read to their end are read by tshark."""
    shown = ask_sharkd(wireshark, captures)
    return {name: see(name, [(row["num"], *row["c"]) for row in shown[path]], checks)
            if path in shown else read(wireshark, (name, path), checks, "-2")
            for name, path in captures}


def ask_sharkd(wireshark, captures):
    """{path: the rows of its list of packets}, as far as it comes."""
    columns = {"column%d" % i: field + ":0" for i, field in enumerate(FIELDS[1:])}
    calls = [call for _, path in captures  # not by a filter: it keeps the frames of the last file
             for call in (("load", {"file": path}), ("frames", columns))]
    lines = [json.dumps({"jsonrpc": "2.0", "id": i, "method": method, "params": parameters})
             for i, (method, parameters) in enumerate(calls, 1)]
    command, env = wireshark.command("sharkd", True)
    done = subprocess.run(command + ["-"], env=env, input="\n".join(lines) + "\n", text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, errors="replace",
                          check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    results = {answer.get("id"): answer.get("result") for answer in answers}
    return {path: results[2 * i + 2] for i, (_, path) in enumerate(captures)
            if results.get(2 * i + 1) and results.get(2 * i + 2) is not None}


def read(wireshark, capture, checks, *options):
    """Some captures are cut or damaged, and tshark says so."""
    name, path = capture
    command, env = wireshark.command("tshark", True)
    wanted = [word for field in FIELDS for word in ("-e", field)]
    command += ["-n", "-r", path, "-Y", "tcpstate", "-T", "fields", *wanted, *options]
    done = subprocess.run(command, env=env, capture_output=True, text=True, errors="replace",
                          check=False)
    return see(name, [line.split("\t") for line in done.stdout.splitlines()], checks)


def judge(reading, seen, table):
    accusations = set().union(*(each.accusations for each in seen))
    for each in sorted(accusations):
        verdict, why = table.get(each, ("", ""))
        if verdict != "right":
            lib.fail("%s: %s, frame %d: %s is %s" % (
                reading, *each, "wrong: " + why if verdict else "not in accusations.table"))
    right = sum(table.get(each, ("",))[0] == "right" for each in accusations)
    print("%s: %d captures with TCP, %d connections, %d accusations, %d of them right%s" % (
        reading, sum(bool(each.connections) for each in seen), sum(each.connections for each in seen),
        len(accusations), right,
        " (precision %.1f %%)" % (100 * right / len(accusations)) if accusations else ""))
    return accusations


def main():
    table, checks = read_table(), accusing()
    with lib.Wireshark(sys.argv[1]) as wireshark:
        wanted = captures(wireshark)
        parts = lib.for_each(lambda part: read_hindsight(wireshark, part, checks),
                             [wanted[i::PARTS] for i in range(PARTS)])
        hindsight = {name: seen for part in parts for name, seen in part.items()}
        wanted = [each for each in wanted if hindsight[each[0]].connections]
        live = lib.for_each(lambda each: read(wireshark, each, checks), wanted)
    found = judge("hindsight", hindsight.values(), table) | judge("live", live, table)
    for gone in sorted(set(table) - found):
        lib.fail("not found any more (then its row goes, too): %s, frame %d: %s" % gone)
    if "--list" in sys.argv:
        for each in sorted(found):
            print("%s | %d | %s | %s | %s" % (*each, *table.get(each, ("?", ""))))
    lib.finish()


main()
