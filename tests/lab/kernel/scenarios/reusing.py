# The same pair of ports once more, whatever the other end still remembers.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios of port reuse and half-open connections."""

import socket

from catalogue import scenario
from lab import abort, settle, vanish
from paths import CLOSES_SECOND, OPENED

from .common import ANY, NEAR, close, option, say

AGAIN_AT_ONCE = f"{OPENED} {CLOSES_SECOND} SYN_SENT ESTABLISHED {CLOSES_SECOND}"


@scenario(client=AGAIN_AT_ONCE, server=".*TIME_WAIT CLOSED SYN_RCVD ESTABLISHED.*")
def time_wait_reused_without_timestamps(lab):
    """The same ports while the server is in TIME_WAIT; sequence numbers decide."""
    lab.sysctl("ipv4.tcp_timestamps", 0)
    server_closes_twice(lab)


@scenario(client=AGAIN_AT_ONCE, server=".*TIME_WAIT CLOSED SYN_RCVD ESTABLISHED.*")
def time_wait_reused_with_data(lab):
    """The same ports while the server is in TIME_WAIT, two connections with data."""
    server_closes_twice(lab, b"a request")


def server_closes_twice(lab, data=b""):
    listener = lab.server.listen()
    port = 0
    for _ in range(2):
        client = lab.client.connect(port)
        port = client.getsockname()[1]
        server = lab.server.accept(listener)
        if data:
            say(client, server, data)
        close(server, client)
        settle(1.1)


@scenario(client=".*TIME_WAIT SYN_SENT ESTABLISHED.*", server=".*")
def time_wait_reused_by_its_owner(lab):
    """The client in TIME_WAIT opens the same ports again (tcp_tw_reuse)."""
    lab.client.sysctl("ipv4.tcp_tw_reuse", 1)
    listener = lab.server.listen()
    client = lab.client.connect()
    port = client.getsockname()[1]
    close(client, lab.server.accept(listener))
    settle(1.2)
    client = lab.client.connect(port)
    close(client, lab.server.accept(listener))


@scenario(client=AGAIN_AT_ONCE, server=".*TIME_WAIT CLOSED SYN_RCVD ESTABLISHED.*")
def time_wait_expires(lab):
    """The same ports after the server's TIME_WAIT has run out by itself, in about a minute."""
    listener = lab.server.listen()
    client = lab.client.connect()
    port = client.getsockname()[1]
    close(lab.server.accept(listener), client)
    settle(63)
    client = lab.client.connect(port)
    close(lab.server.accept(listener), client)


@scenario(**ANY)
def reopened_after_an_abort(lab):
    """The client aborts and opens the same ports again at once."""
    listener = lab.server.listen()
    client = lab.client.connect()
    port = client.getsockname()[1]
    server = lab.server.accept(listener)
    say(client, server)
    abort(client)
    settle()
    client = lab.client.connect(port)
    server = lab.server.accept(listener)
    say(client, server)
    close(client, server)


@scenario(**ANY)
def refused_then_accepted(lab):
    """Nobody listens at first; the second try with the same port succeeds."""
    client = lab.client.start_connect()
    port = client.getsockname()[1]
    settle()
    client.close()
    listener = lab.server.listen()
    client = lab.client.connect(port)
    server = lab.server.accept(listener)
    say(client, server)
    close(client, server)


@scenario(**ANY)
def half_open_in_close_wait(lab):
    """The server is in CLOSE_WAIT when the client, without memory, opens the same ports."""
    listener, client, server = beginning(lab)
    client.shutdown(socket.SHUT_WR)
    settle()
    again(lab, listener, client, server)


@scenario(**ANY)
def half_open_in_fin_wait_2(lab):
    """The server is in FIN_WAIT_2 when the client, without memory, opens the same ports."""
    listener, client, server = beginning(lab)
    server.shutdown(socket.SHUT_WR)
    settle()
    again(lab, listener, client, server)


@scenario(**ANY, impaired=True)
def half_open_in_last_ack(lab):
    """The server is in LAST_ACK, for its FIN gets lost, when the client opens the same ports."""
    listener, client, server = beginning(lab)
    client.shutdown(socket.SHUT_WR)
    settle()
    with lab.client.losing("tcp flags & fin != 0"):
        server.close()
        settle(0.05)
        vanish(client)
        settle(0.02)
    again(lab, listener, client, None)


@scenario(**ANY)
def half_open_and_the_server_speaks_first(lab):
    """The client, without memory, opens the same ports while the server sends."""
    listener, client, server = beginning(lab)
    port = client.getsockname()[1]
    vanish(client)
    client = lab.client.start_connect(port)
    try:
        server.send(b"still there?")
    except OSError:
        pass
    settle(0.3)
    finish(lab, listener, client)


def beginning(lab):
    listener = lab.server.listen()
    client = lab.client.connect()
    server = lab.server.accept(listener)
    say(client, server)
    return listener, client, server


def again(lab, listener, client, _):
    port = client.getsockname()[1] if client.fileno() >= 0 else lab.client.ports[0]
    if client.fileno() >= 0:
        vanish(client)
    finish(lab, listener, lab.client.connect(port))


def finish(lab, listener, client):
    server = lab.server.accept(listener)
    say(client, server)
    close(client, server)


@scenario(**ANY)
def fin_wait_2_reused_by_its_owner(lab):
    """The client's socket has closed and is in FIN_WAIT_2, the server in CLOSE_WAIT; the client
    opens the same ports again (tcp_tw_reuse)."""
    lab.client.sysctl("ipv4.tcp_tw_reuse", 1)
    listener, client, server = beginning(lab)
    port = client.getsockname()[1]
    close(client)
    settle(1.2)
    finish(lab, listener, lab.client.connect(port))
    server.close()


@scenario(**ANY, delay=NEAR)
def many_in_a_row(lab):
    """Four short connections from the same port, the server closing first each time."""
    listener, port = lab.server.listen(), 0
    for _ in range(4):
        client = lab.client.connect(port)
        port = client.getsockname()[1]
        server = lab.server.accept(listener)
        say(client, server)
        say(server, client)
        close(server, client)
        settle(1.1)


@scenario(**ANY)
def linger2_then_reopened(lab):
    """FIN_WAIT_2 has timed out; the client opens the same ports while the server is in
    CLOSE_WAIT."""
    listener, client, server = beginning(lab)
    port = client.getsockname()[1]
    option(client, "TCP_LINGER2", 1)
    close(client)
    settle(1.5)
    finish(lab, listener, lab.client.connect(port))
    server.close()
