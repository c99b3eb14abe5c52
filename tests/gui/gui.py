#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark itself, with the profile, on a desktop in memory: what a user sees and clicks.

gui.py PLUGIN CAPTURES PROFILE.zip [DIRECTORY [all]]: the pictures that the README shows go to DIRECTORY,
if it is given; with "all" those of every step. Menus are used with the keyboard: places change with
fonts, the order of menus only with versions; VERSIONS says which are known.
"""

import os
import re
import shutil
import subprocess
import sys
import xml.dom.minidom
import zipfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wireshark")]

import desktop
import lib
from lib import check
from session import Session

SKIPPED = 77
PROFILE = "TCP State"
RECENT = PROFILE + "/recent" # Wireshark writes it anew when it quits
CAPTURE, ANOTHER = "data-after-fin", "simultaneous-close"


class Version:
    """What differs between versions: how many entries of the Statistics menu stand above ours and above
    the Flow Graph, and whether any profile can be imported from a zip file."""

    def __init__(self, connections, flow_graph, takes_zip):
        self.connections = ["alt+s"] + ["Down"] * connections + ["Return"]
        self.flow_graph = ["alt+s"] + ["Down"] * flow_graph + ["Return"]
        self.takes_zip = takes_zip


# 4.4.18 looks for what it unpacks in its own working directory, and so refuses every zip file. 4.6 has
# Plots in the menu.
VERSIONS = {"4.0": Version(11, 17, True), "4.4": Version(11, 17, False), "4.6": Version(12, 18, True)}

# From the bottom of the menus Statistics and Tools: the submenu "TCP State".
TREE = ["alt+s", "Up", "Right", "Return"]
ANNOTATE, DIAGRAM = ["alt+t", "Up", "Right", "Return"], ["alt+t", "Up", "Right", "Down", "Return"]
SHOW = ["alt+t", "Up", "Right", "Down", "Down", "Return"]
EXPERT = ["alt+a", "Up", "Return"]
CONVERSATION_FILTER = ["alt+a"] + ["Down"] * 6 + ["Right", "Up", "Return"] # while a field is selected


def packet_details(session):
    """They open on what the plugin says about the selected packet."""
    screen = session.screen
    screen.click(session.main, 300, 150)
    screen.keys("ctrl+Home", *["Down"] * 5, "Tab", "Home", *["Down"] * 6) # frame 6, and in it TCP State
    screen.click(session.main, 700, 5, button=2) # nothing is under the mouse any more
    session.picture("packet-list")


def tables(session):
    expert = session.open(EXPERT, "Expert Information")
    session.picture("expert-information")
    session.close(expert)
    flow = session.open(session.version.flow_graph, "Flow")
    session.screen.place(flow, 0, 0, 1200, 560)
    session.screen.keys("Tab", "Tab", "Tab")
    session.screen.click(flow, 630, 505)
    session.screen.keys("End", "Return")
    session.screen.settle(1.5)
    session.picture("flow-graph", flow)
    session.close(flow)
    session.close(session.open(TREE, "States and transitions"))
    connections = session.open(session.version.connections, "TCP State Connections")
    session.screen.place(connections, 20, 120, 1350, 300)
    session.picture("connections")
    session.close(connections)
    session.check_alive("the windows of the Statistics menu")


def comments_in(session, name):
    return session.wireshark.tshark("-r", session.path(name), "-Y", "frame.comment", "-T", "fields",
                                    "-e", "frame.comment", plugin=False)


def save(session, keys, title, name, connection=None):
    """Accept what the dialog suggests, but for the number of the connection, if that is given."""
    dialog = session.open(keys, title)
    session.screen.do("windowactivate", "--sync", dialog)
    if connection:
        session.screen.keys(*["Tab"] * 4) # past the buttons, the file, the answer
        session.screen.type(connection)
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
    path = session.path(CAPTURE + "-states.svg")
    save(session, DIAGRAM, "Save state diagram", "no-number", "0x")
    check(not os.path.exists(path), "a state diagram was written for connection 0x")
    save(session, DIAGRAM, "Save state diagram", "state-diagram")
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


def show_connection(session):
    """From a row of the table to its packets; quit_program() looks for the filters. The first finds nothing."""
    for number in ("1", "0"):
        dialog = session.open(SHOW, "Show connection")
        session.screen.keys("Tab", "Tab")
        session.screen.type(number)
        session.picture("show-connection", dialog)
        session.screen.keys("Return")
    session.check_alive("a connection is shown")


def check_table(session, table, capture, when):
    """What "Save as" writes of a table of connections is what tshark counts in the capture."""
    path = session.path("table %s.txt" % when)
    session.screen.place(table, 20, 120, 1350, 300)
    session.screen.click(table, 1205, 276)
    session.window("Save Statistics As")
    session.screen.type(path)
    session.screen.keys("Return")
    session.screen.settle(1)
    with open(path, encoding="utf-8") as file:
        shown = [re.split(" {2,}", line.strip())[:-1] for line in file if re.match(r" *\d+ ", line)]
    text = session.wireshark.tshark("-q", "-n", "-r", session.path(capture + ".pcapng"), "-z",
                                    "tcpstate,connections")
    counted = [[cell.strip() for cell in line.split("|")][:-2] for line in text.splitlines()
               if re.match(r" *\d+ \|", line)]
    check(counted and shown == counted, "%s the table has %s, not %s" % (when, shown, counted))


def press(session, key, what):
    session.screen.do("windowactivate", "--sync", session.main)
    session.screen.keys(key)
    session.screen.settle(1.5)
    session.check_alive(what)


def other_files(session):
    """Tables stay open while the capture under them is dissected anew, closed, and another opened."""
    connections = session.open(session.version.connections, "TCP State Connections")
    check_table(session, connections, CAPTURE, "at first")
    for key, when in (("ctrl+shift+l", "dissected anew"), ("ctrl+r", "read anew")):
        press(session, key, when)
        check_table(session, connections, CAPTURE, when)
    press(session, "ctrl+w", "closed")
    press(session, "ctrl+o", "another file is asked for")
    session.screen.type(session.path(ANOTHER + ".pcapng"))
    session.screen.keys("Return")
    session.main = session.window(ANOTHER)
    session.screen.settle(1)
    again = session.open(session.version.connections, "TCP State Connections.*" + ANOTHER)
    check(again != connections, "the table of the first capture came back")
    session.picture("another-file")
    check_table(session, again, ANOTHER, "of another file")
    session.close(again)
    session.check_alive("another file")


def quit_program(session):
    session.quit()
    with open(os.path.join(session.wireshark.home, "wireshark", "recent_common"),
              encoding="utf-8") as file:
        filters = file.read()
    check("tcpstate.connection == 0" in filters, "no conversation filter was applied")
    check("tcpstate.connection == 1" in filters, "the connection that was asked for is not shown")


def check_expert_indicator(session):
    """The severest finding of the file, ours, colours the circle at the lower left, though nothing asks for
    it."""
    session.screen.settle(1)
    red = [c for c in session.screen.colors(0, 810, 80, 60) if c[0] > 180 and max(c[1:]) < 140]
    check(len(red) > 20, "the expert indicator is not red")


def import_profile(session, archive):
    """Edit > Configuration Profiles > Import. What arrives is what was in the zip file."""
    screen, takes_zip = session.screen, session.version.takes_zip
    profiles = os.path.join(session.wireshark.home, "wireshark", "profiles")
    source = os.path.join(session.directory, "profile.zip" if takes_zip else "profile")
    with zipfile.ZipFile(archive) as file:
        wanted = {name: file.read(name) for name in file.namelist() if not name.endswith("/")}
        if takes_zip:
            shutil.copy(archive, source)
        else:
            file.extractall(source)
    subprocess.run(["chmod", "-R", "a+rX", source], check=True)
    session.start(CAPTURE)
    check_expert_indicator(session)
    dialog = session.open(["ctrl+shift+a"], "Configuration Profiles")
    screen.place(dialog, 100, 100, 800, 500)
    screen.click(dialog, 480, 475)
    screen.keys("Down", *[] if takes_zip else ["Down"], "Return")
    session.window("for import")
    screen.type(source)
    screen.keys("Return")
    session.window("Importing profiles")
    session.picture("profile-imported")
    screen.keys("Return")
    screen.click(dialog, 395, 475) # OK
    session.quit()
    for name, data in wanted.items():
        path = os.path.join(profiles, name)
        if not os.path.exists(path):
            lib.fail("the import has left out " + name)
            lib.finish()
        with open(path, "rb") as file:
            check(file.read() == data or name == RECENT, "the import has changed " + name)
    with open(os.path.join(profiles, RECENT), "wb") as file:
        file.write(wanted[RECENT] + b"gui.geometry_main_upper_pane: 175\n") # room for the details


def main():
    if not 4 <= len(sys.argv) <= 6:
        sys.exit("usage: gui.py path/to/X.Y/epan/tcpstate.so CAPTURES PROFILE.zip [DIRECTORY [all]]")
    plugin, captures, archive, pictures, wanted = (sys.argv[1:] + [None, None])[:5]
    if desktop.missing():
        print("skipped: not installed: " + " ".join(desktop.missing()))
        sys.exit(SKIPPED)
    version = plugin.split(os.sep)[-3]
    if version not in VERSIONS:
        print("skipped: the order of the menus is known of Wireshark %s" % ", ".join(VERSIONS))
        sys.exit(SKIPPED)
    with lib.Wireshark(plugin, captures) as wireshark, desktop.Desktop(1400, 870) as screen:
        subprocess.run(["chmod", "-R", "a+rwX", wireshark.home, wireshark.dir + "/captures"],
                       check=True)
        if pictures:
            os.makedirs(pictures, exist_ok=True)
        session = Session(wireshark, screen, VERSIONS[version], pictures, wanted)
        import_profile(session, archive)
        session.start(CAPTURE, "-C", PROFILE)
        for step in (packet_details, tables, annotated_copy, state_diagram,
                     conversation_filter, show_connection, other_files, quit_program):
            step(session)
    lib.finish()


if __name__ == "__main__":
    main()
