#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What README.md shows is what the commands print.

usage: examples.py PLUGIN README.MD

Every block of code that begins with "$ tshark", "$ parallel" or "$ plugin/annotate" is a command, run
in the directory of README.MD, and under it all that it prints.
"""

import glob
import os
import re
import shlex
import shutil
import subprocess
import sys

import lib


def expanded(words, place):
    """As a shell does it with patterns."""
    return [name for word in words for name in sorted(glob.glob(word, root_dir=place)) or [word]]


def main():
    plugin, readme = sys.argv[1:]
    place = os.path.dirname(os.path.abspath(readme))
    with open(readme, encoding="utf-8") as file:
        blocks = re.findall(r"^```\n\$ (.*)\n((?:.*\n)*?)```$", file.read(), re.M)
    lib.check(len(blocks) >= 7, "%s shows %d commands" % (readme, len(blocks)))
    with lib.Wireshark(plugin, os.path.join(place, "captures")) as wireshark:
        for command, shown in blocks:
            program, *arguments = shlex.split(command)
            if program == "parallel" and not shutil.which(program):
                continue
            if program in ("tshark", "parallel"):
                printed = wireshark.run(program, *expanded(arguments, wireshark.dir))
            else:
                printed = subprocess.run([os.path.join(place, program), *arguments], cwd=place,
                                         check=True, stdout=subprocess.PIPE, text=True).stdout
            lib.check_equal(command, printed, shown)
    lib.finish()


main()
