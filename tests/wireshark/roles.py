#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Who is the client, where the capture lacks the SYN: a guess, by a port that tells (ports.def), else by the lower one,
else by who is seen first; and it is said to be one.

usage: roles.py PLUGIN
"""

import lib
import networks

# The port of the end that sends the first captured segment, that of its peer, whether the first is the client, and how
# that is known.
GUESSES = [
    ("HTTP", 40000, 80, True, "port"),
    ("the server seen first", 80, 40000, False, "port"),
    ("DNP3, the client's port below", 4000, 20000, True, "port"),
    ("NFS, the client's port below", 800, 2049, True, "port"),
    ("NFS, the server seen first", 2049, 800, False, "port"),
    ("FTP data in active mode: the server opens", 20, 50000, True, "port"),
    ("two ports that tell nothing", 40001, 40000, True, "port"),
    ("the same port", 5000, 5000, True, "first"),
]
SYN_SEEN = ("a SYN from the lower port", 80, 40000, True, "syn")


def check_guess(wireshark, row, steps):
    name, first, other, is_client, how = row
    ends = ("192.0.2.1", first), ("192.0.2.2", other)
    packets = networks.conversation(1, ends, steps)
    frames = networks.at_times([(0, networks.ethernet(packet)) for _, packet in packets])
    capture = networks.write(wireshark, "%d-%d-%s" % (first, other, how), frames)
    told = wireshark.fields(capture, ["tcpstate.sender", "tcpstate.roles"])
    lib.check_equal(name, told[0], ["client" if is_client else "server", how])


def main():
    with lib.start() as wireshark:
        for row in GUESSES:
            check_guess(wireshark, row, networks.IN_THE_MIDDLE)
        check_guess(wireshark, SYN_SEEN, networks.ORDINARY)
    lib.finish()


if __name__ == "__main__":
    main()
