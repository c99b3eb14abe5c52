# One segment of each kind is lost, once: just behind the receiver's interface, so that captures
# on either host show it, and the receiver's TCP never sees it.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios with one lost segment."""

from catalogue import scenario
from lab import close_in_turn, settle
from paths import ACCEPTED, CLIENT_CLOSES, CLOSES_FIRST, CLOSES_SECOND, HANDSHAKE, OPENED

RETRANSMISSION = 1.3  # seconds until lost SYNs and SYN,ACKs have been sent again
ORDINARY = {"client": f"{OPENED} {CLOSES_FIRST}", "server": f"{ACCEPTED} {CLOSES_SECOND}"}


@scenario(**ORDINARY, wire=f">S <SA( <SA| >S| >A)+ {CLIENT_CLOSES}", impaired=True)
def syn_ack_lost(lab):
    """The SYN,ACK is lost once. A second later, at nearly the same moment, the client sends its SYN
    again and the server its SYN,ACK."""
    lab.client.lose_once("tcp flags syn,ack / syn,ack")
    client, server = lab.connected()
    settle(RETRANSMISSION)
    close_in_turn(client, server)


@scenario(**ORDINARY, wire=f">S <SA >A <SA >A {CLIENT_CLOSES}", impaired=True)
def handshake_ack_lost(lab):
    """The handshake's last ACK is lost: the client is in ESTABLISHED, the server still in SYN_RCVD
    until its second SYN,ACK is answered."""
    lab.server.lose_once("tcp flags ack / fin,syn,rst,ack")
    client, server = lab.connected()
    close_in_turn(client, server)


@scenario(**ORDINARY, wire=f"{HANDSHAKE} >PA <A >FA {CLIENT_CLOSES}", impaired=True)
def fin_lost(lab):
    """The client's FIN is lost once: the client is in FIN_WAIT_1, the server knows of nothing
    until the FIN comes again."""
    client, server = lab.connected()
    client.send(b"a request")
    settle()
    server.recv(100)
    lab.server.lose_once("tcp flags & fin != 0")
    client.close()
    settle(0.5)
    server.close()
    settle()


@scenario(**ORDINARY, wire=f"{HANDSHAKE} {CLIENT_CLOSES} <FA >A", impaired=True)
def last_ack_lost(lab):
    """The connection's last ACK is lost once: the server sends its FIN again from LAST_ACK, and
    TIME_WAIT answers. That is one of the two things TIME_WAIT is for."""
    client, server = lab.connected()
    client.close()
    settle()
    lab.server.lose_once("tcp flags ack / fin,syn,rst,ack")
    server.close()
    settle(0.5)


@scenario(**ORDINARY, wire=rf"{HANDSHAKE} >PA <A >PA (>PA )+<A {CLIENT_CLOSES}", impaired=True)
def data_lost(lab):
    """A data segment is lost once and sent again."""
    client, server = lab.connected()
    client.send(b"the first line\n")
    settle()
    lab.server.lose_once("tcp flags ack / fin,syn,rst,ack")
    client.send(b"the second line\n")
    settle(0.5)
    close_in_turn(client, server)


@scenario(
    client="CLOSED SYN_SENT CLOSED",
    server="CLOSED LISTEN",
    wire=rf">S( >S){{6,10}} {HANDSHAKE} {CLIENT_CLOSES}",
    impaired=True,
)
def syn_given_up(lab):
    """Nobody answers the client's SYN. With Linux's own settings it is sent again ten times: five
    times after a second (tcp_syn_linear_timeouts), then after 2, 4, 8, 16 and 32 (tcp_syn_retries);
    another 65 seconds later the client gives up: timed out. When it connects again, from another
    port, the way is free."""
    listener = lab.server.listen()
    with lab.server.losing("tcp flags syn"):
        lab.client.start_connect()
        settle(155)
    client = lab.client.connect()
    close_in_turn(client, lab.server.accept(listener))


@scenario(
    client=f"{OPENED} FIN_WAIT_1 CLOSED",
    server=f"{ACCEPTED} CLOSED",
    wire=f"{HANDSHAKE} >FA( >FA){{8,9}} <PA >R",
    impaired=True,
)
def fin_given_up(lab):
    """The client has closed, and nothing of it reaches the server any more. The FIN is sent again
    eight times with growing pauses (tcp_orphan_retries is 0, which means 8), and once more at first
    as a loss probe; then the client forgets the connection, after 107 seconds. The server knows
    of nothing. When it sends data later, and the way is free again, a RST tells it."""
    client, server = lab.connected()
    with lab.server.losing("tcp dport 5555"):
        client.close()
        settle(125)
    server.send(b"are you there")
    settle()
