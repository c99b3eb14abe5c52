#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What it means that a connection ends in its states: tcpstate.end.

usage: endings.py PLUGIN CAPTURES

It is on the last frame of each connection, in the second pass; in one pass nobody knows which frame
is the last, so it is nowhere.
"""

import re
import sys

import lib

# capture, last frame of each connection, what is said there of the client and of the server
ENDS = [
    ("q01-syn-refused", [2], "Client in CLOSED: has no connection", "Server in CLOSED: has no connection"),
    ("q02-syn-unanswered", [4], "Client in SYN_SENT: was last seen waiting for the SYN,ACK",
     "Server sent nothing that was captured: its host is down, the port is filtered"),
    ("q02-syn-unanswered", [4], "Client sent the SYN again 3 times within 7.2 s; the pause doubles",
     "or the answer was not captured."),
    ("q06-established-rst-exact", [6], "Client in CLOSED: has no connection.",
     'Server in CLOSED: has no connection; a program that still has the socket'),
    ("q05-syn-rcvd-silence", [4], "Client may be in ESTABLISHED instead",
     "Server has 3 more to send with Linux's defaults (tcp_synack_retries 5); then it listens"),
    ("fin-given-up", [15], "Client in CLOSED: has no connection", "Server may be in ESTABLISHED instead: the capture cannot tell."),
    ("data-after-fin", [7], "Client in FIN_WAIT_2: was last seen waiting for the peer's FIN",
     "Server in CLOSE_WAIT: was told that the peer has closed"),
    ("fin-lost", [10], "Client in TIME_WAIT: waits 2 MSL", "Server in CLOSED: has no connection"),
    ("last-ack-lost", [9], "Client in TIME_WAIT: waits 2 MSL", 
     "Server may be in LAST_ACK instead, if the last ACK was lost."),
    ("half-close", [13], "Client in TIME_WAIT", "Server in CLOSED"),
    ("time-wait-reuse", [7, 14], "Client in CLOSED", "Server in TIME_WAIT"),
]


# The sockets go on: capture, what is said at the end of the connection before, and nothing else.
NEXT = [
    ("q03-answer-without-syn", "8", "The same sockets open connection 1 in frame 9"),
    ("time-wait-reuse", "7", "The same sockets open connection 1 in frame 8"),
]

# What the silence after the last frame tells: capture, what is said in the end and not before.
SILENT = [
    ("syn-given-up", "Client has given up since with Linux's defaults (tcp_syn_retries 6 and "
     'tcp_syn_linear_timeouts 4): its program hears "timed out" (ETIMEDOUT).',
     "Client has sent the last with Linux's defaults"),
    ("time-wait-reuse", "Server in TIME_WAIT", "CLOSED by now"),
]


def check_silence(wireshark, name, text, not_yet):
    """The table knows it in one pass; cut off before the silence, nobody does."""
    capture = "%s/captures/%s.pcapng" % (wireshark.dir, name)
    table = ("-q", "-z", "tcpstate,connections")
    one, two = (wireshark.tshark("-r", capture, *mode, *table) for mode in ((), ("-2",)))
    lib.check_equal(name + ": the table in two passes", two, one)
    lib.check(text in one and not_yet not in one, "%s: the table says: %s" % (name, one))
    said = wireshark.tshark("-r", capture, "-2", "-Y", "tcpstate.end", "-T", "fields",
                            "-E", "aggregator=|", "-e", "tcpstate.end")
    lib.check(text in said and not_yet not in said, "%s says: %s" % (name, said))


def check_not_yet(wireshark, name, text, not_yet):
    """The same capture without what comes after the silence."""
    capture = "%s/captures/%s.pcapng" % (wireshark.dir, name)
    table = wireshark.tshark("-q", "-r", capture, "-c", "11", "-z", "tcpstate,connections")
    lib.check(not_yet in table and text not in table, "%s, cut off: %s" % (name, table))


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
        for name, frame, text in NEXT:
            said = dict(wireshark.fields("%s/captures/%s.pcapng" % (wireshark.dir, name),
                                         ["frame.number", "tcpstate.end"], "-2"))[frame]
            lib.check(said.startswith(text) and " in TIME_WAIT" not in said and "SYN_SENT" not in said,
                      "%s says: %s" % (name, said))
        # Of two segments of one connection in its last frame only the second is the end.
        ends = wireshark.tshark("-2", "-V", "-r", wireshark.dir + "/captures/tcp-in-tcp.pcapng", "-Y",
                                "frame.number == 24").count("[Client in ")
        lib.check(ends == 1, "tcp-in-tcp ends %d times in its last frame" % ends)
        for row in SILENT:
            check_silence(wireshark, *row)
        check_not_yet(wireshark, *SILENT[0])
    lib.finish()


main()
