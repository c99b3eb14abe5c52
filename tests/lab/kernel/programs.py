# Random programs over random networks. A seed is a whole connection: what either end's program
# does and when, and how the network treats its packets. Nothing here touches a socket.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a seed stands for."""

from collections import namedtuple
from dataclasses import dataclass
from random import Random

ENDS = ("client", "server")
LATEST = 0.6  # seconds; the latest that a program says something
DELAYS = (0.0005, 0.002, 0.01, 0.03)  # seconds one way
CHANCES = (0, 0.02, 0.08, 0.2)  # of a mishap to a packet
AMOUNTS = (1, 20, 500, 3000, 20000)  # octets
ENDINGS = ("close", "close", "close", "shutdown close", "shutdown close", "abort", "shutdown abort")

Act = namedtuple("Act", "time end what amount")


@dataclass(frozen=True)
class Network:
    """`loss`, `double` and `late` are chances; `lateness` is in seconds."""

    delay: float
    loss: float = 0
    double: float = 0
    late: float = 0
    lateness: float = 0

    @property
    def impaired(self):
        return bool(self.loss or self.double or self.late)

    def fate(self, dice):
        """The delays of one packet's copies. Each packet takes the same number of throws."""
        loss, double, late, far = (dice.random() for _ in range(4))
        if loss < self.loss:
            return []
        delay = self.delay + (far * self.lateness if late < self.late else 0)
        return [delay, delay + far * self.lateness] if double < self.double else [delay]


@dataclass(frozen=True)
class Program:
    """Times are in seconds: the server's from its accept on, the client's from its SYN on."""

    seed: int
    ip_version: int
    both_connect: bool  # nobody listens, both ends connect
    network: Network
    deaf: tuple  # the ends that never read
    acts: tuple

    @property
    def kind(self):
        """Programs of one kind can be played between the same two hosts."""
        return self.ip_version, self.both_connect

    def __str__(self):
        acts = ", ".join(map(told, self.acts))
        way = "both connect" if self.both_connect else "the client connects"
        deaf = "".join(f"; the {end} never reads" for end in self.deaf)
        return f"Seed {self.seed}: {way}; {acts}{deaf}. {self.network}"


def told(act):
    amount = f" {act.amount}" if act.amount else ""
    return f"{act.time:.3f} s {act.end} {act.what}{amount}"


def program(seed):
    dice = Random(seed)
    ip_version, both_connect = dice.choice((4, 6)), dice.random() < 0.15
    network = random_network(dice)
    acts = [act for end in ENDS for act in random_life(dice, end)]
    if both_connect:  # at nearly the same moment, or too late
        acts.append(Act(dice.uniform(0, 1.5) * network.delay, "server", "connect", 0))
    deaf = tuple(end for end in ENDS if dice.random() < 0.1)
    return Program(seed, ip_version, both_connect, network, deaf, tuple(sorted(acts)))


def random_network(dice):
    delay = dice.choice(DELAYS)
    if dice.random() < 0.4:
        return Network(delay)
    chances = [dice.choice(CHANCES) for _ in range(3)]
    return Network(delay, *chances, lateness=dice.choice((0.003, 0.02, 0.1)))


def random_life(dice, end):
    """Some messages and an ending, or none: then the socket stays open."""
    times = sorted(dice.uniform(0, LATEST) for _ in range(dice.randrange(5)))
    for time in times:
        yield Act(time, end, "send", dice.choice(AMOUNTS))
    time = dice.uniform(0, 1.5 * LATEST)
    for what in dice.choice(ENDINGS).split() if dice.random() < 0.93 else ():
        yield Act(time, end, what, 0)
        time += dice.uniform(0, 2 * network_pause(dice))


def network_pause(dice):
    return dice.choice(DELAYS + (0.2,))
