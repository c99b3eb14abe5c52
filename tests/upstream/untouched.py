#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stock dissection stays what it is on the captures that Wireshark's own tests use: every field with
its value and its place (PDML), the packet list and what is said on standard error are the same with
and without the plugin, in one pass and in two; and there is no trace of a plugin that is disabled,
be it by an option or in a profile.

usage: untouched.py PLUGIN [N]

N: of every N captures one, from a list that is always the same.  The captures come by `fetch`; the
exit status is 77 where they cannot be had.
"""

import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "wireshark"))
import lib  # noqa: E402

SUBTREE = re.compile(rb'( *)<proto name="tcpstate"')
TCP = b'  <proto name="tcp"'
HEAD = b"<pdml "  # the line with the time of the run
# What differs from run to run: process and time of a message.
RUN = re.compile(r"\(t?shark:\d+\) [\d:.]+|\(process:\d+\) [\d:.]+")
PDML, LIST = ["-T", "pdml"], ["-P"]
PROFILE = "Without states"
# Options, and whether the plugin's subtree is to be there. Where the first shows no TCP it is enough.
VIEWS = [(PDML, True), (PDML + ["-2"], True), (LIST, True), (LIST + ["-2"], True),
         (PDML + ["--disable-protocol", "tcpstate"], False),
         (PDML + ["-2", "-C", PROFILE], False),
         (PDML + ["--disable-protocol", "tcp"], False)]


class Shown:
    """What tshark shows, line by line."""

    def __init__(self, lines, strip):
        self.lines, self.strip = lines, strip
        self.tcp = self.subtrees = 0  # how many there were

    def __iter__(self):
        """The lines; if `strip`, as they would be had the plugin added nothing."""
        end = None
        for line in self.lines:
            subtree = SUBTREE.match(line) if self.strip and end is None else None
            if subtree:
                self.subtrees += 1
                end = subtree.group(1) + b"</proto>\n"
            if end is None and not line.startswith(HEAD):
                self.tcp += line.startswith(TCP)
                yield line
            if line == end:
                end = None


class Run:
    """One tshark that runs beside another one, so that the two can be compared line by line."""

    def __init__(self, wireshark, plugin, capture, options):
        command, env = wireshark.command("tshark", plugin)
        self.said = tempfile.TemporaryFile(mode="w+", errors="replace")
        self.process = subprocess.Popen(command + ["-n", "-r", capture] + options, env=env,
                                        stdout=subprocess.PIPE, stderr=self.said)

    def end(self):
        """Exit status and standard error."""
        status = self.process.wait()
        self.process.stdout.close()
        with self.said as file:
            file.seek(0)
            return status, RUN.sub("", file.read())


def compare(wireshark, capture, options, strip):
    """What was shown with the plugin."""
    name = "%s %s" % (os.path.basename(capture), " ".join(options))
    runs = [Run(wireshark, plugin, capture, options) for plugin in (True, False)]
    ours, stock = Shown(runs[0].process.stdout, strip), Shown(runs[1].process.stdout, False)
    for line, expected in itertools.zip_longest(ours, stock):
        if line != expected:
            lib.fail("%s: it says %s instead of %s" % (name, line, expected))
            for run in runs:
                run.process.kill()
            break
    ends = [run.end() for run in runs]
    lib.check(ends[0] == ends[1], "%s: status and messages are %s instead of %s" % (name, *ends))
    return ours


def compare_all(wireshark, capture):
    """How many subtrees of the plugin there are in the capture."""
    (options, strip), *others = VIEWS
    first = compare(wireshark, capture, options, strip)
    for options, strip in others if first.tcp else []:
        compare(wireshark, capture, options, strip)
    return first.subtrees


def captures(wireshark, every):
    fetched = subprocess.run([os.path.join(HERE, "fetch")], stdout=subprocess.PIPE, text=True,
                             check=False)
    if fetched.returncode:
        sys.exit(fetched.returncode)
    directory = fetched.stdout.strip()
    for name in sorted(os.listdir(directory))[::every]:
        yield shutil.copy(os.path.join(directory, name), os.path.join(wireshark.dir, "captures"))


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with lib.Wireshark(sys.argv[1]) as wireshark:
        profile = os.path.join(wireshark.home, "wireshark", "profiles", PROFILE)
        os.makedirs(profile)
        with open(os.path.join(profile, "disabled_protos"), "w", encoding="ascii") as file:
            file.write("tcpstate\n")
        subprocess.run(["chmod", "-R", "a+rX", wireshark.home], check=True)
        wanted = list(captures(wireshark, int(sys.argv[2]) if len(sys.argv) == 3 else 1))
        found = lib.for_each(lambda capture: compare_all(wireshark, capture), wanted)
    lib.check(any(found), "the plugin shows nothing anywhere")
    print("%d captures, %d of them with states, %d segments" %
          (len(wanted), sum(map(bool, found)), sum(found)))
    lib.finish()


main()
