#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""-z tcpstate,diagram: valid, self-contained SVG, of the connection that was asked for. What is drawn, and where, is
tested without Wireshark, in tests/tell/pictures.py.

diagram.py PLUGIN CAPTURES
"""

import os
import re
import sys
import xml.etree.ElementTree

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path[:0] = [os.path.join(ROOT, "tests", "wireshark")]

import lib
from lib import check, check_equal

SVG = "{http://www.w3.org/2000/svg}"


def texts(group):
    return [element.text for element in group.iter(SVG + "text")]


def check_page(name, text):
    svg = xml.etree.ElementTree.fromstring(text)
    classes = [e.get("class", "").split() for e in svg.iter(SVG + "rect")]
    check_equal(name + ": boxes", sum("box" in c for c in classes), 11)
    check("prefers-color-scheme" in text, name + ": no colours for the dark")
    outside = re.sub(r'xmlns="[^"]*"|url\(#\w+\)', "", text)
    check(not re.search(r"https?:|url\(|href|<script|<image", outside), name + ": needs other files")
    return svg


def draw(wireshark, directory, capture, *options, number=""):
    path = os.path.join(directory, os.path.basename(capture) + ".svg")
    wireshark.tshark("-q", "-r", capture, *options, "-z", "tcpstate,diagram,%s%s" % (path, number),
                     status=(0, 2), quiet=False)
    with open(path, encoding="utf-8") as file:
        return file.read()


def check_capture(wireshark, directory, capture):
    name = os.path.basename(capture)
    if not wireshark.fields(capture, ["frame.number"], "-Y", "tcpstate", status=(0, 2), quiet=False):
        return
    svg = check_page(name, draw(wireshark, directory, capture))
    again = check_page(name + " -2", draw(wireshark, directory, capture, "-2"))
    check_equal(name + ": the way in two passes", badges(again), badges(svg))


def badges(svg):
    return sorted(text for text in texts(svg) if re.match(r"#\d+$", text or ""))


def check_way(wireshark, directory, capture):
    """The frames in the picture are those in which an end moved, in hindsight; each stands at a line and in
    the list."""
    svg = xml.etree.ElementTree.fromstring(draw(wireshark, directory, capture))
    moves = wireshark.fields(capture, ["frame.number", "tcpstate.transition"], "-2", "-Y",
                             "tcpstate.transition")
    expected = sorted("#" + row[0] for row in moves for _ in row[1].split(",") for _ in (1, 2))
    check_equal("frames of the way", badges(svg), expected)
    words = " ".join(t or "" for t in texts(svg))
    check("client ends in FIN-WAIT-2" in words and "server ends in CLOSE-WAIT" in words,
          "how it ends: " + words)
    check("#6 data_after_fin." in words, "the illegal segment is not called out")


def check_late(wireshark, directory, capture):
    """A late FIN moves its receiver where it came, and nobody goes back."""
    text = draw(wireshark, directory, capture)
    check("CLOSE-WAIT to ESTABLISHED" not in text and "FIN-WAIT-1 to CLOSING" in text,
          "the way through a simultaneous close")


def check_icmp(wireshark, directory, capture):
    """What ended the attempt was no segment; it is on the way all the same."""
    svg = xml.etree.ElementTree.fromstring(draw(wireshark, directory, capture))
    words = " ".join(t or "" for t in texts(svg))
    check("client ends in CLOSED (assumed)" in words and "server ends in LISTEN" in words,
          "how it ends by an ICMP error: " + words)
    stub = [g for g in svg.iter(SVG + "g") if "rcv ICMP error" in (g.findtext(SVG + "title") or "")]
    check(["#2"] == [t for t in texts(stub[0]) if t.startswith("#")], "the line of the ICMP error")


def check_numbers(wireshark, directory, capture):
    """The second connection of two is another one than the first, and the default is the first."""
    first, second = (draw(wireshark, directory, capture, number=n) for n in (",0", ",1"))
    check(first == draw(wireshark, directory, capture), "the first connection is not the default")
    check("connection 1 of 2 (the first is 0), in hindsight" in second and first != second,
          "the second connection")


def check_refusals(wireshark, directory, capture):
    none = os.path.join(directory, "none.svg")
    closed = os.path.join(directory, "closed")
    os.mkdir(closed, 0o555)
    for argument, word in (("", "no file"), (",", "no file"), (",,1", "no file"),
                           ("," + none + ",7", "no connection 7"),
                           (",%s/x/y.svg" % directory, "No such file"),
                           (",%s/y.svg" % closed, "Permission denied")):
        said = wireshark.tshark("-q", "-r", capture, "-z", "tcpstate,diagram" + argument, status=(1,))
        check(said.count("\n") == 1 and word in said, "diagram%s: %s" % (argument, said))
    check(not os.path.exists(none), "a picture of no connection was written")
    comma = os.path.join(directory, "a,b.svg")
    wireshark.tshark("-q", "-r", capture, "-z", "tcpstate,diagram," + comma)
    check(os.path.exists(comma), "a comma in the name of the file")


def main():
    with lib.start() as wireshark:
        captures = wireshark.captures()
        directory = os.path.join(wireshark.dir, "work")
        os.mkdir(directory)
        os.chmod(directory, 0o777)
        lib.for_each(lambda capture: check_capture(wireshark, directory, capture), captures)
        faulty = [c for c in captures if "data-after-fin" in c][0]
        check_way(wireshark, directory, faulty)
        check_late(wireshark, directory, [c for c in captures if "simultaneous-close" in c][0])
        check_icmp(wireshark, directory, [c for c in captures if "icmp-quotes-header" in c][0])
        check_numbers(wireshark, directory, [c for c in captures if "time-wait-reuse" in c][0])
        check_refusals(wireshark, directory, faulty)
        left = [name for name in os.listdir(directory) if not name.endswith(".svg")]
        check(left == ["closed"], "left behind: %s" % left)
    lib.finish()


if __name__ == "__main__":
    main()
