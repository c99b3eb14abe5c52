# One packet of each kind is lost, doubled or late, at each place: on the way (the receiver's
# capture never shows it) or in the receiver's host (both captures show it).
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios with one mishap in an ordinary connection."""

import socket
from contextlib import suppress
from dataclasses import dataclass

from catalogue import SCENARIOS, Scenario
from lab import abort, settle

from .common import ACK_DELAY, ANY, NEAR, close

AGAIN = 1.3  # seconds until what was lost has been sent again


@dataclass(frozen=True)
class Kind:
    """A kind of packet: before which stage of life to set the trap, for whom it is, what it looks
    like, and to the packet filter."""

    stage: str
    towards: str
    letters: str
    match: str


SYN, SYN_ACK = "tcp flags syn / syn,ack", "tcp flags syn,ack / syn,ack"
FIN, PLAIN, RST = "tcp flags & fin != 0", "tcp flags ack / fin,syn,rst,ack", "tcp flags & rst != 0"
KINDS = {
    "syn": Kind("open", "server", "S", SYN),
    "syn_ack": Kind("open", "client", "SA", SYN_ACK),
    "handshake_ack": Kind("open", "server", "A", PLAIN),
    "request": Kind("request", "server", "PA", PLAIN),
    "ack_of_request": Kind("request", "client", "A", PLAIN),
    "response": Kind("response", "client", "PA", PLAIN),
    "ack_of_response": Kind("response", "server", "A", PLAIN),
    "first_fin": Kind("close", "server", "FP?A", FIN),
    "ack_of_first_fin": Kind("close", "client", "A", PLAIN),
    "second_fin": Kind("answer", "client", "FP?A", FIN),
    "ack_of_second_fin": Kind("answer", "server", "A", PLAIN),
    "rst": Kind("abort", "server", "RA?", RST),
}
MISHAPS = {
    "lost_on_the_way": lambda lab, kind: lab.link.lose(kind.towards, kind.letters),
    "lost_on_arrival": lambda lab, kind: getattr(lab, kind.towards).lose_once(kind.match),
    "doubled": lambda lab, kind: lab.link.double(kind.towards, kind.letters),
    "doubled_late": lambda lab, kind: lab.link.double(kind.towards, kind.letters, 0.15),
    "late": lambda lab, kind: lab.link.hold(kind.towards, kind.letters, 0.15),
}


def life(lab, stage, mishap):
    """An ordinary connection, its first mishap in `stage`. The stages follow each other fast, so
    that what is late is overtaken; what was lost has the time to be sent again."""

    def now(here):
        if here == stage:
            mishap()

    listener = lab.server.listen()
    now("open")
    client = lab.client.start_connect()
    server = lab.server.accept(listener)
    settle(2 * NEAR)
    now("request")
    client.send(b"a request")
    settle(ACK_DELAY if stage == "request" else 0.01)
    now("response")
    server.send(b"a response")
    settle(ACK_DELAY)
    if stage == "abort":
        now("abort")
        abort(client)
        settle(0.3)
        with suppress(ConnectionError):
            server.send(b"are you still there?")
        settle(0.3)
        return
    now("close")
    client.shutdown(socket.SHUT_WR)
    settle(ACK_DELAY)
    server.settimeout(AGAIN)
    while server.recv(100):
        pass
    now("answer")
    close(server)
    settle(0.5)
    client.close()


def add(name, kind, how, mishap):
    def play(lab):
        life(lab, kind.stage, lambda: mishap(lab, kind))

    words = f"{name} {how}".replace("_", " ")
    story = f"An ordinary connection with one mishap: {words}."
    title = f"{name}-{how}".replace("_", "-")
    SCENARIOS[title] = Scenario(title, story, play, **ANY, delay=NEAR, impaired=True)


for each, its in KINDS.items():
    for manner, does in MISHAPS.items():
        add(each, its, manner, does)
