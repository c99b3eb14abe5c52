# SPDX-License-Identifier: GPL-2.0-or-later
"""Several ladders in one capture, since starting tshark costs more than what it does then. All take place at
the same time, each between hosts of its own, and end together."""

import os
import subprocess

AT_ONCE = 25


def groups(ladders):
    """(name, ladders) of each capture. Neighbours, which are alike, go apart."""
    count = -(-len(ladders) // AT_ONCE)
    return [("ladders-%d" % n, ladders[n::count]) for n in range(count)]


def address(pair, peer):
    """Of peer 0 or 1 in the capture's ladder number `pair`, as ladder2pcap says it."""
    return "192.0.2.%d" % (2 * pair + peer + 1)


def make_capture(wireshark, ladder2pcap, name, ladders):
    each = [os.path.join(wireshark.dir, "%s-%d.pcap" % (name, n)) for n in range(len(ladders))]
    for n, ladder in enumerate(ladders):
        subprocess.run([ladder2pcap, ladder, each[n], str(n)], check=True)
    capture = os.path.join(wireshark.dir, "captures", name + ".pcap")
    subprocess.run(["mergecap", "-F", "nsecpcap", "-w", capture, *each], check=True)
    os.chmod(capture, 0o644)
    return capture
