#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The program tcpstate says what the plugin says: list, ladder, story and connections, byte for byte; and, of captures
named here, the annotated copy.

usage: equal.py PLUGIN TOOL DIFFERENCES [--each LADDER2PCAP | --several LADDER2PCAP] CAPTURE|LADDER...
       equal.py PLUGIN TOOL DIFFERENCES --fetch SCRIPT | --made SEGMENTS

tshark reads each capture in two passes, with two views at a time. A ladder becomes a capture first (--each), or
--several become one, in which the same sockets meet again and again. --fetch: all captures in the directory that
the script prints, but for those that are neither pcap nor pcapng, which are counted. --made: the benchmark's captures. Where the reader does not read something,
DIFFERENCES has a line for the capture: its name, how many lines the list has of the plugin's and of the
program's, and what is not read. Exit status: 0 equal; 1 not.
"""

import collections
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wireshark"))
import lib  # noqa: E402

SEVERAL = 25
# What is printed last is registered first.
PAIRS = (("list", "connections"), ("story", "ladder"))
OPTIONS = {"list": (["--why"], ",why")}


def is_read(tool, capture):
    """False: it is neither pcap nor pcapng, and the program says so."""
    done = subprocess.run([tool, "summary", capture], capture_output=True, check=False)
    return done.returncode != 3


def ours(tool, view, *captures):
    done = subprocess.run([tool, view, "--hindsight", *OPTIONS.get(view, ([], ""))[0], *captures],
                          capture_output=True, text=True, errors="replace", check=False)
    return done.stdout if done.returncode in (0, 1, 5) else done.stdout + done.stderr


def theirs(wireshark, pair, capture):
    taps = [word for view in reversed(pair)
            for word in ("-z", "tcpstate," + view + OPTIONS.get(view, ([], ""))[1])]
    return wireshark.tshark("-2", "-n", "-q", "-r", capture, *taps, quiet=False, status=(0, 1, 2))


def without_complaints(text):
    """What tshark says of a capture that is cut short, or has nothing to show."""
    return [line for line in text.splitlines() if not line.startswith("tshark: ")]


def rows(lines):
    return sum(1 for line in lines if re.match(r" *\d+ +\d+ +-?\d+\.\d{3} ", line))


def differing(path):
    with open(path, encoding="utf-8") as file:
        words = (line.split(maxsplit=3) for line in file if line.strip() and not line.startswith("#"))
        return {name: (int(plugin), int(tool)) for name, plugin, tool, _ in words}


def compare(wireshark, tool, capture, names, known):
    """How many lines the two lists have, where they differ and it is known; None: nothing is wrong."""
    name = os.path.basename(capture)
    for pair in PAIRS:
        says, should = (ours(tool, pair[0], *names) + ours(tool, pair[1], *names)).splitlines(), \
            without_complaints(theirs(wireshark, pair, capture))
        if pair[0] == "list" and name in known:
            lib.check((rows(should), rows(says)) == known[name], "%s: the list has %d lines of the plugin's and "
                      "%d of the program's" % (name, rows(should), rows(says)))
        if name in known:
            continue
        lib.check_equal("%s %s" % (name, "+".join(pair)), says, should)


def compare_copy(wireshark, tool, capture, known):
    """The program copies no more than it reads, and the plugin also copies what has no TCP in it."""
    name = os.path.basename(capture)
    copy = os.path.join(wireshark.home, name + ".annotated.pcapng")
    done = subprocess.run([tool, "annotate", capture], capture_output=True, check=False)
    wireshark.tshark("-2", "-n", "-q", "-r", capture, "-z", "tcpstate,annotate," + copy, status=(0, 1, 2))
    if name in known:
        return
    with open(copy, "rb") as file:
        lib.check(done.stdout == file.read(), name + ": the annotated copies differ")


def capture_of(wireshark, ladder2pcap, ladders, name):
    """Ladders as one capture, and the pieces that it is made of."""
    pieces = []
    for n, ladder in enumerate(ladders):
        pieces.append(os.path.join(wireshark.dir, "captures", "%s-%d.pcap" % (name, n)))
        subprocess.run([ladder2pcap, ladder, pieces[-1]], check=True)
        os.chmod(pieces[-1], 0o644)
    whole = os.path.join(wireshark.dir, "captures", name + ".pcap")
    if len(pieces) == 1:
        return pieces[0], pieces
    subprocess.run(["mergecap", "-a", "-F", "nsecpcap", "-w", whole, *pieces], check=True)
    os.chmod(whole, 0o644)
    return whole, pieces


def fetched(tool, script):
    done = subprocess.run([script], capture_output=True, text=True, check=False)
    if done.returncode == 77:
        print(done.stderr)
        sys.exit(77)
    directory = done.stdout.strip()
    found = [os.path.join(directory, name) for name in sorted(os.listdir(directory))]
    read = [file for file in found if os.path.isfile(file) and is_read(tool, file)]
    return read, len(found) - len(read)


def made(directory, segments):
    """A million of what is ordinary, and of what is not a tenth: it takes tshark minutes."""
    make = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench", "make.py")
    kinds = {"ordinary": int(segments)}
    kinds.update((kind, int(segments) // 10) for kind in ("disturbed", "short", "flood", "one", "holes"))
    for kind, count in kinds.items():
        subprocess.run([sys.executable, "-B", make, kind, str(count), os.path.join(directory, kind + ".pcap")],
                       check=True, stdout=subprocess.DEVNULL)
    return [os.path.join(directory, kind + ".pcap") for kind in kinds]


def main():
    plugin, tool, table, *files = sys.argv[1:]
    known = differing(table)
    with lib.Wireshark(plugin) as wireshark:
        work = []
        named = files if files and not files[0].startswith("--") else []
        if files and files[0] in ("--each", "--several"):
            how, ladder2pcap, *files = files
            at_once = 1 if how == "--each" else SEVERAL
            ladders = [file for file in files if file.endswith(".ladder")]
            files = [file for file in files if not file.endswith(".ladder")]
            for n in range(0, len(ladders), at_once):
                work.append(capture_of(wireshark, ladder2pcap, ladders[n:n + at_once], "ladders-%d" % n))
        elif files and files[0] == "--fetch":
            files, others = fetched(tool, files[1])
            print("%d captures; %d others are neither pcap nor pcapng" % (len(files), others))
        elif files and files[0] == "--made":
            files = made(wireshark.dir, files[1])
        for file in files:
            with open(file, "rb") as capture:
                path = wireshark.add_capture(os.path.basename(file), capture.read())
            work.append((path, [path]))
        names = collections.Counter(os.path.basename(path) for path, _ in work)
        lib.check(work and max(names.values()) == 1, "two captures of one name, or none")
        lib.for_each(lambda job: compare(wireshark, tool, *job, known), work)
        lib.for_each(lambda job: compare_copy(wireshark, tool, job[0], known), work if named else [])
    lib.finish()


main()
