#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""captures/ANSWERS.md: each command prints the answer that stands beside it.

usage: answers.py PLUGIN LADDER2PCAP ANSWERS.MD [--update] LADDER...

Each capture in answers/ is what LADDER2PCAP makes of the ladder of that name; --update makes them anew.
"""

import filecmp
import glob
import os
import re
import shlex
import shutil
import subprocess
import sys

import lib

ROW = re.compile(r"^\| (.*?) \| .*? \| `(tshark .*?)` \| `(.*?)` \| (yes|no|in part) \|$", re.M)
YES_MIN = 23 # of 26 questions


def words(text):
    return " ".join(text.split())


def check_row(wireshark, place, question, command, answer):
    printed = wireshark.run(*[word.replace("captures/", place + "/") for word in shlex.split(command)])
    lib.check(answer in words(printed), "%s: %s\ndoes not print: %s\nbut: %s" % (question, command, answer, printed))


def check_captures(ladder2pcap, directory, ladders, update):
    by_name = {os.path.splitext(os.path.basename(ladder))[0]: ladder for ladder in ladders}
    captures = glob.glob(os.path.join(directory, "*.pcap"))
    lib.check(captures, "no captures in " + directory)
    for capture in captures:
        made = capture + ".made" if not update else capture
        name = os.path.splitext(os.path.basename(capture))[0]
        subprocess.run([ladder2pcap, by_name[name], made], check=True)
        lib.check(filecmp.cmp(made, capture, shallow=False), capture + " is not its ladder's; --update makes it anew")


def main():
    plugin, ladder2pcap, page, *ladders = sys.argv[1:]
    update = "--update" in ladders
    with open(page, encoding="utf-8") as file:
        text = file.read()
    rows, source = ROW.findall(text), os.path.dirname(os.path.abspath(page))
    questions = len(re.findall(r"^\|", text, re.M)) - 2
    lib.check(len(rows) == questions, "%d of %d rows can be read" % (len(rows), questions))
    yes = sum(row[3] == "yes" for row in rows)
    lib.check(yes >= YES_MIN and "%d of %d are" % (yes, questions) in text, "%d of %d are as the experts said" % (yes, questions))
    with lib.Wireshark(plugin, source) as wireshark:
        place = os.path.join(wireshark.dir, "captures")
        own = os.path.join(source, "answers") if update else shutil.copytree(
            os.path.join(source, "answers"), os.path.join(place, "answers"))
        check_captures(ladder2pcap, own, [name for name in ladders if name != "--update"], update)
        if not update:
            subprocess.run(["chmod", "-R", "a+rX", place], check=True)
            lib.for_each(lambda row: check_row(wireshark, place, *row[:3]), rows)
    lib.finish()


main()
