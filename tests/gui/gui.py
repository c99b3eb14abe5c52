#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark itself, with the profile, on a desktop in memory: what a user sees and clicks.

gui.py PLUGIN CAPTURES PROFILES [DIRECTORY [all]]: the pictures that the README shows go to DIRECTORY,
if it is given; with "all" those of every step. Menus are used with the keyboard: places change with
fonts, the order of menus only with versions; VERSIONS says which are known.
"""

import os
import shutil
import subprocess
import sys
import xml.dom.minidom

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wireshark")]

import desktop
import lib
from lib import check

SKIPPED, LARGE = 77, 200000
VERSIONS = ("4.0",)
SHOWN = ("packet-list", "flow-graph", "diagram")
CAPTURE, ANOTHER = "data-after-fin", "simultaneous-close"

# Statistics menu, from the top; and from the bottom of it and of Tools: the submenu "TCP State".
CONNECTIONS, FLOW_GRAPH = ["alt+s"] + ["Down"] * 11 + ["Return"], ["alt+s"] + ["Down"] * 17 + ["Return"]
TREE = ["alt+s", "Up", "Right", "Return"]
ANNOTATE, DIAGRAM = ["alt+t", "Up", "Right", "Return"], ["alt+t", "Up", "Right", "Down", "Return"]
EXPERT = ["alt+a", "Up", "Return"]
CONVERSATION_FILTER = ["alt+a"] + ["Down"] * 6 + ["Right", "Up", "Return"] # while a field is selected


class Session:
    """One Wireshark with one capture, and what is done in it."""

    def __init__(self, wireshark, screen, pictures, wanted):
        self.wireshark, self.screen = wireshark, screen
        self.pictures, self.wanted = pictures, wanted
        self.directory = os.path.join(wireshark.dir, "captures")
        command, env = wireshark.command("wireshark", True)
        self.process = screen.start(
            command + ["-C", "TCP State", "-r", self.path(CAPTURE + ".pcapng"), "-g", "6",
                       "-o", "gui.update.enabled:FALSE"], env, wireshark.dir)
        self.main = self.window(CAPTURE)
        screen.place(self.main, 0, 0, 1400, 840)
        screen.settle(2)

    def path(self, name):
        return os.path.join(self.directory, name)

    def window(self, title):
        window = self.screen.window(title)
        if not window:
            lib.fail("no window '%s' appeared" % title)
            lib.finish()
        return window

    def picture(self, name, window="root"):
        if self.pictures and (self.wanted == "all" or name in SHOWN):
            self.keep(name, lambda path: self.screen.picture(path, window))

    def keep(self, name, draw):
        path = os.path.join(self.pictures, name + ".png")
        draw(path)
        check(os.path.getsize(path) < LARGE, "%s.png is large" % name)

    def open(self, keys, title):
        self.screen.do("windowactivate", "--sync", self.main)
        self.screen.settle(0.3)
        self.screen.keys(*keys)
        return self.window(title)

    def close(self, window):
        self.screen.do("windowactivate", "--sync", window)
        self.screen.keys("Escape")

    def check_alive(self, after):
        check(self.process.poll() is None, "Wireshark ended after: " + after)


def packet_details(session):
    """Unfold what the plugin says about the selected packet: Ethernet, IP, TCP, and in TCP the last."""
    screen = session.screen
    screen.drag(session.main, 700, 455, 700, 275) # more room for the details
    screen.click(session.main, 300, 780)
    screen.keys("Home", "Down", "Down", "Down", "Right", "End", "Up", "Right", # TCP State
                "Down", "Right", "Down", "Right", "Down", "Down", "Right", # verdict, finding, client
                "Up", "Up", "Up", "Up")
    screen.click(session.main, 300, 700, button=5, times=30) # the wheel
    screen.click(session.main, 700, 5, button=2) # nothing is under the mouse any more
    session.picture("packet-list")


def tables(session):
    expert = session.open(EXPERT, "Expert Information")
    session.picture("expert-information")
    session.close(expert)
    flow = session.open(FLOW_GRAPH, "Flow")
    session.screen.place(flow, 0, 0, 1200, 560)
    session.screen.keys("Tab", "Tab", "Tab")
    session.screen.click(flow, 630, 505)
    session.screen.keys("End", "Return")
    session.screen.settle(1.5)
    session.picture("flow-graph", flow)
    session.close(flow)
    session.close(session.open(TREE, "States and transitions"))
    connections = session.open(CONNECTIONS, "TCP State Connections")
    session.screen.place(connections, 20, 120, 1350, 300)
    session.picture("connections")
    session.close(connections)
    session.check_alive("the windows of the Statistics menu")


def comments_in(session, name):
    return session.wireshark.tshark("-r", session.path(name), "-Y", "frame.comment", "-T", "fields",
                                    "-e", "frame.comment", plugin=False)


def save(session, keys, title, name):
    """Accept what the dialog suggests."""
    dialog = session.open(keys, title)
    session.screen.do("windowactivate", "--sync", dialog)
    session.screen.keys("Return")
    result = session.window("TCP State: result")
    session.picture(name)
    session.close(result)


def annotated_copy(session):
    name = CAPTURE + "-annotated.pcapng"
    save(session, ANNOTATE, "Save annotated copy", "annotated-copy")
    check(os.path.exists(session.path(name)), "no annotated copy was written")
    check("data_after_fin" in comments_in(session, name), "the annotated copy has no comments")
    with open(session.path(name), "rb") as file:
        before = file.read()
    with open(session.path(name), "wb") as file:
        file.write(b"something else")
    save(session, ANNOTATE, "Save annotated copy", "not-overwritten")
    with open(session.path(name), "rb") as file:
        check(file.read() == b"something else", "an existing file was overwritten without a word")
    check(before.startswith(b"\n\r\r\n"), "the annotated copy is no pcapng file")


def draw_svg(screen, path, png):
    subprocess.run(["rsvg-convert", "-o", png, path], check=True)
    screen.reduce(png)


def state_diagram(session):
    save(session, DIAGRAM, "Save state diagram", "state-diagram")
    path = session.path(CAPTURE + "-states.svg")
    check(os.path.exists(path), "no state diagram was written")
    xml.dom.minidom.parse(path)
    if session.pictures and shutil.which("rsvg-convert"):
        session.keep("diagram", lambda png: draw_svg(session.screen, path, png))


def conversation_filter(session):
    """Analyze > Conversation Filter > TCP State; quit_program() looks for the filter it made."""
    session.screen.do("windowactivate", "--sync", session.main)
    session.screen.keys(*CONVERSATION_FILTER)
    session.screen.settle()
    session.picture("conversation-filter")
    session.check_alive("the conversation filter")


def other_files(session):
    """Tables stay open while the capture under them is dissected anew, closed, and another opened."""
    connections = session.open(CONNECTIONS, "TCP State Connections")
    for key in ("ctrl+r", "ctrl+shift+l", "ctrl+w"):
        session.screen.do("windowactivate", "--sync", session.main)
        session.screen.keys(key)
        session.screen.settle(1.5)
        session.check_alive(key)
    session.screen.keys("ctrl+o")
    session.screen.settle(1.5)
    session.screen.type(session.path(ANOTHER + ".pcapng"))
    session.screen.keys("Return")
    session.main = session.window(ANOTHER)
    session.screen.settle(1)
    again = session.open(CONNECTIONS, "TCP State Connections.*" + ANOTHER)
    check(again != connections, "the table of the first capture came back")
    session.picture("another-file")
    session.close(again)
    session.check_alive("another file")


def quit_program(session):
    session.screen.do("windowactivate", "--sync", session.main)
    session.screen.keys("ctrl+q")
    try:
        check(session.process.wait(20) == 0, "Wireshark's exit status is %d" %
              session.process.returncode)
    except subprocess.TimeoutExpired:
        lib.fail("Wireshark does not quit")
    with open(os.path.join(session.wireshark.home, "wireshark", "recent_common"),
              encoding="utf-8") as file:
        check("tcpstate.connection == 0" in file.read(), "no conversation filter was applied")


def main():
    if not 4 <= len(sys.argv) <= 6:
        sys.exit("usage: gui.py path/to/X.Y/epan/tcpstate.so CAPTURES PROFILES [DIRECTORY [all]]")
    plugin, captures, profiles, pictures, wanted = (sys.argv[1:] + [None, None])[:5]
    if desktop.missing():
        print("skipped: not installed: " + " ".join(desktop.missing()))
        sys.exit(SKIPPED)
    if not plugin.split(os.sep)[-3] in VERSIONS:
        print("skipped: the order of the menus is known of Wireshark %s" % ", ".join(VERSIONS))
        sys.exit(SKIPPED)
    with lib.Wireshark(plugin, captures) as wireshark, desktop.Desktop(1400, 870) as screen:
        shutil.copytree(profiles, os.path.join(wireshark.home, "wireshark", "profiles"))
        recent = os.path.join(wireshark.home, "wireshark", "profiles", "TCP State", "recent")
        with open(recent, "a", encoding="ascii") as file:
            file.write("gui.byte_view_show: FALSE\n")
        subprocess.run(["chmod", "-R", "a+rwX", wireshark.home, wireshark.dir + "/captures"],
                       check=True)
        if pictures:
            os.makedirs(pictures, exist_ok=True)
        session = Session(wireshark, screen, pictures, wanted)
        for step in (packet_details, tables, annotated_copy, state_diagram,
                     conversation_filter, other_files, quit_program):
            step(session)
    lib.finish()


if __name__ == "__main__":
    main()
