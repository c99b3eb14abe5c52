# Builds connections segment by segment with Scapy, with fixed times, ports and numbers, so that
# making a capture again gives the same bytes.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A made-up exchange of segments between a client and a server."""

from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether

BEGINNING = 1_767_225_600 * 10**9  # 2026-01-01 00:00:00 UTC
STEP = 10**6  # one millisecond between frames

ADDRESS = {"client": "192.0.2.1", "server": "192.0.2.2"}
MAC = {"client": "02:00:00:00:00:01", "server": "02:00:00:00:00:02"}
PORT = {"client": 40000, "server": 5555}
ISN = {"client": 1000, "server": 5000}
OTHER = {"client": "server", "server": "client"}

MODULUS = 2**32


def ethernet(sender):
    return Ether(src=MAC[sender], dst=MAC[OTHER[sender]])


class Dialogue:
    """`link` makes what comes before the IP header, given the sender."""

    def __init__(self, link=ethernet, isn=None):
        self.link = link
        self.next = dict(isn or ISN)  # what each side sends next
        self.port = dict(PORT)
        self.ident = 0
        self.time = BEGINNING
        self.frames = []  # (time, bytes)

    def segment(self, sender, flags, data=b"", **fields):
        """The next segment of `sender`; `fields` (seq, ack, chksum ...) override what is right."""
        numbers = {"seq": self.next[sender]}
        if "A" in flags:
            numbers["ack"] = self.next[OTHER[sender]]
        numbers |= fields
        self.ident += 1
        ports = {"sport": self.port[sender], "dport": self.port[OTHER[sender]]}
        tcp = TCP(flags=flags, window=64240, **ports, **numbers) / data
        length = len(data) + ("S" in flags) + ("F" in flags)
        self.next[sender] = (numbers["seq"] + length) % MODULUS
        return IP(src=ADDRESS[sender], dst=ADDRESS[OTHER[sender]], id=self.ident) / tcp

    def put(self, sender, packet):
        """Let a packet, from the IP header on, appear in the capture."""
        self.frames.append((self.time, bytes(self.link(sender) / packet)))
        self.time += STEP

    def client(self, flags, data=b"", **fields):
        self.put("client", self.segment("client", flags, data, **fields))

    def server(self, flags, data=b"", **fields):
        self.put("server", self.segment("server", flags, data, **fields))

    def open(self):
        self.client("S")
        self.server("SA")
        self.client("A")

    def talk(self):
        self.client("PA", b"a request")
        self.server("A")
        self.server("PA", b"an answer")
        self.client("A")

    def close(self):
        self.client("FA")
        self.server("A")
        self.server("FA")
        self.client("A")

    def ordinary(self):
        self.open()
        self.talk()
        self.close()
        return self.frames
