# Segments that neither end has sent, from a third party who has seen the numbers, and old ones.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios of forgery: each segment in each state that it is interesting in."""

from dataclasses import dataclass

from catalogue import SCENARIOS, Scenario, scenario
from forge import forged, replayed
from lab import MAC, settle
from packet import IPV4, IPV6

from .common import ANY, NEAR, close, say, shut

@dataclass(frozen=True)
class Forgery:
    """Flags, how far the sequence and ACK numbers are from the right ones, and data."""

    flags: str
    seq: int = 0
    ack: int = 0
    data: bytes = b""


FORGERIES = {
    "rst_exact": Forgery("R"),
    "rst_in_window": Forgery("R", 100),
    "rst_outside_window": Forgery("R", -100_000),
    "rst_one_before": Forgery("R", -1),
    "rst_with_data": Forgery("RA", 0, 0, b"go away"),
    "syn": Forgery("S", 1000),
    "syn_far_off": Forgery("S", -1_000_000),
    "syn_ack": Forgery("SA", 1000),
    "fin": Forgery("FA"),
    "fin_beyond_a_hole": Forgery("FA", 100),
    "fin_without_ack": Forgery("F"),
    "data": Forgery("PA", 0, 0, b"not from me"),
    "old_data": Forgery("PA", -5, 0, b"12345"),
    "ack_of_unsent": Forgery("A", 0, 10_000),
    "ack_too_old": Forgery("A", 0, -2_000_000_000),
    "no_flags": Forgery(""),
}


def in_established(lab):
    client, server = lab.connected()
    say(client, server)
    say(server, client)
    yield
    try:
        say(client, server)
        close(client, server)
    except OSError:
        close(server)


def in_close_wait(lab):
    client, server = lab.connected()
    say(client, server)
    shut(client)
    yield
    try:
        say(server, client)
    except OSError:
        pass
    close(server, client)


def in_fin_wait_2(lab):
    client, server = lab.connected()
    say(client, server)
    shut(server)
    yield
    try:
        say(client, server)
    except OSError:
        pass
    close(client, server)


def in_time_wait(lab):
    client, server = lab.connected()
    say(client, server)
    close(server, client)
    yield


STATES = {
    "established": (in_established, FORGERIES),
    "close_wait": (in_close_wait, ("rst_exact", "rst_in_window", "syn", "fin", "old_data")),
    "fin_wait_2": (in_fin_wait_2, ("rst_exact", "rst_in_window", "syn", "fin", "data")),
    "time_wait": (in_time_wait, ("rst_exact", "rst_in_window", "syn_far_off", "fin", "old_data")),
}


def inject(lab, forgery):
    """The server gets it out of nowhere: the client's capture does not show it."""
    packet = forged(lab.client, forgery.flags, forgery.seq, forgery.data, forgery.ack)
    lab.relay.inject("server", framed("client", packet))


def pretend(lab, forgery):
    """It leaves from the client's host, yet not from its TCP: both captures show it."""
    lab.client.send_forged(
        forged(lab.client, forgery.flags, forgery.seq, forgery.data, forgery.ack)
    )


WAYS = {"injected": inject, "pretended": pretend}


def framed(sender, packet):
    """With the link's header, as the relay wants it."""
    source = bytes.fromhex(MAC[sender].replace(":", ""))
    target = bytes.fromhex(MAC["server" if sender == "client" else "client"].replace(":", ""))
    kind = IPV6 if packet.version == 6 else IPV4
    return target + source + kind.to_bytes(2, "big") + bytes(packet)


def add(name, state, way):
    situation, forgery, does = STATES[state][0], FORGERIES[name], WAYS[way]

    def play(lab):
        steps = situation(lab)
        next(steps)
        does(lab, forgery)
        settle()
        next(steps, None)

    title = f"{way}-{name}-in-{state}".replace("_", "-")
    whence = "out of nowhere" if way == "injected" else "from the client's host"
    story = f"Not the client's TCP has sent it: {name.replace('_', ' ')}; it reaches the server"
    story += f" in {state.upper()}, {whence}."
    SCENARIOS[title] = Scenario(title, story, play, **ANY, delay=NEAR, impaired=True)


for each, (_, wanted) in STATES.items():
    for forgery_name in wanted:
        for manner in WAYS:
            add(forgery_name, each, manner)


@scenario(**ANY, delay=NEAR, impaired=True)
def rst_in_time_wait_ignored(lab):
    """An exact RST in TIME_WAIT, where the system follows RFC 1337."""
    lab.server.sysctl("ipv4.tcp_rfc1337", 1)
    steps = in_time_wait(lab)
    next(steps)
    inject(lab, FORGERIES["rst_exact"])
    settle()
    inject(lab, FORGERIES["fin"])
    settle()


@scenario(**ANY, delay=NEAR, impaired=True)
def fin_with_an_old_timestamp(lab):
    """A FIN at the right place with a timestamp of long ago (RFC 7323, PAWS)."""
    client, server = lab.connected()
    say(client, server)
    packet = forged(lab.client, "FA")
    packet.lastlayer().options = [("NOP", None), ("NOP", None), ("Timestamp", (1, 0))]
    lab.relay.inject("server", framed("client", packet))
    settle()
    say(client, server)
    close(client, server)


def add_replay(letters, title, story):
    """Something that the client had sent comes again when all is over."""

    def play(lab):
        client, server = lab.connected()
        say(client, server)
        close(server, client)
        lab.relay.inject("server", replayed(lab.client, letters))
        settle()

    SCENARIOS[title] = Scenario(title, story, play, **ANY, delay=NEAR, impaired=True)


add_replay("S", "old-syn-in-time-wait", "The client's SYN comes again in the server's TIME_WAIT.")
add_replay("PA", "old-request-in-time-wait", "Old data come again in the server's TIME_WAIT.")
add_replay("FA", "old-fin-in-time-wait", "The client's FIN comes again in the server's TIME_WAIT.")


@scenario(**ANY, delay=NEAR, impaired=True)
def old_syn_ack(lab):
    """The SYN,ACK comes again in an established connection."""
    client, server = lab.connected()
    say(client, server)
    lab.relay.inject("client", replayed(lab.server, "SA"))
    settle()
    say(client, server)
    close(client, server)


@scenario(**ANY, delay=NEAR, impaired=True)
def unacceptable_rst_in_syn_sent(lab):
    """A RST that does not acknowledge the SYN is no answer to it."""
    listener = lab.server.listen()
    lab.link.lose("server", "S")
    client = lab.client.start_connect()
    settle(0.05)
    lab.relay.inject("client", framed("server", forged_answer(lab.client, "RA", 77)))
    settle(1.3)
    server = lab.server.accept(listener)
    client.settimeout(5)
    close(client, server)


@scenario(**ANY, delay=NEAR, impaired=True)
def unacceptable_ack_in_syn_sent(lab):
    """An ACK of something else in SYN_SENT draws a RST, and the client tries again."""
    listener = lab.server.listen()
    lab.link.lose("server", "S")
    client = lab.client.start_connect()
    settle(0.05)
    lab.relay.inject("client", framed("server", forged_answer(lab.client, "A", 77)))
    settle(1.3)
    server = lab.server.accept(listener)
    close(client, server)


def forged_answer(host, flags, beyond):
    """What the other host might answer to the latest segment of `host`, with a wrong ACK."""
    from scapy.layers.inet import TCP

    packet = forged(host, flags)
    packet.src, packet.dst = packet.dst, packet.src
    tcp = packet[TCP]
    tcp.sport, tcp.dport, tcp.ack, tcp.seq = tcp.dport, tcp.sport, tcp.seq + beyond, 1
    return packet
