#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of short TCP connections, wrapped in all that the reader reads, and in near misses.

usage: wrapped.py DIRECTORY [SEED COUNT]
       wrapped.py --seeds DIRECTORY

--seeds: each wrapping in a small capture of its own, behind an octet that tells the fuzzer something.

Each wrapping has hosts of its own. With SEED, of COUNT frames of them some octets are changed at random, too:
what then comes of them is tshark's to say.
"""

import pathlib
import random
import struct
import sys

SYN, ACK, FIN, PSH, RST = 2, 16, 1, 8, 4
ETHERNET, RAW, SLL, NULL, LOOP, RAW4, RAW6, SLL2, PPP, NFLOG, CHDLC = 1, 101, 113, 0, 108, 228, 229, 276, 9, 239, 104
START = 1_700_000_000 * 10**9

# -- packets ---------------------------------------------------------------------------------------------


def tcp(ports, flags, seq, ack, text=b"", options=b"", offset=None):
    options += b"\1" * (-len(options) % 4)
    words = (20 + len(options)) // 4 if offset is None else offset
    return struct.pack("!HHIIBBHHH", *ports, seq, ack, words << 4, flags, 65000, 0, 0) + options + text


def ip4(hosts, protocol, payload, ident=7, options=b"", fragment=0, ttl=64, total=None, version=4):
    words = 5 + len(options) // 4
    total = 4 * words + len(payload) if total is None else total
    return struct.pack("!BBHHHBBH", version << 4 | words, 0, total, ident, fragment, ttl, protocol, 0) + \
        hosts[0] + hosts[1] + options + payload


def ip6(hosts, protocol, payload, length=None, hops=64):
    length = len(payload) if length is None else length
    return struct.pack("!IHBB", 6 << 28, length, protocol, hops) + hosts[0] + hosts[1] + payload


def hosts4(number):
    return [bytes((10, number >> 8, number & 255, end)) for end in (1, 2)]


def hosts6(number):
    return [bytes.fromhex("20010db8") + bytes(6) + struct.pack("!HI", number, end) for end in (1, 2)]


def segments(text=40):
    """An ordinary connection: from the client?, flags, numbers relative to the first, text, options."""
    opening = b"\2\4\5\xb4\4\2\3\3\7\x08\x0a\0\0\0\1\0\0\0\0"
    yield True, SYN, 0, 0, b"", opening
    yield False, SYN | ACK, 0, 1, b"", opening
    yield True, ACK, 1, 1, b"", b""
    yield True, ACK | PSH, 1, 1, b"c" * text, b"\1\1\x08\x0a\0\0\0\2\0\0\0\1"
    yield False, ACK | PSH, 1, 1 + text, b"s" * text, b"\1\1\5\x0a\0\0\0\1\0\0\0\x20"
    yield True, ACK | FIN, 1 + text, 1 + text, b"", b""
    yield False, ACK | FIN, 1 + text, 2 + text, b"", b""
    yield True, ACK, 2 + text, 2 + text, b"", b""


def connection(number, text=40):
    """The TCP segments, each with the order of the hosts."""
    for client, flags, seq, ack, data, options in segments(text):
        ports, start = (40000 + number % 20000, 8080), (1000 * number + 1, 7000 * number + 1)
        own, peer = (start if client else start[::-1])
        yield (1 if client else -1), tcp(ports[::1 if client else -1], flags, own + seq,
                                         (peer + ack) if flags & ACK else 0, data, options)


def packets4(number, text=40, **how):
    for ident, (way, segment) in enumerate(connection(number, text), 1):
        yield ip4(hosts4(number)[::way], 6, segment, ident=ident, **how)


def packets6(number, text=40, **how):
    for way, segment in connection(number, text):
        yield ip6(hosts6(number)[::way], 6, segment, **how)


# -- what they are wrapped in ----------------------------------------------------------------------------


def ethernet(payload, kind=None, tags=(), tag_type=0x8100, trailer=b""):
    kind = (0x86DD if payload[0] >> 4 == 6 else 0x0800) if kind is None else kind
    head = bytes.fromhex("020000000001020000000002")
    return head + b"".join(struct.pack("!HH", tag_type, tag) for tag in tags) + struct.pack("!H", kind) + \
        payload + trailer


def llc(payload, snap=b"\xaa\xaa\3\0\0\0\x08\0"):
    body = snap + payload
    return bytes.fromhex("020000000001020000000002") + struct.pack("!H", len(body)) + body


def outer4(protocol, payload, **how):
    return ethernet(ip4([bytes((198, 51, 100, 1)), bytes((198, 51, 100, 2))], protocol, payload, **how))


def outer6(protocol, payload, **how):
    return ethernet(ip6(hosts6(0xFFFF), protocol, payload, **how))


def gre(payload, flags=0, extra=b"", kind=None):
    kind = (0x86DD if payload[0] >> 4 == 6 else 0x0800) if kind is None else kind
    return struct.pack("!HH", flags, kind) + extra + payload


def udp(payload, port, source=50000, length=None):
    return struct.pack("!HHHH", source, port, 8 + len(payload) if length is None else length, 0) + payload


def vxlan(frame, vni=5):
    return struct.pack("!BBHI", 8, 0, 0, vni << 8) + frame


def geneve(payload, kind=0x6558, options=b"", vni=5):
    return struct.pack("!BBHI", len(options) // 4, 0, kind, vni << 8) + options + payload


def mpls(payload, labels=1):
    return b"".join(struct.pack("!I", (16 + n) << 12 | (n == labels - 1) << 8 | 64) for n in range(labels)) + payload


def fragments4(packet, size, order=None, drop=(), overlap=0):
    """The packet in pieces of so many octets."""
    head, body = packet[:20], packet[20:]
    pieces = []
    for at in range(0, len(body), size):
        piece = body[at:at + size + overlap]
        more = at + size < len(body)
        pieces.append(head[:2] + struct.pack("!H", 20 + len(piece)) + head[4:6] +
                      struct.pack("!H", (0x2000 if more else 0) | at // 8) + head[8:] + piece)
    return [pieces[n] for n in (order or range(len(pieces))) if n < len(pieces) and n not in drop]


def fragments6(packet, size, reverse=False, atomic=False, before=b"", protocol=6):
    """Behind `before`, a chain of extension headers that ends in 44."""
    hosts, body = (packet[8:24], packet[24:40]), packet[40 + len(before):]
    pieces = []
    first = before[0] if before else 44
    for at in range(0, len(body), size):
        more = at + size < len(body) and not atomic
        head = struct.pack("!BBHI", protocol, 0, at | more, 0x1234 + packet[47])
        pieces.append(ip6(hosts, 60 if before else first, before + head + body[at:at + size]))
    return pieces[::-1] if reverse else pieces


def icmp4(quoted, kind=3, code=1, length=0, extra=b""):
    return struct.pack("!BBHBBH", kind, code, 0, 0, length, 0) + quoted + extra


def icmp6(quoted, kind=1, code=0):
    return struct.pack("!BBHI", kind, code, 0, 0) + quoted


# -- cases: name, link, the frames of a connection by its number -------------------------------------------

CASES = []


def case(name, link, make):
    CASES.append((name, link, make))


def each(name, link, packets, wrap, **how):
    """One frame, or several, for each packet."""
    def make(number):
        for packet in packets(number, **how):
            made = wrap(packet)
            yield from made if isinstance(made, list) else [made]
    case(name, link, make)


def both(name, link, wrap4, wrap6=None):
    each(name + ", IPv4", link, packets4, wrap4)
    each(name + ", IPv6", link, packets6, wrap6 or wrap4)


def family(word, order):
    return lambda p: struct.pack(order + "I", word) + p


def links():
    both("Ethernet", ETHERNET, ethernet)
    both("VLAN", ETHERNET, lambda p: ethernet(p, tags=(7,)))
    both("VLAN 0 before 7", ETHERNET, lambda p: ethernet(p, tags=(0, 7)))
    both("QinQ", ETHERNET, lambda p: ethernet(ethernet(p, tags=(9,))[14:], kind=0x8100, tags=(8,), tag_type=0x88A8))
    both("QinQ of old", ETHERNET, lambda p: ethernet(p, tags=(3, 4), tag_type=0x9100))
    both("a tag of another kind", ETHERNET, lambda p: ethernet(p, tags=(3,), tag_type=0x9200))
    for count in (19, 20, 21):
        both("%d tags" % count, ETHERNET, lambda p, count=count: ethernet(p, tags=(5,) * count))
    both("a trailer", ETHERNET, lambda p: ethernet(p, trailer=b"trailer" * 5))
    both("802.2 with SNAP", ETHERNET, llc, lambda p: llc(p, b"\xaa\xaa\3\0\0\0\x86\xdd"))
    both("SNAP of Cisco's", ETHERNET, lambda p: llc(p, b"\xaa\xaa\3\0\0\xf8\x08\0"))
    both("SNAP of somebody's", ETHERNET, lambda p: llc(p, b"\xaa\xaa\3\0\0\x0c\x08\0"))
    both("802.2, IP's own", ETHERNET, lambda p: llc(p, b"\6\6\3"))
    both("802.2 in a VLAN", ETHERNET, lambda p: ethernet(llc(p)[14:], kind=len(p) + 8, tags=(7,)))
    both("EtherType of IPv4 for all", ETHERNET, lambda p: ethernet(p, kind=0x0800))
    both("EtherType of IPv6 for all", ETHERNET, lambda p: ethernet(p, kind=0x86DD))
    both("an EtherType that is none", ETHERNET, lambda p: ethernet(p, kind=0x05FF))
    both("MPLS", ETHERNET, lambda p: ethernet(mpls(p, 3), kind=0x8847))
    both("PPPoE", ETHERNET, lambda p: ethernet(
        struct.pack("!BBHH", 0x11, 0, 1, len(p) + 2) + (b"\0\x57" if p[0] >> 4 == 6 else b"\0\x21") + p, kind=0x8864))
    both("raw IP", RAW, lambda p: p)
    both("raw IP of BSD", 12, lambda p: p)
    both("raw IPv4", RAW4, lambda p: p)
    both("raw IPv6", RAW6, lambda p: p)
    for link, name in ((SLL, "cooked"), (SLL2, "cooked, version 2")):
        for hardware in (1, 778, 65534):
            def cooked(p, link=link, hardware=hardware):
                kind = 0x86DD if p[0] >> 4 == 6 else 0x0800
                return struct.pack("!HHH8sH", 0, hardware, 6, bytes(8), kind) + p if link == SLL else \
                    struct.pack("!HHIHBB8s", kind, 0, 1, hardware, 0, 6, bytes(8)) + p
            both("%s, hardware %d" % (name, hardware), link, cooked)
        both(name + ", 802.2", link, lambda p, link=link: (
            struct.pack("!HHH8sH", 0, 1, 6, bytes(8), 4) if link == SLL else
            struct.pack("!HHIHBB8s", 4, 0, 1, 1, 0, 6, bytes(8))) + llc(p)[14:])
    both("cooked, VLAN", SLL, lambda p: struct.pack("!HHH8sHHH", 0, 1, 6, bytes(8), 0x8100, 7,
                                                    0x86DD if p[0] >> 4 == 6 else 0x0800) + p)
    for order in "<>":
        for number in (2, 10, 23, 24, 26, 28, 30):
            both("null, family %d %s" % (number, order), NULL, family(number, order))
        both("null, family 2 in 16 bits " + order, NULL,
             lambda p, order=order: struct.pack(order + "HH", 2, 0) + p)
        both("null, an EtherType " + order, NULL, lambda p, order=order: struct.pack(
            order + "I", 0x86DD if p[0] >> 4 == 6 else 0x0800) + p)
        for number in (2, 24):
            both("loop, family %d %s" % (number, order), LOOP, family(number, order))
    for head in (b"\xff\3\0", b"\0", b"", b"\xff\3"):
        both("PPP behind %r" % head, PPP, lambda p, head=head: head + (b"\x57" if p[0] >> 4 == 6 else b"\x21") + p)
    both("null, PPP", NULL, lambda p: b"\xff\3\0" + (b"\x57" if p[0] >> 4 == 6 else b"\x21") + p)
    both("Cisco HDLC", CHDLC, lambda p: b"\x0f\0" + (b"\x86\xdd" if p[0] >> 4 == 6 else b"\x08\0") + p)
    both("NFLOG", NFLOG, lambda p: struct.pack("!BBH", 10 if p[0] >> 4 == 6 else 2, 0, 1) +
         struct.pack("<HHI", 8, 6, 0) + struct.pack("<HH3sx", 7, 10, b"ab") + struct.pack("<HH", 4 + len(p), 9) + p)


def options4():
    route = b"\x83\x0b\4" + bytes((203, 0, 113, 1)) + bytes((203, 0, 113, 2)) + b"\0"
    done = b"\x83\x0b\x0c" + bytes((203, 0, 113, 1)) + bytes((203, 0, 113, 2)) + b"\0"
    for name, options in (("nothing", b"\1\1\1\0"), ("a route", route), ("a route that is over", done),
                          ("a strict route", b"\1\x89" + route[1:-1]), ("a route cut off", b"\x83\x20\4\1"),
                          ("an option cut off", b"\1\1\1\x44"), ("no length", b"\x44\0\1\1"),
                          ("a broken pointer", b"\x83\7\5\1\1\1\1\0"), ("a record", b"\7\7\4\0\0\0\0\0")):
        each("options: " + name, ETHERNET, packets4, ethernet, options=options)
    each("length 0", ETHERNET, packets4, ethernet, total=0)
    each("length 19", ETHERNET, packets4, ethernet, total=19)
    each("length 30", ETHERNET, packets4, ethernet, total=30)
    each("length 5000", ETHERNET, packets4, ethernet, total=5000)
    each("version 5", ETHERNET, packets4, ethernet, version=5)
    each("IHL 4", ETHERNET, packets4, lambda p: ethernet(bytes((0x44,)) + p[1:]))
    each("TTL 0", ETHERNET, packets4, ethernet, ttl=0)
    each("IPv6, length 0", ETHERNET, packets6, ethernet, length=0)
    each("IPv6, length 10", ETHERNET, packets6, ethernet, length=10)
    each("IPv6, length 3000", ETHERNET, packets6, ethernet, length=3000)


def extensions6(headers, protocol=6):
    """A packet with these headers, each (its own number, its octets behind the next header's number)."""
    def wrap(p):
        chain, following = b"", protocol
        for number, rest in reversed(headers):
            chain, following = bytes((following,)) + rest + chain, number
        return ethernet(ip6((p[8:24], p[24:40]), following, chain + p[40:]))
    return wrap


def extensions():
    pad, route = b"\0\1\4\0\0\0\0", bytes.fromhex("20010db8") + bytes(11)
    for name, headers in (
            ("hop-by-hop", [(0, pad)]), ("destination", [(60, pad)]), ("both", [(0, pad), (60, pad)]),
            ("hop-by-hop, 16 octets", [(0, b"\1\1\x0c" + bytes(12))]), ("AH", [(51, b"\4" + bytes(22))]),
            ("routing 0", [(43, b"\4\0\2\0\0\0\0" + route + b"\x77" + route + b"\x78")]),
            ("routing 0, nothing left", [(43, b"\4\0\0\0\0\0\0" + route + b"\x77" + route + b"\x78")]),
            ("routing 2", [(43, b"\2\2\1\0\0\0\0" + route + b"\x77")]),
            ("routing 3", [(43, b"\2\3\1\0\0\0\0" + route + b"\x77")]),
            ("routing 3, padded", [(43, b"\2\3\1\0\x30\0\0" + route[:13] + b"\0\0\0")]),
            ("routing 3, elided", [(43, b"\3\3\1\x48\x40\0\0" + b"abcdefghijkl" + b"\1\2\3\4\5\6\7\x79" + bytes(4))]),
            ("routing 0, one octet word too many", [(43, b"\3\0\2\0\0\0\0" + route + b"\x77" + bytes(8))]),
            ("segment routing", [(43, b"\4\4\1\1\0\0\0" + route + b"\x77" + route + b"\x78")]),
            ("segment routing, at the end", [(43, b"\4\4\0\1\0\0\0" + route + b"\x77" + route + b"\x78")]),
            ("home address", [(60, b"\2\1\2\0\0\xc9\x10" + route + b"\x79")]),
            ("atomic fragment", [(44, b"\0\0\0\0\0\0\1")]), ("mobility", [(135, pad)]), ("HIP", [(139, pad)]),
            ("shim", [(140, pad)]), ("nothing", [(59, pad)]),
            ("all", [(0, pad), (60, pad), (43, b"\2\2\1\0\0\0\0" + route + b"\x77"), (51, b"\4" + bytes(22)),
                     (60, pad)])):
        each("IPv6, " + name, ETHERNET, packets6, extensions6(headers))
    each("AH in IPv4", ETHERNET, packets4, lambda p: ethernet(
        ip4((p[12:16], p[16:20]), 51, b"\6\4" + bytes(22) + p[20:])))
    for number in (0, 43, 44, 60):
        each("IPv6's header %d in IPv4" % number, ETHERNET, packets4, lambda p, number=number: ethernet(
            ip4((p[12:16], p[16:20]), number, b"\6\0\0\0\0\0\0\0" + p[20:])))
    jumbo = b"\0\xc2\4\0\1\0\2"
    each("jumbogram", ETHERNET, packets6, lambda p: ethernet(
        ip6((p[8:24], p[24:40]), 0, b"\6" + jumbo + p[40:], length=0)))
    each("jumbo without need", ETHERNET, packets6, lambda p: ethernet(
        ip6((p[8:24], p[24:40]), 0, b"\6\0\xc2\4\0\0\0\x40" + p[40:], length=0)))


def fragments():
    for text in (40, 300):
        for size in (8, 24, 64):
            for order, name in ((None, "in order"), ([3, 0, 2, 1] + list(range(4, 60)), "not in order"),
                                ([0, 0, 1, 1] + list(range(2, 60)), "twice")):
                each("%d octets in %d, %s" % (text, size, name), ETHERNET, packets4,
                     lambda p, size=size, order=order: [ethernet(f) for f in fragments4(p, size, order)], text=text)
    each("overlapping", ETHERNET, packets4, lambda p: [ethernet(f) for f in fragments4(p, 24, overlap=16)], text=200)
    each("overlapping backwards", ETHERNET, packets4,
         lambda p: [ethernet(f) for f in fragments4(p, 24, overlap=16)][::-1], text=200)
    each("the first lost", ETHERNET, packets4, lambda p: [ethernet(f) for f in fragments4(p, 24, drop=(0,))], text=100)
    each("the second lost", ETHERNET, packets4, lambda p: [ethernet(f) for f in fragments4(p, 24, drop=(1,))], text=100)
    each("in a VLAN", ETHERNET, packets4,
         lambda p: [ethernet(f, tags=(7,)) for f in fragments4(p, 24)], text=100)
    each("each in another VLAN", ETHERNET, packets4,
         lambda p: [ethernet(f, tags=(n + 1,)) for n, f in enumerate(fragments4(p, 24))], text=100)
    each("each in another VLAN, public hosts", ETHERNET, packets4,
         lambda p: [ethernet(f[:12] + b"\xc0\0\2\1\xc0\0\2\2" + f[20:], tags=(n + 1,))
                    for n, f in enumerate(fragments4(p, 24))], text=100)
    for text in (40, 300):
        for size in (8, 24, 64):
            each("IPv6, %d octets in %d" % (text, size), ETHERNET, packets6,
                 lambda p, size=size: [ethernet(f) for f in fragments6(p, size)], text=text)
            each("IPv6, %d octets in %d backwards" % (text, size), ETHERNET, packets6,
                 lambda p, size=size: [ethernet(f) for f in fragments6(p, size, reverse=True)], text=text)
    each("IPv6, destination options in the fragments", ETHERNET, packets6, lambda p: [
        ethernet(f) for f in fragments6(ip6((p[8:24], p[24:40]), 60, b"\6\0\1\4\0\0\0\0" + p[40:]), 24, protocol=60)],
         text=100)
    each("IPv6, destination options before the fragments", ETHERNET, packets6, lambda p: [
        ethernet(f) for f in fragments6(p[:40] + b"\x2c\0\1\4\0\0\0\0" + p[40:], 24, before=b"\x2c\0\1\4\0\0\0\0")],
         text=100)
    each("a tunnel of fragments", ETHERNET, packets4, lambda p: [
        ethernet(f) for f in fragments4(outer4(4, p, ident=p[5])[14:], 32)], text=100)
    each("fragments in a tunnel", ETHERNET, packets4, lambda p: [outer4(4, f) for f in fragments4(p, 32)], text=100)
    each("fragments in fragments", ETHERNET, packets4, lambda p: [
        ethernet(g) for n, f in enumerate(fragments4(p, 32))
        for g in fragments4(outer4(4, f, ident=p[5] << 8 | n)[14:], 24)], text=100)


def tunnels():
    both("IP in IPv4", ETHERNET, lambda p: outer4(4, p), lambda p: outer4(41, p))
    both("IP in IPv4, by the other number", ETHERNET, lambda p: outer4(41, p), lambda p: outer4(4, p))
    both("IP in IPv6", ETHERNET, lambda p: outer6(4, p), lambda p: outer6(41, p))
    both("raw IP in IP", RAW, lambda p: outer4(4, p)[14:], lambda p: outer4(41, p)[14:])
    both("loopback, IP in IP", NULL, lambda p: b"\2\0\0\0" + outer4(4, p)[14:], lambda p: b"\2\0\0\0" + outer4(41, p)[14:])
    for flags, extra in ((0, b""), (0x8000, b"\0" * 4), (0x2000, b"\0\0\0\7"), (0x1000, b"\0\0\0\1"),
                         (0xB000, bytes(12)), (0x4000, b"\0\0\0\0\0\0\0\0"), (0x4000, b"\0\0\0\0\0\1\0\4abcd\0\0\0\0"),
                         (0xF000, bytes(16)), (0x0001, b""), (0x0080, bytes(4))):
        both("GRE %04x" % flags, ETHERNET, lambda p, flags=flags, extra=extra: outer4(47, gre(p, flags, extra)))
    both("GRE, Ethernet", ETHERNET, lambda p: outer4(47, gre(ethernet(p), kind=0x6558)))
    both("GRE in IPv6", ETHERNET, lambda p: outer6(47, gre(p)))
    both("GRE, PPTP", ETHERNET, lambda p: outer4(47, gre(
        b"\xff\3\0" + (b"\x57" if p[0] >> 4 == 6 else b"\x21") + p, 0x3081, struct.pack("!HHII", len(p) + 4, 1, 2, 3),
        0x880B)))
    both("GRE, MPLS", ETHERNET, lambda p: outer4(47, gre(mpls(p), kind=0x8847)))
    both("GRE, VLAN's number", ETHERNET, lambda p: outer4(47, gre(b"\0\7\x08\0" + p, kind=0x8100)))
    both("ERSPAN I", ETHERNET, lambda p: outer4(47, gre(ethernet(p), kind=0x88BE)))
    both("ERSPAN II", ETHERNET, lambda p: outer4(47, gre(
        struct.pack("!HHI", 1 << 12 | 9, 0, 1) + ethernet(p), 0x1000, bytes(4), 0x88BE)))
    both("ERSPAN III", ETHERNET, lambda p: outer4(47, gre(
        struct.pack("!HHIHH", 2 << 12 | 9, 0, 1, 0, 0) + ethernet(p), 0x1000, bytes(4), 0x22EB)))
    both("ERSPAN III, more header", ETHERNET, lambda p: outer4(47, gre(
        struct.pack("!HHIHHQ", 2 << 12 | 9, 0, 1, 0, 1, 0) + ethernet(p), 0x1000, bytes(4), 0x22EB)))
    both("ERSPAN III, not Ethernet", ETHERNET, lambda p: outer4(47, gre(
        struct.pack("!HHIHH", 2 << 12 | 9, 0, 1, 0, 2 << 10) + ethernet(p), 0x1000, bytes(4), 0x22EB)))
    both("VXLAN", ETHERNET, lambda p: outer4(17, udp(vxlan(ethernet(p)), 4789)))
    both("VXLAN, tagged", ETHERNET, lambda p: outer4(17, udp(vxlan(ethernet(p, tags=(6,))), 4789)))
    both("VXLAN in IPv6", ETHERNET, lambda p: outer6(17, udp(vxlan(ethernet(p)), 4789)))
    both("VXLAN from 4789", ETHERNET, lambda p: outer4(17, udp(vxlan(ethernet(p)), 50000, source=4789)))
    both("VXLAN on Linux' first port", ETHERNET, lambda p: outer4(17, udp(vxlan(ethernet(p)), 8472)))
    both("VXLAN in VXLAN", ETHERNET, lambda p: outer4(17, udp(vxlan(outer4(17, udp(vxlan(ethernet(p)), 4789))), 4789)))
    for length in (0, 7, 8, 60, 5000):
        both("VXLAN, UDP length %d" % length, ETHERNET,
             lambda p, length=length: outer4(17, udp(vxlan(ethernet(p)), 4789, length=length)),
             lambda p, length=length: outer6(17, udp(vxlan(ethernet(p)), 4789, length=length)))
    both("Geneve", ETHERNET, lambda p: outer4(17, udp(geneve(ethernet(p)), 6081)))
    both("Geneve, options", ETHERNET, lambda p: outer4(17, udp(geneve(ethernet(p), options=bytes(12)), 6081)))
    both("Geneve, IP", ETHERNET, lambda p: outer4(17, udp(geneve(p, 0x86DD if p[0] >> 4 == 6 else 0x0800), 6081)))
    both("Geneve, version 1", ETHERNET, lambda p: outer4(17, udp(b"\x40" + geneve(ethernet(p))[1:], 6081)))
    both("MPLS in UDP", ETHERNET, lambda p: outer4(17, udp(mpls(p), 6635)))
    both("MPLS in IP", ETHERNET, lambda p: outer4(137, mpls(p)))
    both("Ethernet in IP", ETHERNET, lambda p: outer4(143, ethernet(p)))
    both("EtherIP", ETHERNET, lambda p: outer4(97, b"\x30\0" + ethernet(p)))
    both("UDP, no tunnel", ETHERNET, lambda p: outer4(17, udp(p, 9)))


def quotes():
    """A connection, and errors about its segments."""
    def quoted(name, make4, make6=None):
        def frames(number):
            for packet in packets4(number):
                yield ethernet(packet)
                made = make4(packet)
                yield ethernet(made) if made[0] >> 4 in (4, 6) else made
        case(name + ", IPv4", ETHERNET, frames)

        def frames6(number):
            for packet in packets6(number):
                yield ethernet(packet)
                yield ethernet((make6 or make4)(packet))
        case(name + ", IPv6", ETHERNET, frames6)

    router4, router6 = [bytes((203, 0, 113, 9)), bytes((10, 0, 0, 1))], hosts6(0xFFFE)
    for kind in (3, 4, 5, 11, 12, 8):
        for code in (0, 1, 2, 3, 4, 5, 6):
            quoted("type %d, code %d" % (kind, code),
                   lambda p, kind=kind, code=code: ip4(router4, 1, icmp4(p[:28], kind, code)),
                   lambda p, kind=kind, code=code: ip6(router6, 58, icmp6(p[:48], kind, code)))
    for code in (0, 3, 4):
        quoted("ICMPv6 1, code %d" % code, lambda p: p, lambda p, code=code: ip6(router6, 58, icmp6(p[:48], 1, code)))
    for size in (20, 27, 28, 40, 90):
        quoted("%d octets" % size, lambda p, size=size: ip4(router4, 1, icmp4(p[:size])),
               lambda p, size=size: ip6(router6, 58, icmp6(p[:size + 20])))
    for words in (1, 6, 7, 10, 32):
        quoted("a length of %d" % words, lambda p, words=words: ip4(
            router4, 1, icmp4(p.ljust(128, b"\0"), length=words, extra=b"\x20\0\0\0\0\x08\1\1abcd")),
               lambda p: ip6(router6, 58, icmp6(p)))
    quoted("an option in the quotation", lambda p: ip4(router4, 1, icmp4(b"\x46" + p[1:20] + b"\1\1\1\0" + p[20:])),
           lambda p: ip6(router6, 58, icmp6(ip6((p[8:24], p[24:40]), 60, b"\6\0\1\4\0\0\0\0" + p[40:]))))
    quoted("a fragment", lambda p: ip4(router4, 1, icmp4(p[:6] + b"\x20\0" + p[8:28])),
           lambda p: ip6(router6, 58, icmp6(p[:6] + b"\x2c" + p[7:40] + b"\6\0\0\1\0\0\0\1" + p[40:48])))
    quoted("a later fragment", lambda p: ip4(router4, 1, icmp4(p[:6] + b"\x20\3" + p[8:28])))
    quoted("a quotation of a quotation", lambda p: ip4(router4, 1, icmp4(ip4(router4, 1, icmp4(p[:28])))),
           lambda p: ip6(router6, 58, icmp6(ip6(router6, 58, icmp6(p[:48])))))
    quoted("a tunnel's packet", lambda p: ip4(router4, 1, icmp4(ip4(router4, 4, p[:40]))))
    quoted("in a tunnel", lambda p: ip4(router4, 4, ip4(router4, 1, icmp4(p[:28]))),
           lambda p: ip6(router6, 41, ip6(router6, 58, icmp6(p[:48]))))
    quoted("the other version", lambda p: ip6(router6, 58, icmp6(p[:28])), lambda p: ip4(router4, 1, icmp4(p[:48])))


def headers():
    """What stands in the TCP header."""
    def each_header(name, **how):
        def frames(number):
            for way in (1, -1):
                yield ethernet(ip4(hosts4(number)[::way], 6, tcp((40000, 80)[::way], ACK, 9, 9, **how)))
        case(name, ETHERNET, frames)
    for offset in (0, 4, 5, 6, 10, 15):
        each_header("offset %d" % offset, offset=offset, text=b"x" * 17)
    for name, options in (("MSS of 3", b"\2\3\1"), ("MSS", b"\2\4\1\1"), ("scale of 4", b"\3\4\1\1"), ("scale", b"\3\3\x10"),
                          ("cut off", b"\1\1\1\x08"), ("no length", b"\x08\0"), ("length 1", b"\x08\1\1\1"),
                          ("beyond the end", b"\1\1\x08\x0a"), ("end first", b"\0\2\4\1\1"), ("TFO", b"\x22\2"),
                          ("TFO cookie", b"\x22\6abcd"), ("TFO, experimental", b"\xfe\4\xf9\x89"),
                          ("TFO cookie, experimental", b"\xfe\x08\xf9\x89abcd"), ("another experiment", b"\xfe\4\xe2\xd4"),
                          ("SACK", b"\5\x0a\0\0\0\x20\0\0\0\x30"), ("D-SACK", b"\5\x0a\0\0\0\1\0\0\0\5"),
                          ("two of SACK", b"\5\x12\0\0\0\x20\0\0\0\x30\0\0\0\x10\0\0\0\x40"), ("SACK of 11", b"\5\x0b" + bytes(9)),
                          ("fast close", b"\x1e\x0c\x70\0" + bytes(8)), ("MPTCP", b"\x1e\x0c\0\0" + bytes(8))):
        each_header(name, options=options)


def all_cases():
    for make in (links, options4, extensions, fragments, tunnels, quotes, headers):
        CASES.clear()
        make()
        yield make.__name__, list(CASES)


# -- files -----------------------------------------------------------------------------------------------


class Ng:
    """A pcapng file, one interface for each link."""

    def __init__(self, order="<"):
        self.order, self.links, self.octets = order, {}, bytearray()
        self.section()

    def pack(self, form, *values):
        return struct.pack(self.order + form, *values)

    def block(self, kind, body):
        body += bytes(-len(body) % 4)
        self.octets += self.pack("II", kind, len(body) + 12) + body + self.pack("I", len(body) + 12)

    def section(self):
        self.links = {}
        self.block(0x0A0D0D0A, self.pack("IHHq", 0x1A2B3C4D, 1, 0, -1))

    def interface(self, link, snaplen=0, options=()):
        text = b"".join(self.pack("HH", code, len(value)) + value + bytes(-len(value) % 4) for code, value in options)
        self.block(1, self.pack("HHI", link, 0, snaplen) + text + (bytes(4) if text else b""))
        self.links.setdefault(link, len(self.links))
        return len(self.links) - 1

    def frame(self, link, time, octets, sent=None, kind=6, interface=None, options=b""):
        if interface is None:
            interface = self.links[link] if link in self.links else self.interface(link, options=[(9, b"\x09")])
        sent = len(octets) if sent is None else sent
        place = self.pack("I", interface) if kind == 6 else self.pack("HH", interface, 0xFFFF)
        self.block(kind, place + self.pack("IIII", time >> 32, time & 0xFFFFFFFF, len(octets), sent) +
                   octets + bytes(-len(octets) % 4) + options)


def pcap(frames, order="<", magic=0xA1B2C3D4, version=(2, 4), link=ETHERNET, units=1000, extra=b"", swap=False):
    octets = struct.pack(order + "IHHiIII", magic, *version, 0, 0, 262144, link)
    for time, frame, sent in frames:
        lengths = (len(frame), sent)[::-1 if swap else 1]
        octets += struct.pack(order + "IIII", time // 10**9, time % 10**9 // units, *lengths) + extra + frame
    return octets


def frames_of(cases, number):
    for name, link, make in cases:
        number += 1
        for frame in make(number):
            yield name, link, frame


def cut(frames, seed):
    """Each captured up to some octet only."""
    dice = random.Random(seed)
    for name, link, frame in frames:
        yield name, link, frame[:dice.randrange(len(frame) + 1)], len(frame)


def write_cases(directory):
    number, everything = 0, []
    for name, cases in all_cases():
        file, names = Ng(), []
        for time, (which, link, frame) in enumerate(frames_of(cases, number)):
            file.frame(link, START + time * 10**6, frame)
            names.append(which)
            everything.append((which, link, frame))
        number += len(cases)
        (directory / (name + ".pcapng")).write_bytes(file.octets)
        (directory / (name + ".names")).write_text("\n".join(names) + "\n")
    return everything


def write_frames(directory, name, frames):
    file, names = Ng(), []
    for time, (which, link, frame, sent) in enumerate(frames):
        file.frame(link, START + time * 10**6, frame, sent)
        names.append(which)
    (directory / (name + ".pcapng")).write_bytes(file.octets)
    (directory / (name + ".names")).write_text("\n".join(names) + "\n")


def changed(frames, seed, count):
    """Frames with some octets, mostly of the headers, changed."""
    dice = random.Random(seed)
    for _ in range(count):
        name, link, frame = dice.choice(frames)
        octets = bytearray(frame)
        for _ in range(dice.choice((1, 1, 1, 2, 3))):
            at = min(int(dice.expovariate(1 / 30)), len(octets) - 1)
            octets[at] = dice.choice((dice.randrange(256), octets[at] ^ 1 << dice.randrange(8)))
        yield name, link, bytes(octets), len(octets) + dice.choice((0, 0, 0, 0, 7))


def write_files(directory):
    """The same connection in all kinds of files."""
    frames = [(START + n * 1234567, ethernet(packet), len(packet) + 14) for n, packet in enumerate(packets4(1))]

    def write(name, octets):
        (directory / (name + ".pcap")).write_bytes(octets)
    for order, name in (("<", "little"), (">", "big")):
        write("micro-" + name, pcap(frames, order))
        write("nano-" + name, pcap(frames, order, 0xA1B23C4D, units=1))
        write("modified-" + name, pcap(frames, order, 0xA1B2CD34, extra=bytes(8)))
        write("version-2.2-" + name, pcap(frames, order, version=(2, 2), swap=True))
        write("version-2.3-" + name, pcap(frames, order, version=(2, 3)))
        write("version-2.3-swapped-" + name, pcap([(t, f[:50], n) for t, f, n in frames], order, version=(2, 3), swap=True))
        write("ng-" + name, ng_file(frames, order))
        write("sections-" + name, sections(frames, order))
        for resolution in (0, 3, 6, 7, 9, 12, 19, 20, 0x80, 0x8A, 0xA0, 0xBF, 0xC0):
            write("resolution-%02x-%s" % (resolution, name), resolved(frames, order, resolution))
    write("fcs", pcap([(t, f + b"fcs!", n + 4) for t, f, n in frames], link=ETHERNET | 0x24000000))
    write("snaplen", pcap([(t, f[:60], n) for t, f, n in frames]))
    write("longer-than-sent", pcap([(t, f + b"more", n) for t, f, n in frames]))
    write("far-times", pcap([(2**32 * 10**9 - 1 - n, f, s) for n, (t, f, s) in enumerate(frames)]))
    write("back-in-time", pcap(frames[::-1]))
    write("huge-fraction", pcap([(t, f, n) for t, f, n in frames]).replace(struct.pack("<I", frames[2][0] % 10**9 // 1000),
                                                                         b"\xff\xff\xff\xff"))
    whole = pcap(frames), ng_file(frames, "<")
    for name, octets in zip(("pcap", "ng"), whole):
        for at in (0, 3, 4, 23, 24, 25, 40, 41, 200, len(octets) - 1, len(octets) - 5):
            write("cut-%s-%d" % (name, at), octets[:at])
        for at in range(0, len(octets), 37):
            write("flipped-%s-%d" % (name, at), octets[:at] + bytes((octets[at] ^ 0x55,)) + octets[at + 1:])
    write("too-long", pcap(frames[:3]) + struct.pack("<IIII", 0, 0, 262145, 262145) + bytes(262145))
    write("not-too-long", pcap(frames[:3] + [(START, frames[3][1] + bytes(262144 - len(frames[3][1])), 262144)]))
    write("no-capture", b"GET / HTTP/1.1\r\n" * 9)
    write("unknown-link", pcap(frames, link=230))


def resolved(frames, order, resolution):
    file = Ng(order)
    units = 2 ** (resolution & 127) if resolution & 128 else 10 ** resolution
    file.interface(ETHERNET, options=[(9, bytes((resolution,))), (14, file.pack("q", -1000))])
    for time, octets, sent in frames:
        file.frame(ETHERNET, (time // 10**9 * units + time % 10**9 * units // 10**9) % 2**64, octets, sent)
    return file.octets


def ng_file(frames, order):
    """Each kind of block, also those that are not read."""
    file = Ng(order)
    file.block(0x7777, b"whatever it is")
    file.interface(ETHERNET, options=[(2, b"eth0"), (9, b"\6")])
    file.interface(ETHERNET, snaplen=80, options=[(9, b"\x09"), (14, file.pack("q", 3600))])
    for number, (time, octets, sent) in enumerate(frames):
        if number % 4 == 0:
            file.frame(ETHERNET, time // 1000, octets, sent, kind=2, interface=0)
        elif number % 4 == 1:
            file.block(3, file.pack("I", sent) + octets)
        else:
            file.frame(ETHERNET, time, octets, sent, interface=1,
                       options=file.pack("HH8sHH", 1, 7, b"comment\0", 0, 0))
        if number == 2:
            file.block(5, file.pack("III", 0, 0, 0))
            file.block(0xBAD, file.pack("I", 32473) + b"custom")
            file.block(4, file.pack("HH", 0, 0))
    return file.octets


def sections(frames, order):
    file = Ng(order)
    for number, (time, octets, sent) in enumerate(frames):
        if number % 3 == 2:
            file.order = "<" if file.order == ">" else ">"
            file.section()
        if number % 3 == 0:
            file.interface(RAW)
        file.frame(ETHERNET, time, octets, sent)
    return file.octets


def write_seeds(directory):
    """A frame or two of each wrapping, and each kind of file."""
    write_files(directory)
    for path in directory.iterdir():
        octets = path.read_bytes()
        path.write_bytes(b"\0" + octets if len(octets) < 4000 else b"")
    for name, cases in all_cases():
        for number, (_, link, make) in enumerate(cases):
            file = Ng()
            for time, frame in enumerate(list(make(number))[:8 if name == "fragments" else 2]):
                file.frame(link, START + time, frame)
            (directory / ("%s-%d" % (name, number))).write_bytes(b"\0" + file.octets)


def main():
    if sys.argv[1] == "--seeds":
        directory = pathlib.Path(sys.argv[2])
        directory.mkdir(parents=True, exist_ok=True)
        write_seeds(directory)
        return
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    everything = write_cases(directory)
    write_frames(directory, "cut", cut(everything, 1))
    write_files(directory)
    if len(sys.argv) > 2:
        write_frames(directory, "changed", changed(everything, int(sys.argv[2]), int(sys.argv[3])))


main()
