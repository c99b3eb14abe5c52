#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every capture has its ladder in tests/expected: both states and all findings, packet by packet.

usage: captures.py PLUGIN CAPTURES EXPECTED [--update]

With --update the ladders are written as they are now; look at the difference before you keep it.
Whether they are what the kernel really did is the business of tests/lab/kernel.
"""

import os
import sys

import lib

OPTIONS = ["-o", "tcp.check_checksum:TRUE"]


def expected_file(directory, capture):
    return os.path.join(directory, os.path.splitext(os.path.basename(capture))[0] + ".ladder")


def check_capture(wireshark, directory, capture, update):
    file = expected_file(directory, capture)
    printed = wireshark.tshark("-q", "-r", capture, *OPTIONS, "-z", "tcpstate,ladder")
    if update:
        with open(file, "w") as out:
            out.write(printed)
    if not os.path.exists(file):
        lib.fail("%s has no ladder in %s" % (os.path.basename(capture), directory))
        return
    with open(file) as lines:
        lib.check_equal(os.path.basename(file), printed, lines.read())


def main():
    plugin, captures, directory, *update = sys.argv[1:]
    with lib.Wireshark(plugin, captures) as wireshark:
        found = wireshark.captures()
        lib.for_each(lambda capture: check_capture(wireshark, directory, capture, update), found)
        known = {os.path.basename(expected_file(directory, capture)) for capture in found}
        for stray in sorted(set(os.listdir(directory)) - known):
            lib.fail("%s is of no capture" % stray)
    lib.finish()


main()
