#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One road of words: what tshark prints of a capture, core and tell print without it, byte for byte.

usage: words.py PLUGIN LADDER2PCAP TELL_RUN LADDER_RUN SEEN_DIRECTORY [--update] LADDER... CAPTURE.pcapng...

For each ladder and each capture: the list live and in hindsight, the ladder, the state diagram of the
first connection, the stories live and in hindsight, and how connections end.
tell_run is fed with what `-z tcpstate,segments` prints, which of a ladder is what ladder_run says, and of
a capture is kept in SEEN_DIRECTORY for a test that has no Wireshark; --update writes that anew.
"""

import os
import re
import subprocess
import sys

import lib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import dump  # noqa: E402

OPTIONS = ["-o", "tcp.check_checksum:TRUE"]
VIEWS = ("live", "telling", "list", "ladder", "story", "diagram", "endings")
EXACT = ["-o", "tcp.relative_sequence_numbers:FALSE"]
SEEN = re.compile(r"(?:\d+ ){%d}\S+ \d+ \S+ \d+$" % dump.COLUMNS.index("client"))
STORY = re.compile(r"\{")


def program(*args):
    return subprocess.run(args, check=True, capture_output=True, text=True).stdout


def live(wireshark, capture, options):
    """The list as segments come, the segments, and the stories."""
    lines = wireshark.tshark("-q", "-r", capture, *options, "-z", "tcpstate,segments", "-z",
                             "tcpstate,list,why", "-z", "tcpstate,story", quiet=False).splitlines(True)
    return ("".join(line for line in lines if not SEEN.match(line) and not STORY.match(line)),
            "".join(filter(SEEN.match, lines)), "".join(filter(STORY.match, lines)))


def hindsight(wireshark, capture, options, svg):
    """The list and the ladder, the stories, and the sentences about the ends, by frame. `svg`: where the diagram goes."""
    lines = wireshark.tshark("-2", "-r", capture, *options, "-T", "fields", "-e", "frame.number", "-e",
                             "tcpstate.end", "-E", "aggregator=|", "-z", "tcpstate,ladder", "-z",
                             "tcpstate,list,why", "-z", "tcpstate,story", "-z", "tcpstate,diagram," + svg,
                             quiet=False).splitlines(True)
    fields = [line.rstrip("\n").split("\t") for line in lines if re.match(r"\d+\t", line)]
    return ("".join(line for line in lines if not re.match(r"\d+\t|\{", line)),
            "".join(filter(STORY.match, lines)),
            ["%s\t%s" % (frame, end) for frame, ends in fields if ends for end in ends.split("|")])


def without_time(seen):
    """A ladder begins at another time than its capture."""
    return [line.split(" ")[:1] + line.split(" ")[2:] for line in seen.splitlines()]


def compare(wireshark, tell_run, name, capture, exact):
    """Returns the segments, as the plugin has printed them."""
    options = OPTIONS + (EXACT if exact else [])
    flags = ["-x"] if exact else []
    shown, seen, telling = live(wireshark, capture, options)
    file = os.path.join(wireshark.dir, name + ".seen")
    with open(file, "w") as out:
        out.write(seen)
    told = {view: program(tell_run, *flags, view, file) for view in VIEWS}
    lib.check_equal(name + ": the list, live", told["live"] if seen else "", shown)
    if not seen:
        return seen
    lib.check_equal(name + ": the stories, live", told["telling"], telling)
    svg = os.path.join(wireshark.home, name + ".svg")
    shown, stories, ends = hindsight(wireshark, capture, options, svg)
    lib.check_equal(name + ": list and ladder", told["list"] + told["ladder"], shown)
    lib.check_equal(name + ": the stories", told["story"], stories)
    with open(svg) as drawn:
        lib.check_equal(name + ": diagram", told["diagram"], drawn.read())
    lib.check_equal(name + ": endings", told["endings"].splitlines(), ends)
    return seen


def check_ladder(wireshark, programs, ladder):
    ladder2pcap, tell_run, ladder_run = programs
    name = os.path.basename(os.path.dirname(ladder)) + "-" + os.path.basename(ladder)
    capture = os.path.join(wireshark.dir, "captures", name + ".pcap")
    program(ladder2pcap, ladder, capture)
    os.chmod(capture, 0o644)
    seen = compare(wireshark, tell_run, name, capture, True)
    lib.check_equal(name + ": segments", without_time(seen),
                    without_time(program(ladder_run, "--seen", ladder)))


def check_capture(wireshark, programs, directory, update, capture):
    name = os.path.splitext(os.path.basename(capture))[0]
    seen = compare(wireshark, programs[1], name, capture, False)
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
        lib.for_each(lambda ladder: check_ladder(wireshark, programs, ladder), ladders)
        lib.for_each(lambda capture: check_capture(wireshark, programs, directory, update, capture),
                     captures)
    lib.finish()


main()
