# Ten questions of a student about TCP's states, each as the kernel answers it.
# What happens on the wire is made by ordinary sockets; a forged packet is called forged.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios q01 to q10."""

import socket

from catalogue import scenario
from forge import forged_reset
from lab import abort, close_in_turn, settle, vanish
from paths import ACCEPTED, CLIENT_CLOSES, CLOSES_FIRST, CLOSES_SECOND, HANDSHAKE, OPENED



@scenario(client="CLOSED SYN_SENT CLOSED", server="CLOSED", wire=">S <RA")
def q01_syn_refused(lab):
    """The client has sent a SYN, and nobody listens: RST,ACK comes back, connection refused."""
    lab.client.start_connect()
    settle()


@scenario(
    client="CLOSED SYN_SENT CLOSED", server="CLOSED LISTEN", wire=">S >S >S >S", impaired=True
)
def q02_syn_unanswered(lab):
    """The client has sent a SYN, and nothing comes back: the server's firewall drops it. The
    client sends it again after about 1, 2 and 4 seconds (tcp_syn_retries is 3 here) and gives up
    after 8 more: timed out."""
    lab.client.sysctl("ipv4.tcp_syn_retries", 3)
    lab.client.sysctl("ipv4.tcp_syn_linear_timeouts", 0)
    lab.server.listen()
    lab.server.lose("tcp flags syn")
    lab.client.start_connect()
    settle(16)


@scenario(
    client=f"{OPENED} CLOSED SYN_SENT ESTABLISHED {CLOSES_FIRST}",
    server=f"{ACCEPTED} CLOSED SYN_RCVD ESTABLISHED {CLOSES_SECOND}",
    wire=f"{HANDSHAKE} >PA <A >S <A >R {HANDSHAKE} >PA <A {CLIENT_CLOSES}",
)
def q03_answer_without_syn(lab):
    """The client has sent a SYN, and the answer has no SYN flag: the server still has a
    connection that the client lost (its host was reset; here the socket vanishes without a
    packet), RFC 9293 Figure 9. The server answers the SYN with a challenge ACK, the client
    resets with the number it was told, sends its SYN again, and the connection opens."""
    listener = lab.server.listen()
    client = lab.client.connect()
    lab.server.accept(listener)
    client.send(b"half a request")
    settle()
    port = client.getsockname()[1]
    vanish(client)
    client = lab.client.connect(port)
    server = lab.server.accept(listener)
    client.send(b"a request")
    settle()
    close_in_turn(client, server)


@scenario(
    client="CLOSED SYN_SENT CLOSED",
    server="CLOSED LISTEN SYN_RCVD LISTEN",
    wire=">S <SA <SA >R",
    impaired=True,
)
def q04_rst_in_syn_rcvd(lab):
    """The server in SYN_RCVD gets a RST. The first SYN,ACK is lost just before the client, whose
    program gives up; the second finds no socket, and the client's system answers with an exact
    RST. The server forgets the half-open connection and listens as before."""
    lab.server.listen()
    with lab.client.losing("tcp flags syn,ack / syn,ack"):
        client = lab.client.start_connect()
        settle()
        client.close()
    settle(1.2)


@scenario(
    client="CLOSED SYN_SENT CLOSED",
    server="CLOSED LISTEN SYN_RCVD LISTEN",
    wire=">S <SA <SA <SA",
    impaired=True,
)
def q05_syn_rcvd_silence(lab):
    """The server in SYN_RCVD hears nothing more: the client's program gave up at once, and its
    firewall swallows every SYN,ACK. The server sends it again after 1 and 2 seconds
    (tcp_synack_retries is 2 here), waits 4 more, and drops the entry."""
    lab.server.sysctl("ipv4.tcp_synack_retries", 2)
    lab.server.listen()
    lab.client.lose("tcp flags syn,ack / syn,ack")
    client = lab.client.start_connect()
    settle()
    client.close()
    settle(9)


@scenario(client=f"{OPENED} CLOSED", server=f"{ACCEPTED} CLOSED", wire=f"{HANDSHAKE} >PA <A >RA")
def q06_established_rst_exact(lab):
    """The server in ESTABLISHED gets a RST with exactly the expected sequence number, for the
    client's program aborts: connection reset."""
    client, _ = lab.connected()
    client.send(b"a request")
    settle()
    abort(client)
    settle()


@scenario(
    client=f"{OPENED} {CLOSES_FIRST}",
    server=f"{ACCEPTED} {CLOSES_SECOND}",
    wire=f"{HANDSHAKE} >PA <A >R <A >PA <A {CLIENT_CLOSES}",
    impaired=True,
)
def q06b_established_rst_in_window(lab):
    """The server in ESTABLISHED gets a RST inside its window, but not with the expected sequence
    number; it is forged with the client's address. The server answers with a challenge ACK
    (RFC 5961), and the connection goes on."""
    goes_on_after(lab, offset=100)


@scenario(
    client=f"{OPENED} {CLOSES_FIRST}",
    server=f"{ACCEPTED} {CLOSES_SECOND}",
    wire=f"{HANDSHAKE} >PA <A >R >PA <A {CLIENT_CLOSES}",
    impaired=True,
)
def q06c_established_rst_outside(lab):
    """The server in ESTABLISHED gets a RST outside its window; it is forged with the client's
    address. The server drops it without a word, and the connection goes on."""
    goes_on_after(lab, offset=-100_000)


def goes_on_after(lab, offset):
    """A forged RST, `offset` away from the exact sequence number, amid an ordinary connection."""
    client, server = lab.connected()
    client.send(b"a request")
    settle()
    lab.client.send_forged(forged_reset(lab.client, offset))
    settle()
    client.send(b"another one")
    settle()
    close_in_turn(client, server)


@scenario(
    client=f"{OPENED} FIN_WAIT_1 FIN_WAIT_2 CLOSED",
    server=f"{ACCEPTED} CLOSE_WAIT CLOSED",
    wire=f"{HANDSHAKE} >FA <A <PA >R",
)
def q07_close_wait_rst(lab):
    """The server in CLOSE_WAIT gets a RST: it sends data although the client's program has closed
    its socket for good, and the client's system resets."""
    client, server = lab.connected()
    client.close()
    settle()
    server.send(b"too late")
    settle()


@scenario(
    client=f"{OPENED} FIN_WAIT_1 FIN_WAIT_2 CLOSED",
    server=f"{ACCEPTED} CLOSE_WAIT LAST_ACK CLOSED",
    wire=f"{HANDSHAKE} >FA <A <FA >R",
)
def q08_last_ack_rst(lab):
    """The server in LAST_ACK gets a RST. The client closed first and waited in FIN_WAIT_2 only as
    long as its program allowed (TCP_LINGER2, 1 second); the server's FIN comes later, and finds
    nobody."""
    client, server = lab.connected()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_LINGER2, 1)
    client.close()
    settle(2.5)
    server.close()
    settle()


@scenario(
    client=f"{OPENED} FIN_WAIT_1 CLOSED",
    server=f"{ACCEPTED} CLOSE_WAIT CLOSED",
    wire=f"{HANDSHAKE} >PA <A <PA >A >FA <RA",
)
def q09_fin_wait_1_rst(lab):
    """The client in FIN_WAIT_1 gets a RST. The server's program aborts as soon as it reads the end
    of the client's data, sooner than its system has acknowledged the FIN (a delayed ACK)."""
    client, server = lab.connected()
    client.send(b"a request")
    settle()
    server.recv(100)
    server.send(b"an answer")
    settle()
    client.recv(100)
    client.shutdown(socket.SHUT_WR)
    server.recv(100)
    abort(server)
    settle()


@scenario(
    client=f"{OPENED} FIN_WAIT_1 FIN_WAIT_2 CLOSED",
    server=f"{ACCEPTED} CLOSE_WAIT CLOSED",
    wire=f"{HANDSHAKE} >FA <A <RA",
)
def q10_fin_wait_2_rst(lab):
    """The client in FIN_WAIT_2 gets a RST: the server's program aborts instead of closing."""
    client, server = lab.connected()
    client.shutdown(socket.SHUT_WR)
    settle()
    abort(server)
    settle()
