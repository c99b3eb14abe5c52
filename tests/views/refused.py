#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""-z arguments that make no sense are refused with one sentence, before anything is written; those that do
are taken.

refused.py PLUGIN CAPTURES
"""

import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wireshark")]

import lib

REFUSED = ["list,foo", "list,-1", "list,whyever", "list,0,1", "listx", "ladder,-1", "ladder,x", "ladder,0,1", "ladderx",
           "diagram", "diagram,", "diagram,FILE,x", "diagram,FILE,-1", "segments,x", "segmentsx", "annotate",
           "connections,foo", "connections,-1", "tree,foo"]
TAKEN = ["list,why,0", "list,0,tcp", "list,tcp.port == 5555", "ladder,0", "diagram,FILE,0", "segments",
         "connections,tcp", "tree,tcp"]


def say(wireshark, argument, status):
    file = os.path.join(wireshark.home, "d.svg")
    capture = os.path.join(wireshark.dir, "captures", "data-after-fin.pcapng")
    return wireshark.tshark("-q", "-r", capture, "-z", "tcpstate," + argument.replace("FILE", file), status=status,
                            quiet=False)


with lib.start() as wireshark_:
    for argument_ in REFUSED:
        said = [line for line in say(wireshark_, argument_, (0, 1, 2)).splitlines() if not line.startswith("Running as")]
        lib.check(len(said) == 1 and len(said[0]) < 200, "-z tcpstate,%s says %s" % (argument_, said))
    lib.check_equal("files", os.listdir(wireshark_.home), [])
    for argument_ in TAKEN:
        say(wireshark_, argument_, (0,))
lib.finish()
