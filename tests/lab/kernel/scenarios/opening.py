# Ways to open a connection, and to fail in it.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios of opening."""

import socket

from catalogue import scenario
from kerneltrace import PORT
from lab import abort, close_in_turn, settle, start_connecting
from paths import ACCEPTED, CLOSES_FIRST, CLOSES_SECOND, OPENED

from .common import ANY, CLIENT_FIRST, FAR, NEAR, close, impatient, option, reject, say

IPPROTO_MPTCP = 262
REFUSED = "CLOSED SYN_SENT CLOSED"
BOTH_OPEN = "CLOSED SYN_SENT SYN_RCVD ESTABLISHED"


@scenario(**CLIENT_FIRST)
def nothing_said(lab):
    """Opened and closed without a word."""
    close(*lab.connected())


@scenario(**CLIENT_FIRST)
def plain_options(lab):
    """No timestamps, no window scale, no selective acknowledgements."""
    for name in ("timestamps", "window_scaling", "sack"):
        lab.sysctl(f"ipv4.tcp_{name}", 0)
    client, server = lab.connected()
    say(client, server)
    say(server, client)
    close(client, server)


@scenario(**CLIENT_FIRST, delay=FAR)
def far_away(lab):
    """Half of the round trip takes 30 ms."""
    client, server = lab.connected()
    say(client, server)
    say(server, client)
    close_in_turn(client, server)


@scenario(client=REFUSED, server="CLOSED", delay=FAR)
def refused_from_afar(lab):
    """Nobody listens, 30 ms away."""
    lab.client.start_connect()
    settle()


@scenario(client=REFUSED, server="CLOSED LISTEN", impaired=True)
def refused_by_packet_filter(lab):
    """The server listens, but its packet filter answers the SYN with a RST."""
    lab.server.listen()
    reject(lab.server, "with tcp reset")
    lab.client.start_connect()
    settle()


@scenario(client=REFUSED, server="CLOSED LISTEN", delay=NEAR, impaired=True)
def refused_by_icmp(lab):
    """The server's packet filter answers the SYN with ICMP port unreachable."""
    lab.server.listen()
    reject(lab.server, "with icmpx type port-unreachable")
    lab.client.start_connect()
    settle()


@scenario(client=REFUSED, server="CLOSED LISTEN", delay=NEAR, impaired=True)
def syn_lost_until_the_client_gives_up(lab):
    """No SYN gets through; the client tries three times."""
    impatient(lab, syn_retries=2)
    lab.server.listen()
    lab.link.cut("server")
    lab.client.start_connect()
    settle(4)


@scenario(client=REFUSED, server="CLOSED LISTEN( SYN_RCVD LISTEN)+", delay=NEAR, impaired=True)
def syn_ack_lost_until_both_give_up(lab):
    """Every SYN,ACK is lost on the way."""
    impatient(lab, syn_retries=2, synack_retries=1)
    lab.server.listen()
    lab.link.cut("client")
    lab.client.start_connect()
    settle(5)


@scenario(client=REFUSED, server="CLOSED LISTEN SYN_RCVD LISTEN", delay=FAR)
def client_gives_up_before_the_answer(lab):
    """The client's program gives up while its SYN is under way; its system refuses the answer."""
    lab.server.listen()
    lab.client.start_connect().close()
    settle(0.2)


@scenario(client=f"{OPENED} CLOSED", server=f"{ACCEPTED} CLOSED", delay=FAR)
def client_aborts_right_after_opening(lab):
    """The handshake's ACK is followed at once by a RST."""
    listener = lab.server.listen()
    client = lab.client.connect()
    abort(client)
    lab.server.accept(listener)
    settle(0.2)


@scenario(client=f"{OPENED} CLOSED", server="CLOSED LISTEN SYN_RCVD CLOSED", delay=FAR)
def listener_closes_in_syn_rcvd(lab):
    """The server's program ceases to listen while the handshake's ACK is under way."""
    listener = lab.server.listen()
    lab.client.start_connect()
    settle(1.5 * FAR)
    listener.close()
    settle(0.2)


@scenario(client=f"{BOTH_OPEN} {CLOSES_SECOND}", server=f"{BOTH_OPEN} {CLOSES_FIRST}", delay=FAR)
def simultaneous_open_server_closes(lab):
    """Both connect at once; data both ways; the one at the server's port closes first."""
    client, server = open_both(lab)
    say(client, server)
    say(server, client)
    close(server, client)


@scenario(
    client=f"{BOTH_OPEN} FIN_WAIT_1 CLOSING TIME_WAIT",
    server=f"{BOTH_OPEN} FIN_WAIT_1 CLOSING TIME_WAIT",
    delay=FAR,
)
def simultaneous_open_and_close(lab):
    """Both connect at once and both close at once."""
    client, server = open_both(lab)
    client.close()
    server.close()
    settle(0.2)


@scenario(**ANY, delay=FAR, impaired=True)
def simultaneous_open_one_syn_lost(lab):
    """Both connect at once, but the client's SYN is lost."""
    lab.link.lose("server", "S")
    client, server = open_both(lab, 1.3)
    say(client, server)
    close(client, server)


@scenario(**ANY, delay=FAR, impaired=True)
def simultaneous_open_one_syn_ack_lost(lab):
    """Both connect at once, and one of the SYN,ACKs is lost."""
    lab.link.lose("server", "SA")
    client, server = open_both(lab, 1.3)
    say(client, server)
    close(client, server)


def open_both(lab, wait=0.2):
    port = 40000
    client, server = lab.client.socket(port), lab.server.socket(PORT)
    start_connecting(client, lab.server.address, PORT)
    start_connecting(server, lab.client.address, port)
    settle(wait)
    return client, server


@scenario(**CLIENT_FIRST)
def syn_cookies(lab):
    """The server answers every SYN with a cookie and remembers nothing."""
    lab.server.sysctl("ipv4.tcp_syncookies", 2)
    client, server = lab.connected()
    say(client, server)
    close(client, server)


@scenario(**ANY, impaired=True)
def syn_cookie_and_ack_lost(lab):
    """A cookie, and the ACK that brings it back is lost: data brings it, too."""
    lab.server.sysctl("ipv4.tcp_syncookies", 2)
    listener = lab.server.listen()
    lab.server.lose_once("tcp flags ack / fin,syn,rst,ack")
    client = lab.client.connect()
    settle()
    client.send(b"the cookie comes with data")
    server = lab.server.accept(listener)
    settle(0.3)
    server.recv(100)
    close(client, server)


@scenario(**CLIENT_FIRST, impaired=True)
def defer_accept(lab):
    """The server's program wants to hear of connections only when data has come: its system drops
    the handshake's ACK."""
    listener = lab.server.socket(PORT)
    option(listener, "TCP_DEFER_ACCEPT", 5)
    listener.listen()
    client = lab.client.connect()
    settle(0.3)
    client.send(b"now it wakes up")
    server = lab.server.accept(listener)
    settle()
    server.recv(100)
    close(client, server)


@scenario(**ANY, impaired=True)
def defer_accept_in_vain(lab):
    """As before, but the client closes without any data."""
    listener = lab.server.socket(PORT)
    option(listener, "TCP_DEFER_ACCEPT", 5)
    listener.listen()
    client = lab.client.connect()
    settle(0.3)
    client.close()
    settle(0.2)


@scenario(**CLIENT_FIRST, delay=FAR, impaired=True)
def backlog_overflow(lab):
    """The queue of connections that nobody has accepted is full: the server drops the handshake's
    ACK, stays in SYN_RCVD, and sends its SYN,ACK again; the client is in ESTABLISHED."""
    client, accepted = overflow(lab, 2)
    server = accepted[-1]
    say(client, server)
    close(client, server)
    return lab.client.ports[-1]


@scenario(**ANY, delay=FAR, impaired=True)
def backlog_overflow_with_cookies(lab):
    """Even the queue of those in SYN_RCVD is full: the server sends a cookie, drops the ACK that
    brings it back, and knows nothing of the client, which is in ESTABLISHED."""
    listener = lab.server.socket(PORT)
    listener.listen(0)
    clients = [lab.client.start_connect() for _ in range(2)]
    settle(0.3)
    lab.server.accept(listener)
    clients[1].send(b"the cookie comes back with data")
    server = lab.server.accept(listener)
    settle(0.2)
    server.recv(100)
    close(clients[1], server)
    return lab.client.ports[-1]


def overflow(lab, size):
    """More connections than the listener's queue has room for, the last two at the same time."""
    listener = lab.server.socket(PORT)
    listener.listen(size)
    for _ in range(size):
        lab.client.connect()
    clients = [lab.client.start_connect() for _ in range(2)]
    settle(1.5)
    return clients[-1], [lab.server.accept(listener) for _ in range(size + 2)]


@scenario(client=f"{OPENED} {CLOSES_FIRST}", server=f"{ACCEPTED} {CLOSES_SECOND}")
def fast_open_asks_for_a_cookie(lab):
    """The first connection with Fast Open: the SYN asks for a cookie, and carries no data."""
    listener = listen_fast(lab)
    client, server = connect_fast(lab, listener, b"a request")
    close(client, server)


@scenario(client=f"{OPENED} {CLOSES_FIRST}", server=f"{ACCEPTED} {CLOSES_SECOND}")
def fast_open_refused(lab):
    """Data on the SYN, with a cookie that the server no longer takes: only the SYN is acknowledged,
    and the data comes again."""
    listener = listen_fast(lab)
    close(*connect_fast(lab, listener, b"a request"))
    lab.forget()
    lab.server.sysctl("ipv4.tcp_fastopen", 0)
    close(*connect_fast(lab, listener, b"a request"))
    return lab.client.ports[1]


@scenario(
    client=f"{OPENED} {CLOSES_SECOND}",
    server=f"CLOSED LISTEN SYN_RCVD FIN_WAIT_1( FIN_WAIT_2 TIME_WAIT| CLOSING TIME_WAIT)",
    delay=FAR,
)
def fast_open_server_closes_in_syn_rcvd(lab):
    """The server answers data on a SYN and closes, all before the handshake's ACK has come."""
    listener = listen_fast(lab)
    close(*connect_fast(lab, listener, b"a request"))
    settle()
    lab.forget()
    client = start_fast(lab, b"a request")
    server = lab.server.accept(listener)
    server.recv(100)
    server.send(b"an answer")
    server.close()
    settle(0.2)
    client.recv(100)
    client.close()
    settle(0.2)
    return lab.client.ports[1]


@scenario(**CLIENT_FIRST)
def fast_open_without_cookie(lab):
    """Fast Open as both sides may agree to do it without cookies."""
    lab.client.sysctl("ipv4.tcp_fastopen", 0x5)
    lab.server.sysctl("ipv4.tcp_fastopen", 0x202)
    listener = listen_fast(lab, None)
    close(*connect_fast(lab, listener, b"a request"))


@scenario(**ANY, delay=NEAR, impaired=True)
def fast_open_syn_lost(lab):
    """The SYN with data is lost once; the client tries again without data."""
    lab.client.sysctl("ipv4.tcp_fastopen", 0x5)
    lab.server.sysctl("ipv4.tcp_fastopen", 0x202)
    listener = listen_fast(lab, None)
    lab.link.lose("server", "SP")
    close(*connect_fast(lab, listener, b"a request"))


@scenario(**ANY, delay=NEAR, impaired=True)
def fast_open_syn_ack_lost(lab):
    """The answer to a SYN with data is lost once."""
    lab.client.sysctl("ipv4.tcp_fastopen", 0x5)
    lab.server.sysctl("ipv4.tcp_fastopen", 0x202)
    listener = listen_fast(lab, None)
    lab.link.lose("client", "SA")
    close(*connect_fast(lab, listener, b"a request"))


def listen_fast(lab, setting=3):
    if setting is not None:
        lab.sysctl("ipv4.tcp_fastopen", setting)
    listener = lab.server.socket(PORT)
    option(listener, "TCP_FASTOPEN", 5)
    listener.listen()
    return listener


def start_fast(lab, data):
    client = lab.client.socket()
    client.settimeout(None)  # with a timeout, sendto() would not wait for the handshake
    client.sendto(data, socket.MSG_FASTOPEN, (str(lab.server.address), PORT))
    return client


def connect_fast(lab, listener, data):
    client = start_fast(lab, data)
    server = lab.server.accept(listener)
    settle()
    server.recv(100)
    return client, server


@scenario(**CLIENT_FIRST)
def mptcp(lab):
    """Multipath TCP on both sides, with a single path."""
    close_multipath(*multipath(lab, True))


@scenario(**CLIENT_FIRST)
def mptcp_falls_back(lab):
    """The client offers Multipath TCP, the server knows nothing of it."""
    close_multipath(*multipath(lab, False))


@scenario(**ANY)
def mptcp_fast_close(lab):
    """Multipath TCP, aborted: MP_FASTCLOSE."""
    client, _ = multipath(lab, True)
    abort(client)
    settle(0.3)


def multipath(lab, both):
    listener = lab.server.socket(PORT, IPPROTO_MPTCP if both else 0)
    listener.listen()
    client = lab.client.socket(0, IPPROTO_MPTCP)
    client.connect((str(lab.server.address), PORT))
    server = lab.server.accept(listener)
    say(client, server)
    say(server, client)
    return client, server


def close_multipath(client, server):
    client.shutdown(socket.SHUT_WR)
    settle()
    server.recv(100)
    server.close()
    settle(0.3)
    client.close()
    settle()
