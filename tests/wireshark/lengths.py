#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How long a segment is, IP says: not the frame, of which Wireshark takes off four octets where the capture claims a
frame check sequence that it does not have.

usage: lengths.py PLUGIN
"""

import struct

import lib
import networks
from networks import pcapng

RADIOTAP = 127
FCS, NO_FCS = 0x10, 0
DATA_FROM_AP = b"\x08\x02" + bytes(22)
SNAP = bytes.fromhex("aaaa03000000")
TOLD = networks.TOLD + ["tcpstate.client.acknowledged", "tcpstate.verdict"]


def wireless(packet, flags, behind=b""):
    kind = b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\x00"
    return struct.pack("<BBHIB", 0, 0, 9, 2, flags) + DATA_FROM_AP + SNAP + kind + packet + behind


def write(wireshark, name, packets):
    blocks = [pcapng.section("<"),
              pcapng.interface("<", RADIOTAP, pcapng.NANOSECONDS, snaplen=pcapng.NO_LIMIT)]
    blocks += [pcapng.packet("<", 0, networks.START + i * networks.STEP, packet)
               for i, packet in enumerate(packets)]
    return wireshark.add_capture(name + ".pcapng", b"".join(blocks))


def told(wireshark, name, packets):
    return wireshark.fields(write(wireshark, name, packets), TOLD, "-2")


def test_check_sequences(wireshark, name, ends):
    packets = [packet for _, packet in networks.conversation(1, ends)]
    plain = told(wireshark, name + "-plain", [wireless(each, NO_FCS) for each in packets])
    there = told(wireshark, name + "-there", [wireless(each, FCS, b"\1\2\3\4") for each in packets])
    claimed = told(wireshark, name + "-claimed", [wireless(each, FCS) for each in packets])
    lib.check(plain and any(row[-2] for row in plain) and not any("bad_header" in "".join(row) for row in plain),
              "nothing is told of " + name)
    lib.check_equal(name + " with a frame check sequence", there, plain)
    lib.check_equal(name + " of which it is only claimed", claimed, plain)


def test_damage(wireshark):
    """A near miss: a data offset beyond what IP says is impossible wherever the frame ends."""
    packets = [packet for _, packet in networks.conversation(1)]
    broken = bytearray(packets[2])
    broken[20 + 12] = 0xF0
    packets[2] = bytes(broken)
    rows = told(wireshark, "damaged", [wireless(each, FCS) for each in packets])
    lib.check("bad_header" in "".join(rows[2]), "a data offset beyond the segment is not found")


def main():
    with lib.start() as wireshark:
        test_check_sequences(wireshark, "IPv4", (networks.CLIENT, networks.SERVER))
        test_check_sequences(wireshark, "IPv6", networks.SIX)
        test_damage(wireshark)
    lib.finish()


if __name__ == "__main__":
    main()
