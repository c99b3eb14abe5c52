# One cell of the matrix while it is played: the kernel's socket, a peer that sends by hand, and
# what the two said to each other, with the kernel's state after each packet.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A connection between the kernel and a peer."""

import socket
import struct
import time
from dataclasses import dataclass
from random import Random

from host import ADDRESSES
from kinds import SYN_OPTIONS, SYN_WINDOW, WINDOW
from wire import ACK, MODULUS, RST, SYN, Segment, distance, flags_of, packet

LOW_PORT, HIGH_PORT = 21000, 51000  # whoever connects has the high one
STALE = 1000  # ms
NOT_OPEN = 65535  # the window of an end that has not yet said any


@dataclass
class Exchanged:
    """A packet, when it passed (ns since the epoch), and the kernel's state after it."""

    time: int
    packet: bytes
    by_kernel: bool
    segment: Segment
    state: str = ""


class Cell:
    """Connections of one host differ in `number`. Call `close` at the end."""

    def __init__(self, host, version, number, active):
        self.host, self.version = host, version
        own, peer = (HIGH_PORT, LOW_PORT) if active else (LOW_PORT, HIGH_PORT)
        self.own = ADDRESSES[version][0], own + number
        self.peer = ADDRESSES[version][1], peer + number
        dice = Random(f"{version} {number}")
        self.irs, self.base_time = dice.randrange(MODULUS), dice.randrange(MODULUS)
        self.first_time = self.last_time = None  # TSval of what the peer has said so far
        self.next = self.irs  # the peer's SND.NXT
        self.iss = self.snd_una = self.snd_nxt = dice.randrange(MODULUS)  # of the kernel's end
        self.rcv_nxt, self.rcv_wnd = 0, NOT_OPEN  # as the kernel's end has said last
        self.scale = self.echo = 0
        self.frames, self.listener, self.sock = [], None, None
        self.sockets, self.over = [], False

    # -- the kernel's end ----------------------------------------------------------------------

    def listen(self):
        self.listener = self.keep(self.host.socket(self.version, self.own[1]))
        self.listener.listen()

    def connect(self):
        self.sock = self.keep(self.host.socket(self.version, self.own[1]))
        self.sock.connect_ex(self.peer)
        self.receive()

    def accept(self):
        self.sock = self.keep(self.listener.accept()[0])

    def keep(self, sock):
        self.sockets.append(sock)
        return sock

    def act(self, action, *arguments):
        """Let the kernel's program do something with its socket."""
        result = action(*arguments)
        self.receive()
        return result

    def state(self):
        return self.host.state(self.own, self.peer)

    def variables(self):
        """Those of the kernel's end, as far as packets tell."""
        received = self.irs + 1 if self.next == self.irs else self.next
        return {
            "ISS": self.iss,
            "IRS": self.irs,
            "SND.UNA": self.snd_una,
            "SND.NXT": self.snd_nxt,
            "RCV.NXT": received % MODULUS,
            "RCV.WND": self.rcv_wnd,
            "TS.RECENT": self.last_time,
        }

    # -- the peer ------------------------------------------------------------------------------

    def clock(self, age="now"):
        """(TSval, TSecr) of a segment: see kinds.table."""
        now = self.base_time + int(time.monotonic() * 1000)
        first = now if self.first_time is None else self.first_time
        return {"now": now, "copy": first, "stale": first - STALE}[age] % MODULUS, self.echo

    def say(self, letters, text=b"", seq=None, ack=None):
        """The peer goes on as it should: its next number, and all acknowledged, unless `seq` and
        `ack` say otherwise."""
        flags = flags_of(letters)
        seq = self.next if seq is None else seq
        ack = (self.snd_nxt if ack is None else ack) if flags & ACK else 0
        window, options = (SYN_WINDOW, SYN_OPTIONS) if flags & SYN else (WINDOW, {})
        segment = Segment(flags, seq, ack, window, text, self.clock(), **options)
        self.last_time = segment.timestamps[0]
        self.first_time = self.last_time if self.first_time is None else self.first_time
        if distance(segment.end, self.next) > 0:
            self.next = segment.end
        if flags & ACK and distance(ack, self.snd_una) > 0:
            self.snd_una = ack
        self.send(segment)

    def send(self, segment):
        data = packet(self.peer, self.own, segment)
        sent = self.record(data, segment, False)
        self.host.write(data)
        self.receive()
        sent.state = self.state()

    # -- between them --------------------------------------------------------------------------

    def receive(self):
        """Let the host hand out what the kernel has sent, to whomever."""
        self.host.hand_out()

    def received(self, data, segment):
        """The kernel has sent this."""
        if not self.over:
            self.note(segment)
            self.record(data, segment, True).state = self.state()

    def note(self, segment):
        if segment.has(SYN) and segment.seq != self.iss:
            self.iss = self.snd_una = self.snd_nxt = segment.seq
            self.scale = segment.scale or 0
        if segment.has(RST):
            return
        if distance(segment.end, self.snd_nxt) > 0:
            self.snd_nxt = segment.end
        if segment.has(ACK):
            self.rcv_nxt = segment.ack
        self.rcv_wnd = segment.window << (0 if segment.has(SYN) else self.scale)
        self.echo = segment.timestamps[0] if segment.timestamps else self.echo

    def record(self, data, segment, by_kernel):
        self.frames.append(Exchanged(time.time_ns(), data, by_kernel, segment))
        return self.frames[-1]

    def close(self):
        """Forget the connection. What the kernel says about that is not recorded."""
        self.over = True
        for sock in self.sockets:
            if sock.fileno() < 0:
                continue  # its program has closed it before
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()
