# An end that stays where it is: nobody closes, or its FIN never comes through, nor the ACK of it back.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios that end before both have closed."""

import socket

from catalogue import scenario
from lab import settle
from life import ONE_WAY
from paths import ACCEPTED, HANDSHAKE, OPENED

LONG = 5  # seconds; the FIN is sent again some times


@scenario(client=OPENED, server=ACCEPTED, wire=f"{HANDSHAKE} >PA <A")
def left_open(lab):
    """The client sends a request, and nobody closes while the capture lasts."""
    client, _ = lab.connected()
    client.send(b"a request")
    settle()


@scenario(
    client=f"{OPENED} FIN_WAIT_1 FIN_WAIT_2",
    server=f"{ACCEPTED} CLOSE_WAIT",
    wire=f"{HANDSHAKE} >PA <A >FA <A <PA >A",
)
def never_closes(lab):
    """The client closes, and the server's program, which was told, does not: the client is in
    FIN_WAIT_2, the server in CLOSE_WAIT."""
    client, server = lab.connected()
    client.send(b"a request")
    settle()
    client.shutdown(socket.SHUT_WR)
    settle()
    server.send(b"an answer")
    settle()


LOST = "tcp flags & fin != 0"


@scenario(
    client=f"{OPENED} FIN_WAIT_1",
    server=ACCEPTED,
    wire=f"{HANDSHAKE} >FA( >FA)+",
    impaired=True,
)
def fin_unanswered(lab):
    """The client has closed, and its FIN is lost again and again: it is in FIN_WAIT_1. The server
    knows of nothing."""
    client, _ = lab.connected()
    lab.server.lose(LOST)
    client.close()
    settle(LONG)


@scenario(
    client=f"{OPENED} FIN_WAIT_1 CLOSING",
    server=f"{ACCEPTED} FIN_WAIT_1 FIN_WAIT_2",
    wire=rf"{HANDSHAKE} (>FA <FA|<FA >FA) >A( >FA)+",
    delay=ONE_WAY,
    impaired=True,
)
def closing_unanswered(lab):
    """Both sides close at the same moment, and the client's FIN is lost again and again: it has the
    server's FIN and no ACK of its own, and is in CLOSING."""
    client, server = lab.connected()
    lab.server.lose(LOST)
    client.close()
    server.close()
    settle(LONG)


@scenario(
    client=f"{OPENED} FIN_WAIT_1 FIN_WAIT_2",
    server=f"{ACCEPTED} CLOSE_WAIT LAST_ACK",
    wire=f"{HANDSHAKE} >FA <A <FA( <FA)+",
    impaired=True,
)
def last_ack_unanswered(lab):
    """The client closes, then the server, whose FIN is lost again and again: it is in LAST_ACK."""
    client, server = lab.connected()
    client.close()
    settle()
    lab.client.lose(LOST)
    server.close()
    settle(LONG)
