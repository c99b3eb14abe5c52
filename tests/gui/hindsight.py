#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark's packet list and details show hindsight: after loading, scrolling, another dissection, reading
the file anew, and in another file.

hindsight.py PLUGIN CAPTURES PROFILE.zip [DIRECTORY [all]]: pictures go to DIRECTORY, if it is given.
"""

import os
import subprocess
import sys
import zipfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wireshark")]

import desktop
import lib
import made
from lib import check, check_equal
from session import Session

SKIPPED = 77
READINGS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                      "plugin", "READINGS.md")
OTHERS = 60000 # segments between the beginning and the end of a connection: a second to load
COPY_ROW = ["Menu"] + ["Up"] * 4 + ["Right", "Return"] # Copy > Summary as Text
STATES = ["frame.number", "tcpstate.client.state.str", "tcpstate.server.state.str"]


def shown_rows(session, count):
    """Number and states of the first rows of the packet list."""
    session.screen.do("windowactivate", "--sync", session.main)
    session.screen.click(session.main, 300, 150)
    session.screen.keys("ctrl+Home")
    rows = []
    for _ in range(count):
        session.screen.keys(*COPY_ROW)
        words = session.screen.clipboard().split()
        rows.append(words[:1] + [word.strip("*?") for word in words[5:7]]) # connection, time, two addresses
        session.screen.keys("Down")
    return rows


def check_rows(session, name, count, when):
    told = session.wireshark.fields(session.path(name), STATES, "-2")[:count]
    check_equal("%s, %s" % (name, when), shown_rows(session, count), told)


def rows_stay_right(session):
    """The last ACK of the handshake, frame 3, was lost, as the end of the file shows."""
    name = "lossy.pcap"
    check_rows(session, name, 4, "after loading")
    session.screen.keys("ctrl+End", "ctrl+Home")
    check_rows(session, name, 4, "after scrolling")
    for key, when in (("ctrl+shift+l", "dissected anew"), ("ctrl+r", "read anew")):
        session.screen.keys(key)
        session.screen.settle(4)
        check_rows(session, name, 4, when)
    session.check_alive("scrolling and reading anew")


def another_file(session):
    session.screen.keys("ctrl+o")
    session.screen.settle(1.5)
    session.screen.type(session.path("aborted.pcap"))
    session.screen.keys("Return")
    session.main = session.window("aborted")
    session.screen.settle(1)
    check_rows(session, "aborted.pcap", 14, "another file")


def fate_in_details(session):
    """Of the RST that came late."""
    session.screen.click(session.main, 300, 150)
    session.screen.keys("ctrl+Home", *["Down"] * 7, "Tab", "ctrl+alt+shift+a") # copies what is unfolded
    text = session.screen.clipboard()
    check("In hindsight: this segment probably was still on its way when frame 13 was sent" in text,
          "the details do not open on the fate: " + text[-2000:])
    check("When this segment came, it looked like CLOSED" in text, "no live state in the details")
    session.screen.click(session.main, 700, 5, button=2) # nothing is under the mouse any more
    session.picture("late-reset")


def ladder_beside_it(session):
    """What READINGS.md shows beside the picture is what is printed."""
    ladder = session.wireshark.tshark("-q", "-n", "-r", session.path("aborted.pcap"), "-z", "tcpstate,ladder")
    with open(READINGS, encoding="utf-8") as page:
        check("".join(ladder.splitlines(True)[-9:]) in page.read(), "READINGS.md has another ladder:\n" + ladder)


def main():
    if not 4 <= len(sys.argv) <= 6:
        sys.exit("usage: hindsight.py path/to/X.Y/epan/tcpstate.so CAPTURES PROFILE.zip [DIRECTORY [all]]")
    plugin, captures, archive, pictures, wanted = (sys.argv[1:] + [None, None])[:5]
    if desktop.missing():
        print("skipped: not installed: " + " ".join(desktop.missing()))
        sys.exit(SKIPPED)
    with lib.Wireshark(plugin, captures) as wireshark, desktop.Desktop(1400, 870) as screen:
        with zipfile.ZipFile(archive) as file:
            file.extractall(os.path.join(wireshark.home, "wireshark", "profiles"))
        with open(os.path.join(wireshark.home, "wireshark", "profiles", "TCP State", "recent"), "a",
                  encoding="utf-8") as file:
            file.write("gui.geometry_main_upper_pane: 190\n") # room for 14 rows, and for the details
        wireshark.add_capture("lossy.pcap", made.lossy(OTHERS))
        wireshark.add_capture("aborted.pcap", made.aborted())
        subprocess.run(["chmod", "-R", "a+rwX", wireshark.home, wireshark.dir + "/captures"], check=True)
        if pictures:
            os.makedirs(pictures, exist_ok=True)
        session = Session(wireshark, screen, None, pictures, wanted)
        session.start("lossy.pcap", "-C", "TCP State")
        for step in (rows_stay_right, another_file, fate_in_details, ladder_beside_it, Session.quit):
            step(session)
    lib.finish()


if __name__ == "__main__":
    main()
