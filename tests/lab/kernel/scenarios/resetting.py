# Each reason for which a host sends a RST, as far as other files do not have it already; for `causes` alone.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios of resets."""

import socket
from ctypes import c_char, c_uint16

from catalogue import scenario
from forge import forged
from kerneltrace import PORT
from lab import LIBC, abort, settle, vanish

from .common import ANY, FAR, NEAR, close, option, reject, say, shut

AF_UNSPEC = (c_char * 16)()  # an address of no family


def disconnect(sock):
    """connect() to no address at all, which Python has no word for."""
    LIBC.connect(sock.fileno(), AF_UNSPEC, 16)


def speak(sock, data=b"is anybody there?"):
    try:
        sock.send(data)
    except OSError:
        pass
    settle()


@scenario(**ANY)
def reset_by_connecting_to_nobody(lab):
    """The client's program takes its socket back: connect() with AF_UNSPEC."""
    client, server = lab.connected()
    say(client, server)
    disconnect(client)
    settle()


@scenario(**ANY)
def reset_with_the_accept_queue(lab):
    """The server's program ends while a connection waits to be accepted."""
    listener = lab.server.listen()
    client = lab.client.connect()
    client.send(b"still in the queue")
    settle()
    listener.close()
    settle()


@scenario(**ANY, impaired=True)
def reset_by_the_administrator(lab):
    """ss -K ends the server's socket."""
    client, server = lab.connected()
    say(client, server)
    lab.server.run("ss", "-K", "sport", "=", PORT)
    settle()


@scenario(**ANY)
def closed_with_much_unread(lab):
    """The server reads nothing of 60 kB, then closes."""
    client, server = lab.connected()
    client.send(bytes(60_000))
    settle(0.3)
    close(server)


@scenario(**ANY)
def closed_with_the_window_closed(lab):
    """The server's buffer is full, and its program closes."""
    listener = lab.server.socket(PORT)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    listener.listen()
    client = lab.client.connect()
    server = lab.server.accept(listener)
    client.setblocking(False)
    client.send(bytes(30_000))
    settle(0.5)
    close(server)


@scenario(**ANY)
def killed_with_data_unread(lab):
    """The server's program is killed and had read nothing."""
    client, server = lab.connected()
    say(server, client)
    client.send(b"a request")
    settle(0.3)
    server.close()
    settle()


@scenario(**ANY)
def closed_after_half_a_request(lab):
    """The server reads some of what it has, answers, and closes."""
    client, server = lab.connected()
    client.send(bytes(3000))
    settle()
    server.recv(100)
    server.send(b"bad request")
    close(server)


@scenario(**ANY)
def closed_unread_after_the_peers_fin(lab):
    """The client has said something and closed; the server closes without reading it."""
    client, server = lab.connected()
    client.send(b"farewell")
    shut(client)
    close(server)


@scenario(**ANY, delay=FAR)
def text_crosses_the_close(lab):
    """The client closes for good while text of the server is on its way."""
    client, server = lab.connected()
    settle()
    server.send(b"crossing")
    client.close()
    settle(0.3)


@scenario(**ANY)
def text_to_an_orphan(lab):
    """The client closes with text of its own not acknowledged, and the server goes on talking."""
    client, server = lab.connected()
    say(client, server)
    client.send(b"last words")
    client.close()
    for _ in range(3):
        speak(server)


@scenario(**ANY)
def long_answer_to_one_who_left(lab):
    """The client asks for much, and closes in the middle of the answer, having read what came."""
    client, server = lab.connected()
    say(client, server)
    server.setblocking(False)
    server.send(bytes(400_000))
    client.recv(1000)
    client.close()
    settle(0.3)


@scenario(**ANY, impaired=True)
def first_word_to_a_host_that_forgot(lab):
    """The server lost its memory before anything was said."""
    client, server = lab.connected()
    vanish(server)
    settle()
    speak(client)


@scenario(**ANY, impaired=True)
def many_words_to_a_host_that_forgot(lab):
    """Several segments reach a host that lost its memory; each draws a RST."""
    client, server = lab.connected()
    say(client, server)
    vanish(server)
    settle()
    speak(client, bytes(5000))


@scenario(**ANY, delay=NEAR, impaired=True)
def user_timeout_then_text(lab):
    """The client gives up without a word; then the server speaks."""
    client, server = lab.connected()
    option(client, "TCP_USER_TIMEOUT", 500)
    say(client, server)
    lab.link.cut("server")
    client.send(b"are you there?")
    settle(2)
    lab.link.mend()
    speak(server)


@scenario(**ANY, delay=NEAR, impaired=True)
def keepalive_gives_up_after_talk(lab):
    """As keepalive_gives_up, after a dialogue, and by the server."""
    client, server = lab.connected()
    say(client, server)
    say(server, client)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("KEEPIDLE", 1), ("KEEPINTVL", 1), ("KEEPCNT", 3)):
        option(server, f"TCP_{name}", value)
    lab.link.cut("client")
    settle(4.6)


@scenario(**ANY, impaired=True)
def keepalive_to_a_host_that_forgot(lab):
    """A keep-alive finds nobody."""
    client, server = lab.connected()
    say(client, server)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    option(client, "TCP_KEEPIDLE", 1)
    vanish(server)
    settle(1.4)


@scenario(**ANY, delay=NEAR, impaired=True)
def given_up_by_the_program(lab):
    """Nothing is acknowledged for a while, and the program aborts."""
    client, server = lab.connected()
    say(client, server)
    lab.link.cut("server")
    client.send(b"are you there?")
    settle(2.5)
    abort(client)
    settle()


@scenario(**ANY)
def no_room_for_time_wait(lab):
    """The server closes first, and keeps no TIME_WAIT; the client's FIN again finds nobody."""
    lab.server.sysctl("ipv4.tcp_max_tw_buckets", 0)
    client, server = lab.connected()
    say(client, server)
    server.close()
    settle()
    client.close()
    settle()


@scenario(**ANY, impaired=True)
def old_text_after_time_wait_was_killed(lab):
    """TIME_WAIT is ended by hand, and an old segment comes again."""
    client, server = lab.connected()
    say(client, server)
    packet = forged(lab.client, "PA", -5, b"again")
    close(server, client)
    lab.server.run("ss", "-K", "state", "time-wait")
    settle()
    lab.client.send_forged(packet)
    settle()


@scenario(**ANY, impaired=True)
def wrong_ack_in_syn_rcvd(lab):
    """The server waits in SYN_RCVD, and gets an ACK of what it never sent."""
    lab.server.listen()
    lab.server.lose("tcp flags & (syn|ack) == ack")
    lab.client.connect()
    settle()
    lab.client.send_forged(forged(lab.client, "A", 0, b"", 5000))
    settle()


@scenario(**ANY, impaired=True)
def new_syn_in_syn_rcvd(lab):
    """The server waits in SYN_RCVD, and gets a SYN with another number in its window."""
    lab.server.listen()
    lab.server.lose("tcp flags & (syn|ack) == ack")
    lab.client.connect()
    settle()
    lab.client.send_forged(forged(lab.client, "S", 100))
    settle()


@scenario(**ANY, delay=FAR, impaired=True)
def queue_overflows_and_aborts(lab):
    """The accept queue is full, and the server is set to reset whom it cannot take."""
    lab.server.sysctl("ipv4.tcp_abort_on_overflow", 1)
    lab.server.socket(PORT).listen(0)
    several = [lab.client.start_connect() for _ in range(4)]
    settle(0.4)
    return several[-1].getsockname()[1]


@scenario(**ANY, delay=FAR)
def gives_up_before_the_syn_ack(lab):
    """The client's program closes while the SYN is on its way: the SYN,ACK finds nobody."""
    lab.server.listen()
    client = lab.client.start_connect()
    client.close()
    settle(0.3)


@scenario(**ANY, impaired=True)
def ack_to_a_port_without_listener(lab):
    """A segment of no connection, to a port where nobody listens."""
    client, server = lab.connected()
    say(client, server)
    packet = forged(lab.client, "A")
    packet.getlayer("TCP").sport = lab.client.socket().getsockname()[1]
    packet.getlayer("TCP").dport = PORT
    close(client, server)
    lab.forget()
    lab.client.send_forged(packet)
    settle()
    return int(c_uint16(packet.getlayer("TCP").sport).value)


@scenario(**ANY, impaired=True)
def filter_rejects_an_idle_client(lab):
    """The filter begins to reject after a pause, twice."""
    client, server = lab.connected()
    say(client, server)
    say(server, client)
    settle(0.5)
    reject(lab.server, "with tcp reset")
    speak(client)
    server.send(b"I am still here")
    settle()


@scenario(**ANY, impaired=True)
def filter_rejects_the_servers_words(lab):
    """The server lives on and says so, after a filter has reset the client."""
    client, server = lab.connected()
    say(client, server)
    reject(lab.server, "with tcp reset")
    speak(client)
    settle(1.2)
    server.send(b"hello?")
    settle()


@scenario(**ANY)
def lingers_for_no_time_after_shutdown(lab):
    """Both have said all that they want, then the client aborts; its FIN is acknowledged."""
    client, server = lab.connected()
    say(client, server)
    shut(client)
    shut(server)
    abort(client)
    settle()


@scenario(**ANY)
def aborts_with_text_unsent(lab):
    """The server aborts with much of its answer not sent yet."""
    client, server = lab.connected()
    say(client, server)
    server.setblocking(False)
    server.send(bytes(500_000))
    abort(server)
    settle(0.2)


@scenario(**ANY)
def aborts_in_close_wait_with_text_unread(lab):
    """The client has closed its direction; the server has read all, says something, aborts."""
    client, server = lab.connected()
    say(client, server)
    shut(client)
    while server.recv(100):
        pass
    server.send(b"so be it")
    abort(server)
    settle()
