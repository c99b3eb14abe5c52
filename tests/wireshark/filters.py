#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The filters that users type work, a misspelt state is an error that names the field, columns are
filled whether or not a filter mentions the plugin, and each end is shown with its own socket.

usage: filters.py PLUGIN CAPTURES
"""

import os
import re

import lib


BAD_FILTER = (2, 4)  # exit status of tshark before and since Wireshark 4.4


def frames(wireshark, name, condition, *options):
    capture = os.path.join(wireshark.dir, "captures", name + ".pcapng")
    return [int(row[0])
            for row in wireshark.fields(capture, ["frame.number"], *options, "-Y", condition)]


# Capture, filter, the frames that pass: live, in one pass ...
EXPECTED = [
    ("ex1-server-closes-first", "tcpstate", list(range(1, 12))),
    ("ex1-server-closes-first", "tcpstate.client.state == CLOSE_WAIT", [8, 9]),
    ("ex1-server-closes-first", "tcpstate.client.state == close_wait", [8, 9]),
    ("ex1-server-closes-first", 'tcpstate.client.state == "CLOSE_WAIT"', [8, 9]),
    ("ex1-server-closes-first", "tcpstate.server.state >= FIN_WAIT_1", [8, 9, 10, 11]),
    ("ex1-server-closes-first", "tcpstate.server.state in {FIN_WAIT_1, FIN_WAIT_2}", [8, 9]),
    ("ex1-server-closes-first", 'tcpstate.states contains "TIME_WAIT"', [10, 11]),
    ("ex1-server-closes-first", 'tcpstate.states matches "^CLOSED/"', [11]),
    ("ex1-server-closes-first", 'tcpstate.transition contains "client"', [1, 2, 8, 10, 11]),
    ("ex1-server-closes-first", "tcpstate.moved", [1, 2, 3, 8, 9, 10, 11]),
    ("ex1-server-closes-first", 'tcpstate.sender == "server" && tcp.flags.fin == 1', [8]),
    ("data-after-fin", "tcpstate.verdict == illegal", [6]),
    ("data-after-fin", "tcpstate.data_after_fin", [6]),
    ("data-after-fin", 'tcpstate.check == "data_after_fin"', [6]),
    ("data-after-fin", '_ws.expert.message contains "beyond its own FIN"', [6]),
    ("q02-syn-unanswered", "tcpstate.client.elapsed > 2", [3, 4]),
    ("fin-given-up", "tcpstate.client.elapsed > 50", [13, 14]),
    ("q02-syn-unanswered", "tcpstate.server.since", [1]), # in LISTEN since before the capture
    ("q02-syn-unanswered", "tcpstate.retransmission", [2, 3, 4]),
    ("q02-syn-unanswered", "tcpstate.retransmission >= 2", [3, 4]),
    ("q02-syn-unanswered", "tcpstate.retransmission.after > 4", [4]),
    ("q02-syn-unanswered", '_ws.expert.message contains "retransmission 3, 4.16 s after the last"', [4]),
    ("data-lost", "tcpstate.retransmission == 1 && tcp.len > 0", [7]),
    ("handshake-ack-lost", "tcpstate.server.was == ESTABLISHED && "
     "tcpstate.server.state == SYN_RCVD", [4]),
    ("handshake-ack-lost", '_ws.expert.message contains "frame 3 had not arrived"', [4]),
    ("handshake-ack-lost", "tcpstate.fate || tcpstate.server.live", []),
    ("fin-given-up", "tcp.flags.fin == 1 && tcpstate.idle > 3", [10, 11, 12, 13]),
    ("keepalive", "tcpstate.idle", [6, 8, 10, 12]), # two keep-alives, two FINs
    ("keepalive", "tcpstate.idle > 1", [6, 8]),
    ("keepalive", "tcpstate.closed_by || tcpstate.client.acknowledged", []),
]
# ... and in hindsight, with -2.
HINDSIGHT = [
    ("keepalive", "tcpstate.idle > 1", [6, 8]),
    ("keepalive", "tcpstate.closed_by == client && tcpstate.client.acknowledged == 9", [13]),
    ("keepalive", "tcpstate.closed_by == server || tcpstate.client.acknowledged.max", []),
    ("simultaneous-close", 'tcpstate.closed_by == both && tcpstate.closed_by.str == "both"', [7]),
    ("q02-syn-unanswered", "tcpstate.closed_by == nobody", [4]),
    ("q07-close-wait-rst", "tcpstate.server.acknowledged == 0 && tcpstate.server.unacknowledged == 0 && "
     "tcpstate.server.in_vain == 8", [7]),
    ("data-after-fin", "tcpstate.client.in_vain == 14", [7]),
    ("time-wait-reuse", "tcpstate.closed_by == server", [7, 14]), # each of its own
    ("handshake-ack-lost", "tcpstate.fate == lost", [3]),
    ("handshake-ack-lost", 'tcpstate.fate.str == "lost"', [3]),
    ("handshake-ack-lost", "tcpstate.server.live == ESTABLISHED", [3]),
    ("handshake-ack-lost", "tcpstate.server.state == SYN_RCVD", [1, 2, 3, 4]),
    ("handshake-ack-lost", "tcpstate.server.was > tcpstate.server.state", [9]), # CLOSED
    ("syn-given-up", "tcpstate.retransmission.cause == timeout && frame.number == 2", [2]),
    ("q01-syn-refused", "tcpstate.rst.cause == refused && tcpstate.rst.cause.frame == 1", [2]),
    ("q06c-established-rst-outside", 'tcpstate.rst.cause.str == "stranger"', [6]),
    ("q06b-established-rst-in-window", "tcpstate.rst.cause == cannot_tell", [6]),
    ("simultaneous-close", "tcpstate.fate == late && tcpstate.fate.frame == 5", [4]),
    ("q08-last-ack-rst", "tcpstate.fate == refused", [6]),
    ("q06b-established-rst-in-window", "tcpstate.fate == not_its_own", [6]),
    ("q06c-established-rst-outside", "tcpstate.forged_rst", [6]),
    ("q02-syn-unanswered", "tcpstate.server.since", []),
]


def test_filters(wireshark):
    for expected, options in ((EXPECTED, ()), (HINDSIGHT, ("-2",))):
        for name, condition, want in expected:
            got = frames(wireshark, name, condition, *options)
            lib.check(got == want, "%s: %s passes %s, not %s" % (name, condition, got, want))


def test_misspelt(wireshark):
    capture = wireshark.captures()[0]
    text = wireshark.tshark("-r", capture, "-Y", "tcpstate.client.state == CLOSE_WIAT",
                            status=BAD_FILTER)
    lib.check("tcpstate.client.state" in text and "CLOSE_WIAT" in text, "unclear: " + text)


def test_aliases(wireshark):
    """Filters take each state's name in RFC 9293, in netstat and in ss; what is shown is ours."""
    seen = {ours: "tcpstate.client.state == %s" % ours for ours in NAMES}
    others = {alias: ours for ours, names in NAMES.items() for alias in names if alias not in NAMES and alias != "no line"}
    lib.check(len(others) == 12, "aliases: %s" % sorted(others))
    names = ["simultaneous-close", "ex1-server-closes-first", "simultaneous-open", "last-ack-lost"]
    capture = os.path.join(wireshark.home, "all.pcapng")
    wireshark.run("mergecap", "-a", "-w", capture, *(os.path.join(wireshark.dir, "captures", name + ".pcapng") for name in names))
    for alias, ours in sorted(others.items()):
        want = wireshark.fields(capture, ["frame.number", "tcpstate.states"], "-Y", seen[ours])
        for spelled in (alias, '"%s"' % alias):
            got = wireshark.fields(capture, ["frame.number", "tcpstate.states"], "-Y", "tcpstate.client.state == " + spelled)
            lib.check(want and got == want, "%s is not %s: %s" % (spelled, ours, got[:3]))


def test_columns(wireshark):
    """Without a filter nothing but the column asks for the field."""
    columns = ('gui.column.format:"No.","%m","Client","%Cus:tcpstate.client.state:0:R",'
               '"States","%Cus:tcpstate.states:0:R"')
    capture = os.path.join(wireshark.dir, "captures", "ex1-server-closes-first.pcapng")
    rows = [line.split() for line in wireshark.tshark("-r", capture, "-o", columns).splitlines()]
    lib.check(rows[7] == ["8", "CLOSE_WAIT", "CLOSE_WAIT/FIN_WAIT_1"], "columns: %s" % rows[7])


# Each state's name in RFC 9293, in netstat and in ss.
NAMES = {
    "CLOSED": ("CLOSED", "no line", "no line"),
    "LISTEN": ("LISTEN", "LISTEN", "LISTEN"),
    "SYN_SENT": ("SYN-SENT", "SYN_SENT", "SYN-SENT"),
    "SYN_RCVD": ("SYN-RECEIVED", "SYN_RECV", "SYN-RECV"),
    "ESTABLISHED": ("ESTABLISHED", "ESTABLISHED", "ESTAB"),
    "FIN_WAIT_1": ("FIN-WAIT-1", "FIN_WAIT1", "FIN-WAIT-1"),
    "FIN_WAIT_2": ("FIN-WAIT-2", "FIN_WAIT2", "FIN-WAIT-2"),
    "CLOSE_WAIT": ("CLOSE-WAIT", "CLOSE_WAIT", "CLOSE-WAIT"),
    "CLOSING": ("CLOSING", "CLOSING", "CLOSING"),
    "LAST_ACK": ("LAST-ACK", "LAST_ACK", "LAST-ACK"),
    "TIME_WAIT": ("TIME-WAIT", "TIME_WAIT", "TIME-WAIT"),
}


def check_names(wireshark, capture):
    """In the details of each end, once for each segment. The states that were met."""
    met = set()
    for end in ("client", "server"):
        fields = ["tcpstate.%s.state.str" % end, "tcpstate.%s.meaning" % end]
        rows = wireshark.fields(capture, fields, "-Y", "tcpstate && tcp", "-E", "occurrence=f",
                                status=(0, 2))
        for state, meaning in (row for row in rows if len(row) == 2):
            want = "(%s in RFC 9293, %s in netstat, %s in ss)" % NAMES[state]
            lib.check(meaning.count(want) == 1, "%s: %s means %s" % (capture, state, meaning))
            met.add(state)
    return met


def test_names(wireshark):
    met = lib.for_each(lambda capture: check_names(wireshark, capture), wireshark.captures())
    lib.check_equal("states met", sorted(set().union(*met)), sorted(NAMES))


def test_info_column(wireshark):
    capture = os.path.join(wireshark.dir, "captures", "ex1-server-closes-first.pcapng")
    line = wireshark.tshark("-r", capture, "-o", "tcpstate.info_column:TRUE").splitlines()[7]
    lib.check(line.endswith(" [CLOSE_WAIT/FIN_WAIT_1]"), "Info column: " + line)


def test_sockets(wireshark):
    """Whoever sent the frame; and where an ICMP error quotes a segment that went the other way."""
    for name, client in (("ex1-server-closes-first", None), ("icmp-quotes-header", "192.0.2.1:40000")):
        capture = os.path.join(wireshark.dir, "captures", name + ".pcapng")
        text = wireshark.tshark("-r", capture, "-V")
        shown = re.findall(r"\[Client: .* (\S+:\d+)\]", text)
        lib.check(len(shown) > 1 and set(shown) == {client or shown[0]}, "the client is %s" % shown)


with lib.start() as wireshark_:
    test_filters(wireshark_)
    test_misspelt(wireshark_)
    test_aliases(wireshark_)
    test_columns(wireshark_)
    test_names(wireshark_)
    test_info_column(wireshark_)
    test_sockets(wireshark_)
lib.finish()
