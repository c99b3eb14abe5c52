# Ordinary and unusual lives of a connection: openings, closings, and what happens in between.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios of connections that nothing disturbs."""

import socket

from catalogue import scenario
from kerneltrace import PORT
from lab import close_in_turn, settle, start_connecting
from paths import (
    ACCEPTED,
    CLIENT_CLOSES,
    CLOSES_FIRST,
    CLOSES_SECOND,
    HANDSHAKE,
    OPENED,
    SERVER_CLOSES,
)

REQUEST = b"GET / HTTP/1.0\r\nHost: server.example\r\n\r\n"
RESPONSE = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nHello.\r\n"
ONE_WAY = 0.02  # seconds; long against the time in which one program closes two sockets


@scenario(
    client=f"{OPENED} {CLOSES_SECOND}",
    server=f"{ACCEPTED} {CLOSES_FIRST}",
    wire=f"{HANDSHAKE} >PA <A <PA >A {SERVER_CLOSES}",
    ip_version=6,
)
def simple_ipv6(lab):
    """A request and a response over IPv6; the server closes first, as in HTTP/1.0."""
    client, server = lab.connected()
    client.send(REQUEST)
    settle()
    server.recv(1000)
    server.send(RESPONSE)
    settle()
    close_in_turn(server, client)


@scenario(
    client="CLOSED SYN_SENT SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT",
    server="CLOSED SYN_SENT SYN_RCVD ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED",
    wire=rf"([<>]S ){{2}}([<>]SA ){{2}}([<>]A )+>PA <A {CLIENT_CLOSES}",
    delay=ONE_WAY,
)
def simultaneous_open(lab):
    """Both hosts connect to each other at the same moment, and their SYNs cross (RFC 9293 Figure
    7): nobody listens, both pass SYN_RCVD. The link delays every packet by 20 ms."""
    port = 40000
    client, server = lab.client.socket(port), lab.server.socket(PORT)
    start_connecting(client, lab.server.address, PORT)
    start_connecting(server, lab.client.address, port)
    settle(0.3)
    client.send(b"nobody has listened")
    settle(0.2)
    client.close()
    settle(0.2)
    server.recv(100)
    server.close()
    settle(0.2)


@scenario(
    client=f"{OPENED} FIN_WAIT_1 CLOSING TIME_WAIT",
    server=f"{ACCEPTED} FIN_WAIT_1 CLOSING TIME_WAIT",
    wire=f"{HANDSHAKE} (>FA <FA >A <A|<FA >FA <A >A)",
    delay=ONE_WAY,
)
def simultaneous_close(lab):
    """Both sides close at the same moment, and their FINs cross (RFC 9293 Figure 13): both pass
    CLOSING, both end in TIME_WAIT. The link delays every packet by 20 ms."""
    client, server = lab.connected()
    settle()
    client.close()
    server.close()
    settle(0.2)


@scenario(
    client=f"{OPENED} {CLOSES_FIRST}",
    server=f"{ACCEPTED} {CLOSES_SECOND}",
    wire=f"{HANDSHAKE} >PA <A >FA <A <PA >A <PA >A <FA >A",
)
def half_close(lab):
    """The client has said all it wants to (shutdown) and keeps reading; the server sends on from
    CLOSE_WAIT, and closes later."""
    client, server = lab.connected()
    client.send(b"all that I have")
    settle()
    client.shutdown(socket.SHUT_WR)
    settle()
    server.recv(100)
    for part in (b"the answer's first half, ", b"and its second half"):
        server.send(part)
        settle()
    close_in_turn(server, client)


@scenario(
    client=f"{OPENED} {CLOSES_SECOND} SYN_SENT ESTABLISHED {CLOSES_SECOND}",
    server=f"{ACCEPTED} {CLOSES_FIRST} CLOSED SYN_RCVD ESTABLISHED {CLOSES_FIRST}",
    wire=f"{HANDSHAKE} {SERVER_CLOSES} {HANDSHAKE} {SERVER_CLOSES}",
)
def time_wait_reuse(lab):
    """The client opens the same pair of ports again while the server is in TIME_WAIT: a new
    connection begins at once (RFC 9293 MAY-2, RFC 6191)."""
    listener = lab.server.listen()
    client = lab.client.connect()
    port = client.getsockname()[1]
    close_in_turn(lab.server.accept(listener), client)
    settle(1)
    client = lab.client.connect(port)
    close_in_turn(lab.server.accept(listener), client)


@scenario(
    client=f"{OPENED} {CLOSES_FIRST}",
    server=f"{ACCEPTED} {CLOSES_SECOND}",
    wire=rf"{HANDSHAKE} ((>PA|<A|>A) )+<A0 ((>PA|<A|>A|<A0) )+{CLIENT_CLOSES}",
)
def zero_window(lab):
    """The server's program does not read for a while: its window closes, the client probes it,
    and it opens again."""
    listener = lab.server.socket(PORT)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    listener.listen()
    client = lab.client.connect()
    server = lab.server.accept(listener)
    client.send(bytes(8000))
    settle(1.5)
    received = 0
    while received < 8000:
        received += len(server.recv(4096))
        settle(0.05)
    settle(0.5)
    close_in_turn(client, server)


@scenario(
    client=f"{OPENED} {CLOSES_FIRST}",
    server=f"{ACCEPTED} {CLOSES_SECOND}",
    wire=f"{HANDSHAKE} >PA <A >A <A >A <A {CLIENT_CLOSES}",
)
def keepalive(lab):
    """Nothing to say for a while: the client asks twice, a second apart, whether the server is
    still there (keep-alive)."""
    client, server = lab.connected()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    client.send(b"a request")
    settle(2.6)
    close_in_turn(client, server)


@scenario(
    client=f"{OPENED} {CLOSES_FIRST}",
    server=f"CLOSED LISTEN SYN_RCVD ESTABLISHED {CLOSES_SECOND}",
    wire=f">SP <SA >A <PA >A {CLIENT_CLOSES}",
)
def fast_open(lab):
    """TCP Fast Open: the SYN carries the request, thanks to a cookie from an earlier connection,
    which this capture does not show (RFC 7413)."""
    for host in lab.hosts:
        host.sysctl("ipv4.tcp_fastopen", 3)
    listener = lab.server.socket(PORT)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 5)
    listener.listen()
    client, server = open_fast(lab, listener)
    close_in_turn(client, server)
    lab.forget()
    client, server = open_fast(lab, listener)
    server.recv(100)
    server.send(RESPONSE)
    settle()
    client.recv(1000)
    close_in_turn(client, server)


def open_fast(lab, listener):
    client = lab.client.socket()
    client.settimeout(None)  # with a timeout, sendto() would not wait for the handshake
    client.sendto(REQUEST, socket.MSG_FASTOPEN, (str(lab.server.address), PORT))
    server = lab.server.accept(listener)
    settle()
    return client, server
