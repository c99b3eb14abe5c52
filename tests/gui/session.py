# SPDX-License-Identifier: GPL-2.0-or-later
"""One run of Wireshark, and what is done in it with keyboard and mouse."""

import os
import re
import subprocess

import lib
from lib import check

LARGE = 200000
SHOWN = ("packet-list", "flow-graph", "diagram", "late-reset")

# What Wireshark writes when it does not like what a profile says; but not what Qt says of the machine.
COMPLAINT = re.compile(r"^(?!.* -- (?:Q\w+:|Session DBus|Application will not react)).*(\*\* \(|tcpstate|TCP State|profile|preferences|colorfilters|"
                       r"dfilter|recent)", re.I)


class Session:
    """`version`: what the caller knows of it; `pictures`: where those go that the README shows, or all
    of them if `wanted` is "all"."""

    def __init__(self, wireshark, screen, version, pictures, wanted):
        self.wireshark, self.screen, self.version = wireshark, screen, version
        self.pictures, self.wanted = pictures, wanted
        self.directory = os.path.join(wireshark.dir, "captures")
        self.process = self.main = self.errors = None

    def start(self, capture, *options, size=(1400, 840), env=()):
        """Nothing but the main window appears, and not a word of complaint. `env`: variables to change."""
        command, usual = self.wireshark.command("wireshark", True)
        self.errors = os.path.join(self.wireshark.dir, "errors")
        self.process = self.screen.start(
            command + ["-r", self.path(capture if "." in capture else capture + ".pcapng"), "-o", "gui.update.enabled:FALSE", *options],
            dict(usual, **dict(env)), self.wireshark.dir, self.errors)
        self.main = self.window(capture)
        self.screen.place(self.main, 0, 0, *size)
        self.screen.settle(2)
        titles = self.screen.titles()
        check(len(titles) == 1, "windows after the start: %s" % titles)

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

    def quit(self):
        self.screen.do("windowactivate", "--sync", self.main)
        self.screen.keys("ctrl+q")
        try:
            check(self.process.wait(20) == 0, "Wireshark's exit status is %d" % self.process.returncode)
        except subprocess.TimeoutExpired:
            lib.fail("Wireshark does not quit")
        with open(self.errors, encoding="utf-8", errors="replace") as file:
            said = [line for line in file if COMPLAINT.search(line)]
        check(not said, "Wireshark complains: %s" % "".join(said))
