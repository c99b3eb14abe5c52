#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The reader sees in captures what the plugin in tshark sees, segment for segment.

usage: compare.py READER_RUN PLUGIN CAPTURE_OR_DIRECTORY...

What differs is named, and so is what only tshark sees, by the protocols it lies in: `unread.table` says which
of those the reader does not read, and how many segments of which captures that is. A segment in neither makes
the test fail, and so does a row of the table that is not true any more.
"""

import collections
import gzip
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[1:1] = [str(HERE.parent), str(HERE.parent / "wireshark")]
import dump  # noqa: E402
import lib  # noqa: E402


def rows(text):
    """By frame: each segment as who sent it to whom, and what it says. Which end is the client is nobody's
    business here."""
    found = collections.defaultdict(list)
    for row in dump.rows(text):
        ends = [(row["client"], row["client_port"]), (row["server"], row["server_port"])]
        said = [row[name] for name in dump.COLUMNS if name not in ("from", "client", "client_port", "server",
                                                                  "server_port")]
        found[row["frame"]].append((*ends[row["from"]], *ends[1 - row["from"]], *said))
    return found


def is_icmp(row):
    return row[4 + dump.COLUMNS.index("icmp")] > 0


def without_strangers(frames):
    """An ICMP error about a connection of which nothing was seen before is of none."""
    known, kept = set(), collections.defaultdict(list)
    for frame in sorted(frames):
        for row in frames[frame]:
            ends = frozenset((row[:2], row[2:4]))
            if not is_icmp(row):
                known.add(ends)
            if ends in known:
                kept[frame].append(row)
    return kept


def read(reader_run, capture):
    done = subprocess.run([reader_run, capture], capture_output=True, text=True, check=False)
    lib.check(done.returncode in (0, 1), "%s: reader_run ends with %d" % (capture, done.returncode))
    return without_strangers(rows(done.stdout)), done.stderr.strip()


def protocols(shark, capture, frames):
    """What tshark finds in each of these frames, up to the last TCP."""
    text = shark.tshark("-n", "-r", capture, "-T", "fields", "-e", "frame.number", "-e", "frame.protocols",
                        status=(0, 1, 2), plugin=False)
    lines = dict(line.split("\t") for line in text.splitlines() if line.count("\t") == 1)
    return collections.Counter(lines.get(str(frame), "?").rpartition(":tcp")[0] for frame in frames)


def compare(shark, reader_run, capture):
    """How many segments there are, how many of them the reader sees alike, and what it does not, by protocols."""
    text = shark.tshark("-n", "-q", "-r", capture, "-z", "tcpstate,segments", status=(0, 1, 2), quiet=False)
    ours, said = read(reader_run, capture)
    theirs = rows("\n".join(line for line in text.splitlines() if line[:1].isdigit() and line.count(" ") > 20))
    name = os.path.basename(capture)
    unread, alike = [], 0
    for frame in sorted(set(ours) | set(theirs)):
        a, b = ours[frame], theirs[frame]
        alike += sum((collections.Counter(a) & collections.Counter(b)).values())
        if a != b and set(a) <= set(b):
            unread += [frame] * (len(b) - len(a))
        elif a != b:
            lib.fail("%s: frame %d is %s, and in tshark %s" % (name, frame, a, b))
    return {"name": name, "first": min(unread, default=0), "all": sum(map(len, theirs.values())), "alike": alike, "said": said,
            "unread": protocols(shark, capture, unread) if unread else {}}


def captures(arguments):
    """Of each its name and its octets, unpacked: to unpack is not the reader's business."""
    for argument in map(pathlib.Path, arguments):
        for path in sorted(argument.iterdir()) if argument.is_dir() else [argument]:
            if path.is_file() and path.suffix != ".names":
                octets = path.read_bytes()
                yield path.name, gzip.decompress(octets) if octets[:2] == b"\x1f\x8b" else octets


def main():
    reader_run, plugin, *arguments = sys.argv[1:]
    with lib.Wireshark(plugin) as shark:
        paths = [shark.add_capture(name, octets) for name, octets in captures(arguments)]
        found = lib.for_each(lambda path: compare(shark, reader_run, path), paths)
    unread = collections.Counter()
    for each in found:
        for protocol, count in each["unread"].items():
            unread[each["name"], protocol] += count
            print("%s: %d segments in %s are not read, the first in frame %d" %
                  (each["name"], count, protocol, each["first"]))
        if each["said"] and "-v" in os.environ.get("READER_SAY", ""):
            print(each["said"])
    print("%d captures, %d of them with TCP: %d segments, %d alike" %
          (len(found), sum(each["all"] > 0 for each in found), sum(each["all"] for each in found),
           sum(each["alike"] for each in found)))
    lib.finish()


main()
