# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures in which later frames change what is to be said of earlier ones: always the same bytes.

aborted()   a client aborts while the server's text is in flight: its RST, which the server gets late,
            and more of them, one for each segment that still comes
lossy(n)    the last ACK of a handshake is lost, as only the end of the capture shows, after n segments
            of other connections
"""

import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
GLOBAL = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 101)  # raw IP
PORT, MILLISECOND = 5555, 1000


class Talk:
    """One connection. Sequence numbers and times are given where they are not the next."""

    def __init__(self, start, port=40000):
        self.time, self.port, self.frames = start, port, []
        self.next = [1000, 5000]

    def say(self, end, flags, text=0, after=MILLISECOND, seq=None):
        """`end`: 0 client, 1 server."""
        self.time += after
        own = self.next[end] if seq is None else seq
        ports = (self.port, PORT) if end == 0 else (PORT, self.port)
        addresses = [bytes([192, 0, 2, 1 + n]) for n in ((0, 1) if end == 0 else (1, 0))]
        tcp = struct.pack(">HHIIBBHHH", *ports, own, self.next[1 - end] if flags & ACK else 0, 5 << 4,
                          flags, 64240, 0, 0) + bytes(text)
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, *addresses)
        self.frames.append((self.time, ip + tcp))
        if seq is None:
            self.next[end] += text + bool(flags & (SYN | FIN))

    def open(self):
        self.say(0, SYN)
        self.say(1, SYN | ACK, after=20 * MILLISECOND)
        self.say(0, ACK)


def file(frames):
    return GLOBAL + b"".join(
        struct.pack("<IIII", 1767225600 + time // 10**6, time % 10**6, len(data), len(data)) + data
        for time, data in sorted(frames, key=lambda frame: frame[0]))


def aborted():
    talk = Talk(0)
    talk.open()
    talk.say(0, PSH | ACK, 100)
    talk.say(1, ACK, after=20 * MILLISECOND)
    for _ in range(2):
        talk.say(1, ACK, 500)
    talk.say(0, RST | ACK)  # frame 8
    for _ in range(3):  # what was on its way already
        talk.say(1, ACK, 500)
        talk.say(0, RST, seq=talk.next[0], after=10)
    return file(talk.frames)


def lossy(others):
    talk = Talk(0)
    talk.open()
    frames = []
    for number in range(others // 10):
        other = Talk(talk.time + number, 50000 + number)  # ports that mean nothing to Wireshark
        other.open()
        for end in (0, 1, 0, 1):
            other.say(end, PSH | ACK, 10)
        other.say(0, FIN | ACK)
        other.say(1, FIN | ACK)
        other.say(0, ACK)
        frames += other.frames
    talk.say(1, SYN | ACK, after=1000 * MILLISECOND, seq=5000)
    talk.say(0, ACK)
    talk.say(0, FIN | ACK)
    talk.say(1, FIN | ACK)
    talk.say(0, ACK)
    return file(talk.frames + frames)
