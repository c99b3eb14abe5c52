# Records a scenario with lwIP at one end and the kernel at the other. Everything but lwIP's own word
# is tests/lab/record's: laboratory, captures, trace, and what a truth looks like.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Recording with two witnesses."""

from dataclasses import dataclass

import batch
import mishaps  # files its stories
import ordinary
from ends import KernelEnd, LwipEnd
from kerneltrace import Owner, Transition, fold
from lab import Lab
from link import Link
from recorder import ROLES, Recording, Tracing, about, check, wire
from story import STORIES

OTHER = {"client": "server", "server": "client"}

# Where lwIP takes in one step what RFC 9293, 3.10.7.4, does in two, one after the other, on one
# segment: the ACK of its FIN first, then the FIN in it. Comparing needs one way to say it.
SPELT_OUT = {("FIN_WAIT_1", "TIME_WAIT"): "FIN_WAIT_2"}


class Words:
    """What lwIP says about its ends, as kerneltrace.Kernel tells of the kernel's."""

    def __init__(self, end, literal):
        self.end, self.literal = end, literal

    def timeline(self, flow):
        moves, owner = [], None
        for time, old, new, port, peer_port in self.end.log:
            state = None if new == "CLOSED" else new
            if port == flow.port and peer_port == 0:
                moves.append((time, new, None))
            elif (port, peer_port) == (flow.port, flow.peer_port):
                if old == "CLOSED":
                    owner = Owner(source=kind(new))
                moves.append((time, state, owner))
        told = [move._replace(source="lwip") for move in fold(moves)]
        return told if self.literal else list(spelt_out(told))


def kind(birth):
    """A passive opener's end, in SYN_RCVD, leaves its listener behind, as the kernel's request
    sock does; `fold` knows it by that name."""
    return "reqsk" if birth == "SYN_RCVD" else "lwip"


def spelt_out(moves):
    for move in moves:
        between = SPELT_OUT.get((move.old, move.new))
        if between:
            yield Transition(move.time, move.old, between, move.source)
            move = move._replace(old=between)
        yield move


class Both:
    """Who is asked depends on whose end it is."""

    def __init__(self, kernel, words):
        self.kernel, self.words = kernel, words
        self.resets, self.retransmissions = kernel.resets, kernel.retransmissions # lwIP tells no why

    def timeline(self, flow):
        witness = self.words if flow.addr == self.words.end.address else self.kernel
        return witness.timeline(flow)


@dataclass(frozen=True)
class Job:
    """One story, with lwIP in one of the roles; `record` is what the batch calls, in a process of
    its own, to which functions travel by name only."""

    story: str
    role: str
    program: str
    ip_version: int
    port: int  # the client's
    literal: bool

    @property
    def scenario(self):
        return STORIES[self.story].scenario(self.role, self.ip_version)

    def __str__(self):
        return self.scenario.name

    def record(self, directory):
        scenario = self.scenario
        with Lab(scenario.ip_version, Link(scenario.delay), batch.number) as lab:
            lwip = LwipEnd(lab, self.role, self.program)
            with lwip, Tracing() as tracing:
                self.play(lab, lwip)
                tracing.stop()
                lwip.finish()
            tracing.kernel = Both(tracing.kernel, Words(lwip, self.literal))
            recording = Recording(lab, tracing)
        truth = recording.truth(scenario.vantage)
        check(scenario, truth, wire(recording.segments[scenario.vantage], truth))
        first = about(scenario) | {"lwip": self.role}
        for vantage in ROLES:
            recording.write(directory / f"{scenario.name}@{vantage}.pcapng", vantage, first)

    def play(self, lab, lwip):
        kernel = KernelEnd(lab, OTHER[self.role])
        ends = (lwip, kernel) if self.role == "client" else (kernel, lwip)
        self.scenario.play(lab, *ends, self.port)
