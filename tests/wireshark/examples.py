#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What README.md shows is what the commands print.

usage: examples.py PLUGIN README.MD

Every block of code that begins with "$ tshark" or "$ plugin/annotate" is a command, run in the
directory of README.MD, and under it all that it prints.
"""

import os
import re
import shlex
import subprocess
import sys

import lib


def main():
    plugin, readme = sys.argv[1:]
    place = os.path.dirname(os.path.abspath(readme))
    with open(readme, encoding="utf-8") as file:
        blocks = re.findall(r"^```\n\$ (.*)\n((?:.*\n)*?)```$", file.read(), re.M)
    lib.check(len(blocks) >= 6, "%s shows %d commands" % (readme, len(blocks)))
    with lib.Wireshark(plugin, os.path.join(place, "captures")) as wireshark:
        for command, shown in blocks:
            program, *arguments = shlex.split(command)
            if program == "tshark":
                arguments = [a.replace("captures/", wireshark.dir + "/captures/", 1)
                             if a.startswith("captures/") else a for a in arguments]
                printed = wireshark.tshark(*arguments)
            else:
                printed = subprocess.run([os.path.join(place, program), *arguments], cwd=place,
                                         check=True, stdout=subprocess.PIPE, text=True).stdout
            lib.check_equal(command, printed, shown)
    lib.finish()


main()
