#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One road of words: what tshark prints of a capture, core and tell print without it, byte for byte.

usage: words.py PLUGIN LADDER2PCAP TELL_RUN LADDER_RUN SEEN_DIRECTORY [--update] LADDER... CAPTURE.pcapng...

For each capture: the list live and in hindsight, the ladder, the state diagram of each connection, the
stories live and in hindsight, and how connections end. Of each ladder, a few at once, tshark's fields are what
the core says of its rows.
tell_run is fed with what `-z tcpstate,segments` prints, which of a ladder is what ladder_run says, and of
a capture is kept in SEEN_DIRECTORY for a test that has no Wireshark; --update writes that anew. So what the
tests of core and tell find out of a ladder (core.told, core.told_ladders) is true of tshark, too.
"""

import os
import re
import subprocess
import sys

import lib
import together

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import dump  # noqa: E402

OPTIONS = ["-o", "tcp.check_checksum:TRUE"]
VIEWS = ("live", "telling", "list", "ladder", "story", "endings")
EXACT = ["-o", "tcp.relative_sequence_numbers:FALSE"]
SEEN = re.compile(r"(?:\d+ ){%d}\S+ \d+ \S+ \d+$" % dump.COLUMNS.index("client"))
STORY = re.compile(r"\{")
ROW = re.compile(r"\d+\t")
CONNECTION = re.compile(r"^  Connection (\d+): ", re.M)
FIELDS = ["frame.number", "tcpstate.client.state.str", "tcpstate.client.assumed", "tcpstate.server.state.str",
          "tcpstate.server.assumed", "tcpstate.check", "tcpstate.end"]
AS_FIELDS = ["-T", "fields", "-E", "aggregator=|", *(word for field in FIELDS for word in ("-e", field))]
OTHER_RULES = "(without RFC 5961)" # those ladders are played by ladders.py


def program(*args):
    return subprocess.run(args, check=True, capture_output=True, text=True).stdout


def states(line):
    """A row of tshark's as `ladder_run --states` prints it."""
    frame, client, client_assumed, server, server_assumed, checks = line.rstrip("\n").split("\t")[:6]
    mark = {"1": "?", "True": "?"}
    return [int(frame), client + mark.get(client_assumed, ""), server + mark.get(server_assumed, ""),
            checks.replace("|", ",")]


def sort_lines(text, *kinds):
    """What belongs to each kind, and what belongs to none."""
    lines = text.splitlines(True)
    return [[line for line in lines if kind.match(line)] for kind in kinds] + [
        "".join(line for line in lines if not any(kind.match(line) for kind in kinds))]


def live(wireshark, capture, options):
    """The list as segments come, the segments, the stories, and the fields."""
    seen, stories, rows, shown = sort_lines(wireshark.tshark(
        "-q", "-r", capture, *options, *AS_FIELDS, "-z", "tcpstate,segments", "-z", "tcpstate,list,why", "-z",
        "tcpstate,story", quiet=False), SEEN, STORY, ROW)
    return shown, "".join(seen), "".join(stories), [states(row) for row in rows]


def hindsight(wireshark, capture, options, svgs):
    """The list and the ladder, the stories, the sentences about the ends by frame, and the fields. `svgs`: where
    the diagram of each connection goes."""
    drawn = [word for n, svg in svgs.items() for word in ("-z", "tcpstate,diagram,%s,%s" % (svg, n))]
    stories, rows, shown = sort_lines(wireshark.tshark(
        "-2", "-r", capture, *options, *AS_FIELDS, "-z", "tcpstate,ladder", "-z", "tcpstate,list,why", "-z",
        "tcpstate,story", *drawn, quiet=False), STORY, ROW)
    ends = [(row.split("\t")[0], row.rstrip("\n").split("\t")[-1]) for row in rows]
    return (shown, "".join(stories), ["%s\t%s" % (frame, end) for frame, all_ in ends if all_
                                      for end in all_.split("|")], [states(row) for row in rows])


def compare(wireshark, tell_run, name, capture, exact):
    """Returns the segments, as the plugin has printed them, and the fields in both readings."""
    options = OPTIONS + (EXACT if exact else [])
    flags = ["-x"] if exact else []
    shown, seen, telling, rows_live = live(wireshark, capture, options)
    file = os.path.join(wireshark.dir, name + ".seen")
    with open(file, "w") as out:
        out.write(seen)
    told = {view: program(tell_run, *flags, view, file) for view in VIEWS}
    lib.check_equal(name + ": the list, live", told["live"] if seen else "", shown)
    if not seen:
        return seen, {}
    lib.check_equal(name + ": the stories, live", told["telling"], telling)
    svgs = {n: os.path.join(wireshark.home, "%s-%s.svg" % (name, n)) for n in CONNECTION.findall(told["ladder"])}
    shown, stories, ends, rows = hindsight(wireshark, capture, options, svgs)
    lib.check_equal(name + ": list and ladder", told["list"] + told["ladder"], shown)
    lib.check_equal(name + ": the stories", told["story"], stories)
    for n, svg in svgs.items():
        with open(svg) as drawn:
            lib.check_equal("%s: diagram %s" % (name, n), program(tell_run, "-n", n, "diagram", file), drawn.read())
    lib.check_equal(name + ": endings", told["endings"].splitlines(), ends)
    return seen, {"--live": rows_live, "--states": rows}


def alone(seen):
    """A ladder's rows as if there were no other ladder in the capture: frames from 1, times since its first."""
    return [[n, row["time"] - seen[0]["time"], *list(row.values())[3:-4]] for n, row in enumerate(seen, 1)]


def check_ladders(wireshark, programs, name, ladders):
    ladder2pcap, tell_run, ladder_run = programs
    capture = together.make_capture(wireshark, ladder2pcap, name, ladders)
    seen, shown = compare(wireshark, tell_run, name, capture, True)
    seen = list(dump.rows(seen))
    for n, ladder in enumerate(ladders):
        about = "%s: %s: " % (name, ladder)
        own = [row for row in seen if row["client"] == together.address(n, 0)]
        lib.check(own and all(row["server"] == together.address(n, 1) for row in own), about + "whose segments?")
        lib.check_equal(about + "segments", alone(own), alone(list(dump.rows(program(ladder_run, "--seen", ladder)))))
        with open(ladder, encoding="utf-8") as file:
            if OTHER_RULES in file.read():
                continue
        frames = {row["frame"]: str(i) for i, row in enumerate(own, 1)}
        for reading, rows in shown.items():
            rows = ["\t".join([frames[row[0]], *row[1:]]) for row in rows if row[0] in frames]
            lib.check_equal(about + reading, rows, program(ladder_run, reading, ladder).splitlines())


def check_capture(wireshark, programs, directory, update, capture):
    name = os.path.splitext(os.path.basename(capture))[0]
    seen, _ = compare(wireshark, programs[1], name, capture, False)
    file = os.path.join(directory, name + ".seen")
    if update:
        with open(file, "w") as out:
            out.write(seen)
    with open(file) as known:
        lib.check_equal(name + ": segments", seen, known.read())


def main():
    plugin, ladder2pcap, tell_run, ladder_run, directory, *files = sys.argv[1:]
    programs, update = (ladder2pcap, tell_run, ladder_run), "--update" in files
    captures = [os.path.abspath(file) for file in files if file.endswith(".pcapng")]
    ladders = [file for file in files if file.endswith(".ladder")]
    with lib.Wireshark(plugin) as wireshark:
        lib.for_each(lambda group: check_ladders(wireshark, programs, *group), together.groups(ladders))
        lib.for_each(lambda capture: check_capture(wireshark, programs, directory, update, capture),
                     captures)
    lib.finish()


main()
