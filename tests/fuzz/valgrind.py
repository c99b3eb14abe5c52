#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory under valgrind's memcheck: no error in which the plugin has a part, and no memory left over
that grows with the packets or with the files that one program opens.

usage: valgrind.py PLUGIN CAPTURES

Every allocation of Wireshark's is one of malloc's here (wmem "simple", GLib without slices), so that
memcheck sees each of them.  What grows is found by doing the same work once and several times.
"""

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "wireshark"))
import lib  # noqa: E402

# A function of the plugin that calls stock TCP: what happens below it is not yet ours.
PASSES_ON = "dissect"
TIMES = 3


def is_ours(record):
    return any("tcpstate.so" in frame.findtext("obj", "") and frame.findtext("fn") != PASSES_ON
               for frame in record.iter("frame"))


def told(record):
    functions = [frame.findtext("fn", "?") for frame in record.find("stack")]
    what = record.findtext("what") or record.findtext("xwhat/text")
    return "%s: %s" % (what, " < ".join(functions[:12]))


def memcheck(wireshark, name, program, *args, stdin=None):
    """Bytes that were left over, of those that functions of ours took; errors of ours are told."""
    report = os.path.join(wireshark.home, name + ".xml")
    command, env = wireshark.command("valgrind", True)
    env["WIRESHARK_DEBUG_WMEM_OVERRIDE"], env["G_SLICE"] = "simple", "always-malloc"
    command += ["-q", "--keep-debuginfo=yes", "--leak-check=full", "--show-leak-kinds=all",
                "--num-callers=40", "--xml=yes", "--xml-file=" + report, shutil.which(program), *args]
    # Exit status 2: the capture is cut short.
    done = subprocess.run(command, env=env, cwd=wireshark.dir, input=stdin, capture_output=True)
    lib.check(done.returncode in (0, 2), "%s: status %d\n%s" % (name, done.returncode, done.stderr))
    left = 0
    for record in filter(is_ours, xml.etree.ElementTree.parse(report).getroot().iter("error")):
        if record.findtext("kind").startswith("Leak_"):
            left += int(record.findtext("xwhat/leakedbytes"))
        else:
            lib.fail("%s: %s" % (name, told(record)))
    return left


def merged(wireshark, captures):
    path = os.path.join(wireshark.dir, "of-%d.pcapng" % len(captures))
    subprocess.run(["mergecap", "-a", "-w", path, *captures], check=True, stderr=subprocess.DEVNULL)
    os.chmod(path, 0o644)
    return path


def requests(capture):
    """What a program like Wireshark does with one file after another, all views opened and closed."""
    yield "load", {"file": capture}
    yield "tap", {"tap0": "stat:tcpstate", "tap1": "seqa:tcpstate",
                  "tap2": "nstat:tcpstate,connections", "tap3": "expert"}
    yield "frames", {"column0": "tcpstate.states:0"}
    for number in (1, 3, 5):
        yield "frame", {"frame": number, "proto": True}


def as_lines(calls):
    return "".join(json.dumps({"jsonrpc": "2.0", "id": n, "method": method, "params": params}) + "\n"
                   for n, (method, params) in enumerate(calls, 1)).encode()


def jobs(wireshark, captures):
    """What is run, by name: program, arguments, standard input."""
    one, many = merged(wireshark, captures), merged(wireshark, captures * TIMES)
    file = os.path.join(wireshark.home, "drawn")
    views = ["-z", "tcpstate,ladder", "-z", "tcpstate,connections", "-z", "tcpstate,tree",
             "-z", "flow,tcpstate,standard", "-z", "tcpstate,diagram,%s.svg" % file,
             "-z", "tcpstate,annotate,%s.pcapng" % file]
    work = list(requests(captures[0]))
    return {"once": ("tshark", ("-n", "-r", one, "-2", "-V"), None),
            "several times": ("tshark", ("-n", "-r", many, "-2", "-V"), None),
            "views": ("tshark", ("-n", "-r", one, "-q", *views), None),
            "one file": ("sharkd", ("-",), as_lines(work)),
            "several files": ("sharkd", ("-",), as_lines(work * TIMES))}


def main():
    for program in ("valgrind", "mergecap", "sharkd"):
        if not shutil.which(program):
            print("skipped: %s is not installed" % program)
            sys.exit(77)
    with lib.start() as wireshark:
        wanted = jobs(wireshark, wireshark.captures()[::5])
        left = dict(zip(wanted, lib.for_each(
            lambda name: memcheck(wireshark, name, *wanted[name][:1], *wanted[name][1],
                                  stdin=wanted[name][2]), wanted)))
    lib.check(left["one file"] > 0, "of an open file there is nothing: memcheck does not see the plugin")
    for less, more in (("once", "several times"), ("one file", "several files")):
        lib.check(left[more] <= left[less], "%d bytes are left over after %s, %d after %s" %
                  (left[less], less, left[more], more))
    lib.finish()


main()
