# Segments by hand: packed into IPv4 and IPv6 packets, and read back out of them. No link header: a
# TUN device carries bare packets.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""TCP segments as bytes."""

import struct
from dataclasses import dataclass
from ipaddress import ip_address

FLAGS = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16, "U": 32}
FIN, SYN, RST, ACK = (FLAGS[letter] for letter in "FSRA")
TCP, HOPS = 6, 64
MODULUS = 2**32
END, NOTHING, MSS, SCALE, SACK, TIMESTAMPS = 0, 1, 2, 3, 4, 8  # kinds of options


@dataclass(frozen=True)
class Segment:
    """What a segment says. `timestamps` is (TSval, TSecr) or None; `mss` and `scale` are None where
    the option is missing."""

    flags: int
    seq: int
    ack: int = 0
    window: int = 0
    text: bytes = b""
    timestamps: tuple = None
    mss: int = None
    scale: int = None
    urgent: int = 0

    def has(self, flags):
        return self.flags & flags == flags

    @property
    def length(self):
        """SEG.LEN: SYN and FIN count."""
        return len(self.text) + bool(self.flags & SYN) + bool(self.flags & FIN)

    @property
    def end(self):
        return (self.seq + self.length) % MODULUS

    def letters(self):
        return "".join(letter for letter, flag in FLAGS.items() if self.flags & flag) or "-"


def flags_of(letters):
    return sum(FLAGS[letter] for letter in letters)


def distance(number, origin):
    """How far `number` is from `origin`, modulo 2^32: negative if it lies before."""
    return (number - origin + MODULUS // 2) % MODULUS - MODULUS // 2


# -- to bytes --------------------------------------------------------------------------------------


def packet(source, target, segment):
    """`source` and `target` are (address, port)."""
    addresses = ip_address(source[0]).packed, ip_address(target[0]).packed
    tcp = tcp_bytes(source[1], target[1], segment)
    pseudo = b"".join(addresses) + struct.pack("!II", len(tcp), TCP)
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
    return ip_header(addresses, len(tcp)) + tcp


def tcp_bytes(sport, dport, segment):
    options = option_bytes(segment)
    offset = (20 + len(options)) // 4 << 4
    header = struct.pack(
        "!HHIIBBHHH", sport, dport, segment.seq % MODULUS, segment.ack % MODULUS, offset,
        segment.flags, segment.window, 0, segment.urgent
    )
    return header + options + segment.text


def option_bytes(segment):
    options = b""
    if segment.mss is not None:
        options += struct.pack("!BBH", MSS, 4, segment.mss)
    if segment.scale is not None:
        options += struct.pack("!BBBB", NOTHING, SCALE, 3, segment.scale)
    if segment.timestamps is not None:
        values = (value % MODULUS for value in segment.timestamps)
        options += struct.pack("!BBBBII", NOTHING, NOTHING, TIMESTAMPS, 10, *values)
    return options


def ip_header(addresses, length):
    source, target = addresses
    if len(source) == 16:
        return struct.pack("!IHBB", 6 << 28, length, TCP, HOPS) + source + target
    header = struct.pack("!BBHIBBH", 0x45, 0, 20 + length, 0, HOPS, TCP, 0) + source + target
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:]


def checksum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return 0xFFFF - total


# -- from bytes ------------------------------------------------------------------------------------


def read(data):
    """(source, target, Segment) of a bare IP packet, or None if it is not TCP's."""
    if data[0] >> 4 == 6:
        protocol, addresses, tcp = data[6], (data[8:24], data[24:40]), data[40:]
    else:
        protocol, addresses, tcp = data[9], (data[12:16], data[16:20]), data[(data[0] & 15) * 4 :]
    if protocol != TCP:
        return None
    sport, dport, seq, ack, offset, flags, window, _, urgent = struct.unpack_from("!HHIIBBHHH", tcp)
    header = (offset >> 4) * 4
    segment = Segment(
        flags & 0x3F, seq, ack, window, tcp[header:], urgent=urgent, **options_of(tcp[20:header])
    )
    source, target = (str(ip_address(address)) for address in addresses)
    return (source, sport), (target, dport), segment


def options_of(data):
    found, position = {}, 0
    while position < len(data) and data[position] != END:
        if data[position] == NOTHING:
            position += 1
            continue
        kind, length = data[position], data[position + 1]
        value = data[position + 2 : position + length]
        if kind == TIMESTAMPS:
            found["timestamps"] = struct.unpack("!II", value)
        elif kind in (MSS, SCALE):
            found["mss" if kind == MSS else "scale"] = int.from_bytes(value, "big")
        position += length
    return found
