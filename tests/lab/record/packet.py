# Just enough of IP and TCP to find a connection's segments among captured frames.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captured frames and the TCP segments in them."""

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
ICMP, TCP, ICMPV6 = 1, 6, 58
IPV4, IPV6 = 0x0800, 0x86DD
ICMP_ERRORS = {ICMP: (3, 11, 12), ICMPV6: (1, 2, 3, 4)}


@dataclass(eq=False)
class Segment:
    """A TCP segment as captured. `time` is CLOCK_REALTIME in nanoseconds."""

    time: int
    frame: bytes
    packet: bytes  # from the IP header on, without what the link added
    source: tuple  # (address, port)
    target: tuple
    flags: int
    seq: int
    ack: int
    window: int
    length: int  # of the data
    number: int = 0  # in the capture that is kept, from 1

    @property
    def end(self):
        """The sequence number after this segment: SYN and FIN count."""
        return (self.seq + self.length + bool(self.flags & SYN) + bool(self.flags & FIN)) % 2**32

    def has(self, flags):
        return self.flags & flags == flags

    def letters(self):
        """S, SA, A, FA, R ... as people write them; data shows as a P, whatever the PSH flag says,
        and a closed window as a 0."""
        shown = [(SYN, "S"), (FIN, "F"), (RST, "R")]
        text = "".join(letter for flag, letter in shown if self.flags & flag)
        text += ("P" if self.length else "") + ("A" if self.flags & ACK else "")
        return text + ("0" if self.window == 0 and text == "A" else "")


def covers(ack, seq):
    """Does `ack` acknowledge everything before `seq`? (Arithmetic modulo 2^32.)"""
    return (ack - seq) % 2**32 < 2**31


def network_layer(frame):
    """(protocol, source, target, payload, packet) of a frame, or None if it is not IP. A frame is
    Ethernet's, or an IPv4 packet without a link header. (Ours never start with 0x45 in the first
    case: the lab's MAC addresses begin with 02.)"""
    bare = frame[0] == 0x45
    kind = IPV4 if bare else int.from_bytes(frame[12:14], "big")
    packet = frame if bare else frame[14:]
    if kind == IPV4:
        packet = packet[: int.from_bytes(packet[2:4], "big")]
        header = (packet[0] & 15) * 4
        source, target = IPv4Address(packet[12:16]), IPv4Address(packet[16:20])
        return packet[9], source, target, packet[header:], packet
    if kind == IPV6:
        packet = packet[: 40 + int.from_bytes(packet[4:6], "big")]
        source, target = IPv6Address(packet[8:24]), IPv6Address(packet[24:40])
        return packet[6], source, target, packet[40:], packet
    return None


def segment(time, frame):
    """The TCP segment in an Ethernet frame, or None."""
    layer = network_layer(frame)
    if layer is None or layer[0] != TCP:
        return None
    _, source, target, payload, packet = layer
    sport, dport, seq, ack, offset, flags, window = struct.unpack_from("!HHIIBBH", payload)
    numbers = (flags, seq, ack, window, len(payload) - (offset >> 4) * 4)
    return Segment(time, frame, packet, (source, sport), (target, dport), *numbers)


def is_icmp_error(frame):
    layer = network_layer(frame)
    return layer is not None and layer[3][0] in ICMP_ERRORS.get(layer[0], ())


def same_packet(one, other):
    """Is it one packet seen at two places? A router on the way may change TTL and IP checksum."""
    return neutral(one.packet) == neutral(other.packet)


def neutral(packet):
    if packet[0] >> 4 == 6:
        return packet[:7] + packet[8:]
    return packet[:8] + packet[9:10] + packet[12:]
