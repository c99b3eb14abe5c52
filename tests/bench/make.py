#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a capture for the benchmark: make.py KIND SEGMENTS FILE.

ordinary   50 segments in each connection: handshake, requests and answers, close
short      6 to 12 segments in each connection, which is the hardest: much moves in few segments
flood      connections of one packet, a SYN from another address each
one        a single connection that carries everything
disturbed  ordinary, and of every ten segments one is missing, one comes late, one comes again
holes      a single connection; every other segment of the server's is missing and comes no more
crowd      connections of ten segments each, all of them open at the same time

and attacks, most of them a single connection in which no segment can be believed for long (a hole or a
flood is one, too):

unsettled  a FIN that is never acknowledged, and text of its receiver without end
refuted    a RST, and then a segment that shows that it was not its supposed sender's, again and again
forking    a SYN with another number in mid-connection each time, and text with the old one
resets     a RST, and text of its receiver that it should have stopped, again and again
reuse      the same sockets open and abort one connection after the other
findings   segments in which there is as much to find as possible

Always the same bytes: nothing is left to chance that changes from run to run.
"""

import random
import struct
import sys

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
PER_CONNECTION, SHORT, TEXT = 50, 9, 100
GLOBAL = struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 96, 101)  # nanoseconds, raw IP
IP = struct.Struct(">BBHHHBBHII")
TCP = struct.Struct(">HHIIBBHHH")
RECORD = struct.Struct("<IIII")
SYN_OPTIONS = b"\x02\x04\x05\xb4\x03\x03\x07\x01\x04\x02\x01\x01"
SERVER = 0x0a000001


class Host:
    def __init__(self, client, number):
        self.address = SERVER if not client else 0x0b000001 + number // 60000
        self.port = 443 if not client else 1024 + number % 60000
        self.next = (number * 2654435761 + client * 97) & 0xffffffff


def packet(x, y, flags, text, options=b""):
    """One segment from x to y; what is on the wire of the text is not captured."""
    tcp = TCP.pack(x.port, y.port, x.next, y.next if flags & ACK else 0,
                   (20 + len(options)) // 4 << 4, flags, 8192, 0, 0) + options
    x.next = (x.next + text + bool(flags & (SYN | FIN))) & 0xffffffff
    total = 20 + len(tcp) + text
    return IP.pack(0x45, 0, total, 0, 0x4000, 64, 6, 0, x.address, y.address) + tcp, total


def dialogue(number, segments):
    """A whole connection of so many segments, at least 6."""
    c, s = Host(True, number), Host(False, number)
    yield packet(c, s, SYN, 0, SYN_OPTIONS)
    yield packet(s, c, SYN | ACK, 0, SYN_OPTIONS)
    yield packet(c, s, ACK, 0)
    for n in range(segments - 6):
        x, y = ((c, s), (s, c), (s, c), (c, s))[n % 4]
        yield packet(x, y, ACK | (PSH if n % 4 != 3 else 0), TEXT if n % 4 != 3 else 0)
    yield packet(c, s, FIN | ACK, 0)
    yield packet(s, c, FIN | ACK, 0)
    yield packet(c, s, ACK, 0)


def holes(segments):
    """A server whose every other segment is missing, a thousand at a time before they count as come."""
    c, s = Host(True, 0), Host(False, 0)
    yield packet(c, s, SYN, 0, SYN_OPTIONS)
    yield packet(s, c, SYN | ACK, 0, SYN_OPTIONS)
    yield packet(c, s, ACK, 0)
    come = s.next
    for n in range(segments - 3):
        if n % 2:
            come = s.next if n % 1000 == 999 else come
            ahead, s.next = s.next, come
            ack = packet(c, s, ACK, 0)
            s.next = ahead
            yield ack
        else:
            s.next = (s.next + TEXT) & 0xffffffff
            yield packet(s, c, ACK | PSH, TEXT)


def shake_hands():
    c, s = Host(True, 0), Host(False, 0)
    return c, s, [packet(c, s, SYN, 0, SYN_OPTIONS), packet(s, c, SYN | ACK, 0, SYN_OPTIONS),
                  packet(c, s, ACK, 0)]


def unsettled(segments):
    c, s, begun = shake_hands()
    yield from begun
    before = c.next
    yield packet(c, s, FIN | ACK, 0)
    c.next = before
    for _ in range(segments - 4):
        yield packet(s, c, ACK | PSH, TEXT)


def refuted(segments):
    c, s, begun = shake_hands()
    yield from begun
    for _ in range((segments - 3) // 2):
        yield packet(c, s, RST, 0)
        yield packet(c, s, ACK | PSH, TEXT)


def forking(segments):
    c, s, begun = shake_hands()
    yield from begun
    for n in range((segments - 3) // 2):
        there, c.next = c.next, (c.next + 100000 + 7 * n) & 0xffffffff
        yield packet(c, s, SYN, 0)
        c.next = there
        yield packet(c, s, ACK | PSH, TEXT)


def resets(segments):
    c, s, begun = shake_hands()
    yield from begun
    for _ in range((segments - 3) // 2):
        yield packet(c, s, RST | ACK, 0)
        yield packet(s, c, ACK | PSH, TEXT)


def reuse(segments):
    for n in range(segments // 5):
        c, s = Host(True, 0), Host(False, 0)
        c.next = s.next = n * 2654435761 & 0xffffffff
        yield packet(c, s, SYN, 0, SYN_OPTIONS)
        yield packet(s, c, SYN | ACK, 0, SYN_OPTIONS)
        yield packet(c, s, ACK, 0)
        yield packet(c, s, ACK | PSH, TEXT)
        yield packet(c, s, RST, 0)


def findings(segments):
    c, s, begun = shake_hands()
    yield from begun
    for n in range(segments - 3):
        there, s.next = s.next, (s.next + 5000 * (n % 3)) & 0xffffffff  # acknowledged, but never sent
        back, c.next = c.next, (c.next + 70000 * (n % 5)) & 0xffffffff  # beyond the window
        yield packet(c, s, ACK | (0, FIN, SYN, PSH, RST, FIN | PSH)[n % 6], TEXT * (n % 2))
        s.next, c.next = there, back


def disturb(packets):
    """Three of ten are not where they belong."""
    chance, late = random.Random(1), None
    for one in packets:
        what = chance.randrange(10)
        if what == 0:
            continue
        if what == 1 and not late:
            late = one
            continue
        yield one
        if what == 2:
            yield one
        if late and what > 6:
            yield late
            late = None


def interleaved(connections, at_once=100):
    """A hundred connections at a time, a segment of each in turn."""
    live = []
    for connection in connections:
        live.append(connection)
        while len(live) >= at_once:
            yield from turn(live)
    while live:
        yield from turn(live)


def turn(live):
    for connection in list(live):
        one = next(connection, None)
        if one is None:
            live.remove(connection)
        else:
            yield one


ALONE = {"holes": holes, "unsettled": unsettled, "refuted": refuted, "forking": forking,
         "resets": resets, "reuse": reuse, "findings": findings}


def packets(kind, segments):
    if kind == "flood":
        return (packet(Host(True, n), Host(False, n), SYN, 0, SYN_OPTIONS) for n in range(segments))
    if kind == "one":
        return dialogue(0, segments)
    if kind in ALONE:
        return ALONE[kind](segments)
    if kind == "crowd":
        return interleaved([dialogue(n, 10) for n in range(segments // 10)], segments)
    if kind == "short":
        return interleaved(dialogue(n, 6 + n % 7) for n in range(segments // SHORT))
    connections = (dialogue(n, PER_CONNECTION) for n in range(segments // PER_CONNECTION))
    return disturb(interleaved(connections)) if kind == "disturbed" else interleaved(connections)


def main():
    kind, segments, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    written = 0
    with open(name, "wb") as file:
        file.write(GLOBAL)
        for data, total in packets(kind, segments):
            when = written * 50000  # 20 000 segments in a second
            file.write(RECORD.pack(1700000000 + when // 10**9, when % 10**9, len(data), total))
            file.write(data)
            written += 1
    print(written)


main()
