#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures from strangers: names, comments and texts in the file reach nothing of what the plugin
prints, draws and writes as its own, and no file is written but the one that is named.

strangers.py PLUGIN CAPTURES

The same packets twice, once in a file that says everything that could do harm wherever a pcapng file can
say something, with every kind of name resolution; what the plugin makes of the two is the same.
"""

import os
import struct
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", *place)
                for place in (["wireshark"], ["lab", "record"])]

import lib
import pcapng
from lib import check, check_equal

HARM = b"<script>alert(1)</script>&quot;\"']]>\x1b[2J\x07\r\n%n%s%s%n$(touch bad)`touch bad`|../../bad"
ADDRESSES = [bytes([192, 0, 2, n]) for n in (1, 2)]
RESOLVE = ["-N", "dmnNtv"]
OURS = ["-z", "tcpstate,ladder", "-z", "tcpstate,connections", "-z", "tcpstate,tree"]


def capture_of(frames, harm):
    """A capture of the frames in which `harm`, if any, stands in all places."""
    def says(code):
        return [(code, harm)] if harm else []

    def record(kind, value):
        return struct.pack("<HH", kind, len(value)) + pcapng.padded(value)
    names = b"".join(record(1, address + harm + b"\0") for address in ADDRESSES) if harm else b""
    parts = [pcapng.section("<", *says(pcapng.COMMENT), *says(2), *says(3), *says(4)),
             pcapng.interface("<", 1, *says(2), *says(3), *says(12), *says(15)),
             pcapng.block("<", pcapng.NAMES, names + bytes(4))]
    parts += [pcapng.packet("<", 0, 1767225600 * 10**6 + number * 1000, data, *says(pcapng.COMMENT))
              for number, data in enumerate(frames)]
    return b"".join(parts)


def own_comments(capture):
    """The comments of the file and of each frame, but for theirs."""
    found = []
    for kind, body in ((b[1], b[2]) for b in pcapng.blocks(capture)):
        if kind in (pcapng.SECTION, pcapng.PACKET):
            options = pcapng.split("<", kind, body)[1]
            found.append([text for code, text in options if code == pcapng.COMMENT and text != HARM])
    return found


def made_of(wireshark, name, data):
    """Everything that the plugin makes of a capture, by kind; and the files that are there afterwards."""
    capture = wireshark.add_capture(name + ".pcapng", data)
    place = os.path.join(wireshark.dir, name)
    os.mkdir(place)
    os.chmod(place, 0o777)
    before = set(os.listdir(wireshark.dir))
    made = {"tables": wireshark.tshark(*RESOLVE, "-q", "-r", capture, *OURS),
            "fields": wireshark.fields(capture, sorted(wireshark.names("tcpstate")), *RESOLVE, "-2")}
    for kind, file in (("diagram", "of.svg"), ("annotate", "of.pcapng")):
        path = os.path.join(place, file)
        wireshark.tshark(*RESOLVE, "-q", "-r", capture, "-z", "tcpstate,%s,%s" % (kind, path))
        with open(path, "rb") as written:
            made[kind] = written.read()
    made["annotate"] = own_comments(made["annotate"])
    check_equal(name + ": files", sorted(os.listdir(place)), ["of.pcapng", "of.svg"])
    check_equal(name + ": files elsewhere", sorted(os.listdir(wireshark.dir)), sorted(before))
    return made


def main():
    with lib.start() as wireshark:
        with open(os.path.join(wireshark.dir, "captures", "data-after-fin.pcapng"), "rb") as file:
            frames = pcapng.packets(file.read())
        hostile = capture_of(frames, HARM)
        harmless, harmed = (made_of(wireshark, name, data) for name, data in
                            (("harmless", capture_of(frames, b"")), ("hostile", hostile)))
        # The names do arrive: otherwise this would show nothing.
        check("<script>" in wireshark.tshark(*RESOLVE, "-r", os.path.join(
            wireshark.dir, "captures", "hostile.pcapng"), "-V"), "Wireshark does not resolve the names")
        for kind, made in harmed.items():
            check(made == harmless[kind], "names in the file change what is made: %s\n%s\n%s" %
                  (kind, str(made)[:2000], str(harmless[kind])[:2000]))
        check(sum(map(len, harmed["annotate"])) == 7, "comments: %s" % harmed["annotate"])
    lib.finish()


if __name__ == "__main__":
    main()
