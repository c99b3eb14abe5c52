#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What it means that a connection ends in its states: tcpstate.end.

usage: endings.py PLUGIN CAPTURES

It is on the last frame of each connection, in the second pass; in one pass nobody knows which frame
is the last, so it is nowhere.
"""

import sys

import lib

# capture, last frame of each connection, what is said there of the client and of the server
ENDS = [
    ("q01-syn-refused", [2], "Client in CLOSED: is done", "Server in CLOSED: is done"),
    ("q02-syn-unanswered", [4], "Client in SYN_SENT: never got the SYN,ACK",
     "Server perhaps in SYN_RCVD: never got the ACK of its SYN,ACK."),
    ("q02-syn-unanswered", [4], "Client sent the SYN again 3 times within 7.2 s; the pause doubles",
     "Server in LISTEN: has no connection with this peer, and waits for others."),
    ("q06-established-rst-exact", [6], "Client in CLOSED: is done with the connection.",
     'Server in CLOSED: is done with the connection; its program hears "connection reset"'),
    ("q05-syn-rcvd-silence", [4], "Client perhaps in ESTABLISHED: has",
     "3 more follow (tcp_synack_retries 5); then it listens again"),
    ("data-after-fin", [7], "Client in FIN_WAIT_2: never got the peer's FIN",
     "Server in CLOSE_WAIT: was told that the peer has closed"),
    ("fin-lost", [10], "Client in TIME_WAIT: waits 2 MSL", "Server in CLOSED: is done"),
    ("last-ack-lost", [9], "Client in TIME_WAIT: waits 2 MSL", 
     "Server perhaps in LAST_ACK: never got the ACK"),
    ("half-close", [13], "Client in TIME_WAIT", "Server in CLOSED"),
    ("time-wait-reuse", [7, 14], "Client in CLOSED", "Server in TIME_WAIT"),
]


def main():
    plugin, captures = sys.argv[1:]
    with lib.Wireshark(plugin, captures) as wireshark:
        for name, frames, client, server in ENDS:
            capture = "%s/captures/%s.pcapng" % (wireshark.dir, name)
            fields = ["frame.number", "tcpstate.end"]
            one = wireshark.fields(capture, fields, "-Y", "tcpstate.end")
            lib.check_equal(name + " in one pass", one, [])
            two = wireshark.fields(capture, fields, "-2", "-Y", "tcpstate.end")
            lib.check_equal(name, [int(frame) for frame, _ in two], frames)
            for text in (client, server):
                lib.check(two and text in two[-1][1], "%s does not say: %s" % (name, text))
    lib.finish()


main()
