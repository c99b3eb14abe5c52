#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The reader sees in captures what the plugin in tshark sees, segment for segment.

usage: compare.py READER_RUN PLUGIN SOURCE

SOURCE: captures, or directories of them; --ladders LADDER2PCAP LADDER..., all of them one after the other in a
few captures; --wrapped [SEED], what wrapped.py makes of each link and tunnel, also changed at random; --files
[SEED], the same for kinds of files; --upstream, the captures of Wireshark's and of tcpdump's tests, which are fetched.

What differs is named. A segment that only tshark sees has to lie in something that `unread.table` names; how
many there are is said.
"""

import collections
import gzip
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

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


def unpacked(path):
    """To unpack is not the reader's business."""
    octets = path.read_bytes()
    return gzip.decompress(octets) if octets[:2] == b"\x1f\x8b" else octets


def files(arguments):
    for argument in map(pathlib.Path, arguments):
        for path in sorted(argument.iterdir()) if argument.is_dir() else [argument]:
            if path.is_file() and path.suffix != ".names":
                yield path.name, unpacked(path)


def ladders(arguments, directory):
    """Many small captures take long: their frames in one, an hour between two ladders."""
    ladder2pcap, *paths = arguments
    octets = b""
    for number, path in enumerate(paths):
        made = directory / "ladder.pcap"
        subprocess.run([ladder2pcap, path, made], check=True)
        octets = octets or made.read_bytes()[:24]
        octets += shifted(made.read_bytes()[24:], number)
    yield "ladders.pcap", octets


def shifted(records, number):
    """Each ladder between hosts of its own, an hour after the one before."""
    at, out = 0, bytearray(records)
    while at < len(out):
        seconds, _, captured, _ = struct.unpack_from("<IIII", out, at)
        struct.pack_into("<I", out, at, seconds + 3600 * number)
        for place in (26, 30, 54, 58):
            if out[at + 16 + place:at + 19 + place] == b"\xc0\0\2":
                struct.pack_into("!H", out, at + 16 + place + 1, number)
        at += 16 + captured
    return bytes(out)


def made(directory, suffix, seed=None):
    """Without a seed another one each time. In one of 100,000 changed frames tshark finds an option malformed, and
    gives up, or not, as it pleases."""
    seed = seed or str(random.randrange(10**9))
    print("wrapped.py SEED: " + seed)
    subprocess.run([sys.executable, "-B", HERE / "wrapped.py", directory, seed, "10000"], check=True)
    return ((path.name, unpacked(path)) for path in sorted(directory.glob("*" + suffix)))


def upstream():
    for which in ("wireshark", "tcpdump"):
        fetched = subprocess.run([HERE.parent / "upstream/fetch", which], stdout=subprocess.PIPE, text=True, check=False)
        if fetched.returncode:
            sys.exit(fetched.returncode)
        yield from files([fetched.stdout.strip()])


def captures(source, directory):
    """Of each its name and its octets."""
    kinds = {"--ladders": lambda: ladders(source[1:], directory), "--wrapped": lambda: made(directory, ".pcapng", *source[1:]),
             "--files": lambda: made(directory, ".pcap", *source[1:]), "--upstream": upstream}
    return kinds.get(source[0], lambda: files(source))()


def unread_names():
    rows_of_table = (HERE / "unread.table").read_text(encoding="utf-8").splitlines()
    return {row.split()[0] for row in rows_of_table if row and row[0] != "#"}


def main():
    reader_run, plugin, *source = sys.argv[1:]
    with lib.Wireshark(plugin) as shark, tempfile.TemporaryDirectory() as scratch:
        paths = [shark.add_capture(name, octets) for name, octets in captures(source, pathlib.Path(scratch))]
        found = lib.for_each(lambda path: compare(shark, reader_run, path), paths)
    names = unread_names()
    for each in found:
        for protocol, count in each["unread"].items():
            lib.check(names & set(protocol.split(":")), "%s: the reader does not read %s, the first in frame %d" %
                      (each["name"], protocol, each["first"]))
            print("%s: %d segments in %s are not read" % (each["name"], count, protocol))
        if "READER_SAY" in os.environ and each["said"]:
            print(each["said"])
    total = sum(each["all"] for each in found)
    lib.check(total > 0, "there is no segment anywhere")
    print("%d captures, %d of them with TCP: %d segments, %d alike" %
          (len(found), sum(each["all"] > 0 for each in found), total, sum(each["alike"] for each in found)))
    lib.finish()


main()
