#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What README.md and other pages show is what the commands print.

usage: examples.py [--update] PLUGIN README.MD [PAGE.MD...]

With --update, writes it there. Every block of code that begins with "$ tshark", "$ parallel" or "$ plugin/annotate" is a command, run
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


BLOCK = re.compile(r"^```\n\$ ((?:.*\\\n)*.*)\n((?:.*\n)*?)```$", re.M)


def printed_by(command, wireshark, place):
    """None: a program is not installed."""
    program, *arguments = shlex.split(command)
    if "plugin/annotate" in (program, *arguments):
        return run_here(command, place)
    if program == "parallel" and not shutil.which(program):
        return None
    return wireshark.run(program, *expanded(arguments, wireshark.dir))


def treat(page, update, wireshark, place):
    with open(page, encoding="utf-8") as file:
        text = file.read()
    lib.check(BLOCK.search(text), "%s shows no command" % page)

    def now(block):
        command, shown = block.groups()
        printed = printed_by(command, wireshark, place)
        if printed is None or printed == shown:
            return block.group()
        if not update:
            lib.check_equal(command, printed, shown)
        return "```\n$ %s\n%s```" % (command, printed)

    made = BLOCK.sub(now, text)
    if update:
        with open(page, "w", encoding="utf-8") as file:
            file.write(made)


def run_here(command, place):
    """With the plugin that annotate builds; a shell runs what has a pipe."""
    arguments = ["bash", "-o", "pipefail", "-c", command] if "|" in command else shlex.split(command)
    return subprocess.run(arguments, cwd=place, check=True, stdout=subprocess.PIPE, text=True).stdout


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--update"]
    plugin, readme, *pages = arguments
    place = os.path.dirname(os.path.abspath(readme))
    with lib.Wireshark(plugin, os.path.join(place, "captures")) as wireshark:
        for page in [readme] + pages:
            treat(page, "--update" in sys.argv, wireshark, place)
    lib.finish()


main()
