#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""More connections at the same time than are kept unfolded (memory.c): each says what it says alone."""

import os
import subprocess

import lib

CONNECTIONS, SEGMENTS = 1500, 10
MAKE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench", "make.py")
FIELDS = ["tcp.stream", "tcpstate.states", "tcpstate.verdict.str", "tcpstate.check",
          "tcpstate.transition", "tcpstate.client.possible", "tcpstate.server.possible",
          "tcpstate.client.because", "tcpstate.server.because", "tcpstate.owes"]


def stories(wireshark, name, connections):
    """What is shown of each connection, by stream."""
    path = os.path.join(wireshark.dir, "captures", name)
    subprocess.run([MAKE, "crowd", str(connections * SEGMENTS), path], check=True,
                   stdout=subprocess.DEVNULL)
    os.chmod(path, 0o644)
    told = {}
    for row in wireshark.fields(path, FIELDS):
        told.setdefault(row[0], []).append("\t".join(row[1:]))
    return told


with lib.start() as wireshark_:
    alone = stories(wireshark_, "alone.pcap", 1)["0"]
    lib.check(len(alone) == SEGMENTS, "%d segments" % len(alone))
    lib.check(alone[-1].startswith("TIME_WAIT/"), "it should be closed: %s" % alone[-1])
    crowd = stories(wireshark_, "crowd.pcap", CONNECTIONS)
    lib.check(len(crowd) == CONNECTIONS, "%d connections" % len(crowd))
    for stream, told_ in crowd.items():
        lib.check_equal("stream " + stream, told_, alone)
lib.finish()
