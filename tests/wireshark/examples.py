#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What README.md and other pages show is what the commands print.

usage: examples.py PLUGIN README.MD [PAGE.MD...]

Every block of code that begins with "$ tshark", "$ parallel" or "$ plugin/annotate" is a command, run
in the directory of README.MD, and under it all that it prints. A line that ends in "\\" goes on.
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


def blocks_of(page):
    with open(page, encoding="utf-8") as file:
        blocks = re.findall(r"^```\n\$ ((?:.*\\\n)*.*)\n((?:.*\n)*?)```$", file.read(), re.M)
    lib.check(blocks, "%s shows no command" % page)
    return blocks


def run_here(command, place):
    """With the plugin that annotate builds; a shell runs what has a pipe."""
    arguments = ["bash", "-o", "pipefail", "-c", command] if "|" in command else shlex.split(command)
    return subprocess.run(arguments, cwd=place, check=True, stdout=subprocess.PIPE, text=True).stdout


def main():
    plugin, readme, *pages = sys.argv[1:]
    place = os.path.dirname(os.path.abspath(readme))
    blocks = [block for page in [readme] + pages for block in blocks_of(page)]
    with lib.Wireshark(plugin, os.path.join(place, "captures")) as wireshark:
        for command, shown in blocks:
            program, *arguments = shlex.split(command)
            if "plugin/annotate" in (program, *arguments):
                lib.check_equal(command, run_here(command, place), shown)
                continue
            if program == "parallel" and not shutil.which(program):
                continue
            printed = wireshark.run(program, *expanded(arguments, wireshark.dir))
            lib.check_equal(command, printed, shown)
    lib.finish()


main()
