# Ways to close, to abort, and to end without a word.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios of closing."""

import socket

from catalogue import scenario
from kerneltrace import PORT
from lab import abort, settle, vanish
from paths import ACCEPTED, OPENED

from .common import (
    ANY,
    CLIENT_FIRST,
    FAR,
    NEAR,
    SERVER_FIRST,
    close,
    impatient,
    option,
    reject,
    say,
    shut,
)

CLIENT_ABORTED = {"client": f"{OPENED} CLOSED", "server": f"{ACCEPTED} CLOSED"}
BOTH_CLOSING = {
    "client": f"{OPENED} FIN_WAIT_1 CLOSING TIME_WAIT",
    "server": f"{ACCEPTED} FIN_WAIT_1 CLOSING TIME_WAIT",
}


@scenario(**SERVER_FIRST)
def server_closes_first(lab):
    """A dialogue, and the server closes first."""
    client, server = lab.connected()
    say(client, server)
    say(server, client)
    close(server, client)


@scenario(**ANY)
def fin_answered_at_once(lab):
    """The server closes as soon as it reads the end: its FIN acknowledges the client's."""
    client, server = lab.connected()
    say(client, server)
    say(server, client)
    client.shutdown(socket.SHUT_WR)
    server.recv(100)
    server.close()
    settle()


@scenario(**CLIENT_FIRST)
def fin_with_data(lab):
    """The last data and the FIN in one segment."""
    client, server = lab.connected()
    option(client, "TCP_CORK", 1)
    client.send(b"the last words")
    close(client)
    server.recv(100)
    close(server)


@scenario(**CLIENT_FIRST)
def half_close_with_a_long_answer(lab):
    """The client has said all; the server's answer of 200 kB follows, with its FIN at its end."""
    client, server = lab.connected()
    client.send(b"send me all")
    shut(client)
    server.settimeout(5)
    server.recv(100)
    server.sendall(bytes(200_000))
    server.close()
    while client.recv(65536):
        pass
    close(client)


@scenario(**SERVER_FIRST)
def half_close_by_the_server(lab):
    """The server has said all; the client goes on for a while."""
    client, server = lab.connected()
    shut(server)
    say(client, server)
    say(client, server)
    close(client, server)


@scenario(**BOTH_CLOSING, delay=FAR)
def simultaneous_close_with_data(lab):
    """Data and FINs cross."""
    client, server = lab.connected()
    settle()
    for sock in (client, server):
        option(sock, "TCP_CORK", 1)
        sock.send(b"my last words")
        sock.shutdown(socket.SHUT_WR)
    settle(0.2)


@scenario(**ANY, delay=FAR)
def fin_crosses_data(lab):
    """The client closes for one direction while data of the server are under way."""
    client, server = lab.connected()
    settle()
    server.send(b"crossing your FIN")
    client.shutdown(socket.SHUT_WR)
    settle(0.2)
    close(server)
    settle(0.1)


@scenario(**CLIENT_ABORTED)
def client_aborts(lab):
    """The client's program aborts an idle connection."""
    client, _ = lab.connected()
    settle()
    abort(client)
    settle()


@scenario(**CLIENT_ABORTED)
def server_aborts(lab):
    """The server's program aborts after an answer."""
    client, server = lab.connected()
    say(client, server)
    say(server, client)
    abort(server)
    settle()


@scenario(**CLIENT_ABORTED)
def closed_with_data_unread(lab):
    """The server closes without having read what the client sent: RST instead of FIN."""
    client, server = lab.connected()
    client.send(b"nobody reads this")
    settle()
    close(server)


@scenario(**CLIENT_ABORTED, delay=FAR)
def both_abort(lab):
    """Both abort at once, and the RSTs cross."""
    client, server = lab.connected()
    settle()
    abort(client)
    abort(server)
    settle()


@scenario(client=f"{OPENED} CLOSED", server=ACCEPTED, impaired=True)
def reset_by_packet_filter(lab):
    """A packet filter in the server's host resets the client; the server never hears of it."""
    client, server = lab.connected()
    say(client, server)
    reject(lab.server, "with tcp reset")
    client.send(b"this goes nowhere")
    settle()


@scenario(client=f"{OPENED} FIN_WAIT_1 FIN_WAIT_2 CLOSED", server=f"{ACCEPTED} CLOSE_WAIT CLOSED")
def client_aborts_in_fin_wait_2(lab):
    """The client has shut down, and then aborts."""
    client, _ = lab.connected()
    shut(client)
    abort(client)
    settle()


@scenario(client=f"{OPENED} FIN_WAIT_1 CLOSED", server=f"{ACCEPTED} CLOSE_WAIT CLOSED", delay=FAR)
def client_aborts_in_fin_wait_1(lab):
    """The client has shut down, and aborts before its FIN has arrived."""
    client, _ = lab.connected()
    settle()
    client.shutdown(socket.SHUT_WR)
    abort(client)
    settle(0.2)


@scenario(client=f"{OPENED} CLOSED", server=f"{ACCEPTED} FIN_WAIT_1 CLOSED", delay=FAR)
def abort_crosses_fin(lab):
    """The client aborts while the server's FIN is under way."""
    client, server = lab.connected()
    settle()
    server.close()
    abort(client)
    settle(0.2)


@scenario(**ANY, delay=FAR)
def abort_while_closing(lab):
    """Both shut down at once; then the client aborts before all is acknowledged."""
    client, server = lab.connected()
    settle()
    client.shutdown(socket.SHUT_WR)
    server.shutdown(socket.SHUT_WR)
    settle(1.5 * FAR)
    abort(client)
    settle(0.2)


@scenario(client=f"{OPENED} FIN_WAIT_1 FIN_WAIT_2 CLOSED", server=f"{ACCEPTED} CLOSE_WAIT CLOSED")
def server_aborts_in_close_wait(lab):
    """The client has closed; the server aborts instead."""
    client, server = lab.connected()
    close(client)
    abort(server)
    settle()


@scenario(**ANY, delay=FAR)
def server_aborts_in_last_ack(lab):
    """The server has shut down after the client did, and aborts before that is acknowledged."""
    client, server = lab.connected()
    settle()
    client.shutdown(socket.SHUT_WR)
    settle()
    server.shutdown(socket.SHUT_WR)
    abort(server)
    settle(0.2)


@scenario(**ANY)
def data_to_a_closed_socket(lab):
    """The server sends several segments to a client that has closed for good."""
    client, server = lab.connected()
    say(client, server)
    close(client)
    for _ in range(3):
        try:
            server.send(b"too late")
        except OSError:
            break
    settle()


@scenario(client=f"{OPENED} FIN_WAIT_1 FIN_WAIT_2 CLOSED", server=f"{ACCEPTED} CLOSE_WAIT CLOSED")
def fin_wait_2_times_out_then_data(lab):
    """The client waits in FIN_WAIT_2 for a second only; the server's data come later."""
    client, server = lab.connected()
    option(client, "TCP_LINGER2", 1)
    close(client)
    settle(1.5)
    server.send(b"is anybody there?")
    settle()


@scenario(client=f"{OPENED} FIN_WAIT_1 FIN_WAIT_2 CLOSED", server=f"{ACCEPTED} CLOSE_WAIT")
def close_wait_forever(lab):
    """The server never closes; the client's FIN_WAIT_2 times out unseen."""
    client, _ = lab.connected()
    option(client, "TCP_LINGER2", 1)
    close(client)
    settle(1.5)


@scenario(client=f"{OPENED} CLOSED", server=f"{ACCEPTED}( CLOSED)?", delay=NEAR, impaired=True)
def server_vanishes_under_data(lab):
    """Nothing gets through any more; the client gives up without a packet, for its program set a
    limit (TCP_USER_TIMEOUT)."""
    client, _ = lab.connected()
    option(client, "TCP_USER_TIMEOUT", 800)
    lab.link.cut("server")
    client.send(b"are you there?")
    settle(2)


@scenario(client=f"{OPENED} FIN_WAIT_1 CLOSED", server=ACCEPTED, delay=NEAR, impaired=True)
def fin_wait_1_times_out(lab):
    """Nobody acknowledges the client's FIN, and after a few tries it gives up unheard."""
    impatient(lab, orphan_retries=2)
    client, _ = lab.connected()
    lab.link.cut("server")
    client.close()
    settle(3)


@scenario(**ANY, delay=NEAR, impaired=True)
def last_ack_times_out(lab):
    """Nobody acknowledges the server's FIN, and after a few tries it gives up unheard."""
    impatient(lab, orphan_retries=2)
    client, server = lab.connected()
    close(client)
    lab.link.cut("client")
    server.close()
    settle(3)


@scenario(**ANY, delay=NEAR, impaired=True)
def keepalive_gives_up(lab):
    """The client asks twice whether the server is still there, and hears nothing: RST."""
    client, _ = lab.connected()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("KEEPIDLE", 1), ("KEEPINTVL", 1), ("KEEPCNT", 2)):
        option(client, f"TCP_{name}", value)
    lab.link.cut("server")
    settle(3.5)


@scenario(client=f"{OPENED} CLOSED", server=f"{ACCEPTED} CLOSED")
def client_vanishes(lab):
    """The client's host lost its memory; the server's data draw a RST (RFC 9293 Figure 10)."""
    client, server = lab.connected()
    say(client, server)
    vanish(client)
    settle()
    server.send(b"is anybody there?")
    settle()


@scenario(client=f"{OPENED} FIN_WAIT_1 CLOSED", server=f"{ACCEPTED} CLOSED")
def server_vanishes(lab):
    """The server's host lost its memory; the client's FIN draws a RST."""
    client, server = lab.connected()
    say(client, server)
    vanish(server)
    settle()
    close(client)


@scenario(**CLIENT_FIRST)
def closed_behind_a_closed_window(lab):
    """The client closes while the server's window is closed: its FIN has to wait."""
    listener = lab.server.socket(PORT)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    listener.listen()
    client = lab.client.connect()
    server = lab.server.accept(listener)
    client.send(bytes(8000))
    settle(0.3)
    client.close()
    settle(0.7)
    while server.recv(4096):
        settle(0.02)
    close(server)
    settle(0.2)


@scenario(**ANY)
def aborted_behind_a_closed_window(lab):
    """The client aborts while the server's window is closed."""
    listener = lab.server.socket(PORT)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    listener.listen()
    client = lab.client.connect()
    lab.server.accept(listener)
    client.send(bytes(8000))
    settle(0.5)
    abort(client)
    settle(0.2)


@scenario(**CLIENT_FIRST)
def urgent_data(lab):
    """One urgent byte amid others."""
    client, server = lab.connected()
    say(client, server)
    client.send(b"!", socket.MSG_OOB)
    settle()
    say(client, server)
    close(client, server)


@scenario(**CLIENT_FIRST, delay=NEAR)
def much_data(lab):
    """300 kB in full segments."""
    client, server = lab.connected()
    client.setblocking(False)
    left, got = 300_000, 0
    while got < 300_000:
        try:
            left -= client.send(bytes(min(left, 20_000))) if left else 0
        except BlockingIOError:
            pass
        settle(0.002)
        server.setblocking(False)
        try:
            got += len(server.recv(65536))
        except BlockingIOError:
            pass
    server.setblocking(True)
    close(client, server)
