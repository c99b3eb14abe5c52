# What the scenarios of this directory share. They play in tests/lab/record's laboratory.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Steps of a connection's life, and its usual paths."""

import socket

from kerneltrace import PORT
from lab import settle
from paths import ACCEPTED, CLOSES_FIRST, CLOSES_SECOND, OPENED

CLIENT_FIRST = {"client": f"{OPENED} {CLOSES_FIRST}", "server": f"{ACCEPTED} {CLOSES_SECOND}"}
SERVER_FIRST = {"client": f"{OPENED} {CLOSES_SECOND}", "server": f"{ACCEPTED} {CLOSES_FIRST}"}
ANY = {"client": ".*", "server": ".*"}  # what happens depends on the milliseconds

NEAR = 0.001  # seconds one way: a link that can lose, yet hardly delays
FAR = 0.025  # a link on which segments cross

ACK_DELAY = 0.08  # seconds after which a delayed ACK has certainly gone
QUICK = {"rto_max_ms": 1000, "syn_linear_timeouts": 9}


def impatient(lab, **limits):
    """Give up early: no interval above a second, and so many tries."""
    for name, value in (QUICK | limits).items():
        lab.sysctl(f"ipv4.tcp_{name}", value)


def say(speaker, listener, data=b"a line of text\n"):
    """One message, read and acknowledged."""
    speaker.send(data)
    settle(ACK_DELAY)
    while listener.recv(65536) and waiting(listener):
        pass


def waiting(sock):
    """Is there something to read?"""
    sock.setblocking(False)
    try:
        return bool(sock.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    finally:
        sock.settimeout(5)


def shut(sock):
    sock.shutdown(socket.SHUT_WR)
    settle(ACK_DELAY)


def close(*sockets):
    """Close in this order, with time for the segments of each."""
    for sock in sockets:
        sock.close()
        settle(ACK_DELAY)


def option(sock, name, value):
    sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def reject(host, how):
    """Let the host's packet filter answer everything from now on."""
    host.run("nft", "add table inet filter")
    host.run("nft", "add chain inet filter input { type filter hook input priority 0; }")
    host.run("nft", f"add rule inet filter input tcp dport {PORT} reject {how}")
