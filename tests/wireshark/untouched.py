#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stock dissection stays what it is: the packet list, the whole text of the details but our
subtree, and every field of stock TCP are the same with and without the plugin, in one pass and in
two; and with the plugin disabled there is no trace of it. Fields are compared of all captures as one.

usage: untouched.py PLUGIN CAPTURES
"""

import os
import subprocess

import lib

PASSES = ([], ["-2"])


def compare(wireshark, capture, *args):
    name = " ".join([os.path.basename(capture), *args])
    texts = [wireshark.tshark("-r", capture, "-P", "-V", *args, plugin=p) for p in (True, False)]
    lib.check("[TCP State: " not in texts[1], name + ": the plugin is there without having been asked")
    lib.check_equal(name, lib.without_our_subtree(texts[0]), lib.without_our_subtree(texts[1]))


def compare_fields(wireshark, capture, stock, *args):
    fields = [wireshark.fields(capture, stock, *args, plugin=p) for p in (True, False)]
    lib.check(len(fields[0]) == len(fields[1]) > 0, "%d and %d frames %s" % (*map(len, fields), args))
    for number, (ours, theirs) in enumerate(zip(*fields), 1):
        for field, x, y in zip(stock, ours, theirs):
            lib.check(x == y, "frame %d %s: %s is %s, not %s" % (number, args, field, x, y))


def one_after_another(wireshark):
    capture = os.path.join(wireshark.dir, "all.pcapng")
    subprocess.run(["mergecap", "-a", "-w", capture, *wireshark.captures()], check=True, capture_output=True)
    os.chmod(capture, 0o644)
    return capture


def test_disabled(wireshark, capture):
    stock = wireshark.tshark("-r", capture, "-P", "-V", plugin=False)
    ours = wireshark.tshark("-r", capture, "-P", "-V", "--disable-protocol", "tcpstate")
    lib.check_equal(capture + " disabled", ours, stock)
    stock = wireshark.tshark("-r", capture, "-P", "-V", "--disable-protocol", "tcp", plugin=False)
    ours = wireshark.tshark("-r", capture, "-P", "-V", "--disable-protocol", "tcp")
    lib.check_equal(capture + " without TCP", ours, stock)


with lib.start() as wireshark_:
    tcp = ["frame.protocols"] + sorted(wireshark_.names("tcp", plugin=False))
    all_ = one_after_another(wireshark_)
    lib.for_each(lambda job: job[0](wireshark_, *job[1:]),
                 [(compare_fields, all_, tcp, *p) for p in PASSES] +
                 [(compare, c, *p) for c in wireshark_.captures() for p in PASSES])
    lib.for_each(lambda c: test_disabled(wireshark_, c), wireshark_.captures()[::10])
lib.finish()
