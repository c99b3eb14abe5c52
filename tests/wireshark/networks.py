#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Two networks that use the same addresses are two connections, each told as if it were alone; one
connection that is captured in two places, or each direction in another, stays one.

usage: networks.py PLUGIN
"""

import os
import random
import struct
import sys

import lib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [os.path.join(HERE, "..", "lab", each) for each in ("matrix", "record")]
import pcapng  # noqa: E402
import wire  # noqa: E402

CLIENT, SERVER = ("192.0.2.1", 40000), ("192.0.2.2", 80)
SIX = ("2001:db8::1", 40000), ("2001:db8::2", 80)
START, STEP, HOP = 10**18, 10**7, 10**5  # nanoseconds
READINGS = {"live": [], "hindsight": ["-2"]}
TOLD = ["tcpstate.client.state", "tcpstate.server.state", "tcpstate.client.possible",
        "tcpstate.server.possible", "tcpstate.check", "tcpstate.answers", "tcpstate.evidence"]
CONNECTION, NUMBER = "tcpstate.connection", "frame.number"


# -- connections -----------------------------------------------------------------------------------


def conversation(seed, ends=(CLIENT, SERVER), steps=None):
    """An ordinary connection, as (from the client?, packet), with numbers of its own."""
    dice = random.Random(seed)
    numbers = [dice.randrange(2**32), dice.randrange(2**32)]
    found = []
    for by_client, letters, text in steps or ORDINARY:
        own, peer = (0, 1) if by_client else (1, 0)
        ack = numbers[peer] % 2**32 if "A" in letters else 0
        segment = wire.Segment(wire.flags_of(letters), numbers[own] % 2**32, ack, 8192, text)
        source, target = ends if by_client else ends[::-1]
        found.append((by_client, wire.packet(source, target, segment)))
        numbers[own] += segment.length
    return found


HELLO, BACK = b"hello" * 20, b"well met" * 20
ORDINARY = [(True, "S", b""), (False, "SA", b""), (True, "A", b""), (True, "PA", HELLO),
            (False, "A", b""), (False, "PA", BACK), (True, "A", b""), (True, "FA", b""),
            (False, "A", b""), (False, "FA", b""), (True, "A", b"")]
IN_THE_MIDDLE = ORDINARY[3:7] * 2


# -- ways to capture them --------------------------------------------------------------------------


def ethernet(packet, tags=(), station=1):
    addresses = bytes((2, 0, 0, 0, 0, station)) + bytes((2, 0, 0, 0, 1, station))
    kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    tagged = b"".join(struct.pack("!HH", 0x8100, tag) for tag in tags)
    return addresses + tagged + struct.pack("!H", kind) + packet


def vxlan(packet, vni):
    inner = struct.pack("!BBHI", 8, 0, 0, vni << 8) + ethernet(packet)
    udp = struct.pack("!HHHH", 50000, 4789, 8 + len(inner), 0) + inner
    head = struct.pack("!BBHIBBH", 0x45, 0, 20 + len(udp), 0, 64, 17, 0) + bytes(
        (198, 51, 100, 1, 198, 51, 100, 2))
    return ethernet(head + udp)


def hop(packet):
    """The packet behind a router."""
    if packet[0] >> 4 == 6:
        return packet[:7] + bytes((packet[7] - 1,)) + packet[8:]
    head = packet[:8] + bytes((packet[8] - 1,)) + packet[9:10] + b"\0\0" + packet[12:20]
    return head[:10] + struct.pack("!H", wire.checksum(head)) + head[12:] + packet[20:]


def write(wireshark, name, frames):
    """`frames`: (interface, bytes), in order; each two of them that are the same but for a hop are
    close together."""
    blocks = [pcapng.section("<")]
    blocks += [pcapng.interface("<", pcapng.ETHERNET, pcapng.NANOSECONDS, snaplen=pcapng.NO_LIMIT)] * 2
    blocks += [pcapng.packet("<", where, time, data) for time, where, data in frames]
    return wireshark.add_capture(name + ".pcapng", b"".join(blocks))


def at_times(frames):
    return [(START + i * STEP, *frame) for i, frame in enumerate(frames)]


def interleaved(one, other):
    """In turns, the other one a little later."""
    found = []
    for i in range(max(len(one), len(other) + 1)):
        found += one[i : i + 1] + (other[i - 1 : i] if i else [])
    return found


# -- what is to come out ---------------------------------------------------------------------------


def told(wireshark, capture, options):
    """{frame: (connection, what is told, its links as distances)}"""
    found = {}
    for number, connection, *values in wireshark.fields(capture, [NUMBER, CONNECTION] + TOLD,
                                                        *options):
        found[int(number)] = int(connection), values
    return found


def relative(rows, frames):
    """What is told of these frames, with links to the first, second ... of them."""
    place = {str(frame): i for i, frame in enumerate(frames)}
    return [rows[frame][1][:-2] + [place.get(link, link) for link in rows[frame][1][-2:]]
            for frame in frames]


def check_apart(wireshark, name, one, other):
    """`one` and `other`: (interface, bytes). Each is told as when it is alone."""
    mixed = at_times(interleaved(one, other))
    capture = write(wireshark, name, mixed)
    for reading, options in READINGS.items():
        rows, connections = told(wireshark, capture, options), []
        for part, frames in enumerate((one, other)):
            own = [i + 1 for i, frame in enumerate(mixed) if frame[1:] in frames]
            alone = write(wireshark, "%s-%d" % (name, part), [mixed[i - 1] for i in own])
            expected = told(wireshark, alone, options)
            lib.check_equal("%s, %s, part %d" % (name, reading, part), relative(rows, own),
                            relative(expected, sorted(expected)))
            connections.append({rows[i][0] for i in own})
        lib.check_equal("%s, %s, connections" % (name, reading), connections, [{0}, {1}])


def check_one(wireshark, name, frames, twice):
    """One connection; its findings are those of a capture that has each segment `twice`."""
    capture = write(wireshark, name, frames)
    for reading, options in READINGS.items():
        rows = told(wireshark, capture, options)
        label = "%s, %s" % (name, reading)
        lib.check_equal(label + ", connections", {row[0] for row in rows.values()}, {0})
        checks = {check for row in rows.values() for check in row[1][4].split(",") if check}
        allowed = {"captured_twice", "handshake_reordered"} if twice else set()
        lib.check(checks <= allowed, "%s: %s" % (label, ", ".join(sorted(checks))))
        last = rows[max(rows)][1]
        lib.check_equal(label + ", end", last[:2], ["11", "1"])  # TIME_WAIT, CLOSED


def twice(connection, first, second):
    """Each packet, and its copy at once: `first` and `second` make frames of packets."""
    found = []
    for i, (_, packet) in enumerate(connection):
        found += [(START + i * STEP, *first(packet)), (START + i * STEP + HOP, *second(hop(packet)))]
    return found


def test_two_networks(wireshark):
    one, other = conversation(1), conversation(2)
    for name, make, networks in (
        ("two-vlans", lambda p, tag: ethernet(p, (tag,)), (10, 20)),
        ("tagged-and-not", lambda p, tag: ethernet(p, (20,) if tag else ()), (False, True)),
        ("inner-vlans", lambda p, tag: ethernet(p, (7, tag)), (10, 20)),
        ("two-tunnels", vxlan, (1, 2)),
    ):
        check_apart(wireshark, name, *([(0, make(packet, network)) for _, packet in each]
                                       for each, network in zip((one, other), networks)))
    late = conversation(3, (CLIENT, SERVER), IN_THE_MIDDLE)
    six = conversation(4, SIX), conversation(5, SIX)
    for name, pair in (("two-interfaces", (one, other)), ("started-late", (one, late)),
                       ("ipv6", six)):
        check_apart(wireshark, name, *([(i, ethernet(packet)) for _, packet in each]
                                       for i, each in enumerate(pair)))


def test_one_connection(wireshark):
    one = conversation(1)
    check_one(wireshark, "same-vlan-behind-router", twice(
        one, lambda p: (0, ethernet(p, (10,), 1)), lambda p: (0, ethernet(p, (10,), 2))), True)
    check_one(wireshark, "other-vlan-behind-router", twice(
        one, lambda p: (0, ethernet(p, (10,), 1)), lambda p: (0, ethernet(p, (20,), 2))), True)
    check_one(wireshark, "other-interface-behind-router", twice(
        one, lambda p: (0, ethernet(p, (), 1)), lambda p: (1, ethernet(p, (), 2))), True)
    check_one(wireshark, "interface-each-way",
              at_times([(int(way), ethernet(p)) for way, p in one]), False)
    check_one(wireshark, "vlan-each-way",
              at_times([(0, ethernet(p, (10 + way,))) for way, p in one]), False)
    check_one(wireshark, "merged-files",
              at_times([(int(i > 4), ethernet(p)) for i, (_, p) in enumerate(one)]), False)


def main():
    with lib.start() as wireshark:
        test_two_networks(wireshark)
        test_one_connection(wireshark)
    lib.finish()


if __name__ == "__main__":
    main()
