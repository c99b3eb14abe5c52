# A capture point inside the packet filter: what a rule with the NFLOG target logs, without a link
# header. It shows packets that the next rule drops before they reach any interface.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Capturing from the firewall's log, with tcpdump."""

import struct
import subprocess
import tempfile

import pcapng

PAYLOAD = 9  # NFULA_PAYLOAD, one of the type-length-value triples of a logged packet
HEADER = 4  # family, version and resource of a logged packet


class FirewallLog:
    """As capture.Capture: create it inside the namespace."""

    GROUP = 5
    link = pcapng.RAW
    interface = f"nflog:{GROUP}"

    def __init__(self):
        self.file = tempfile.NamedTemporaryFile(suffix=".pcap")
        self.tcpdump = subprocess.Popen(
            ["tcpdump", "-i", self.interface, "-Z", "root", "-U", "-w", self.file.name],
            stderr=subprocess.PIPE,
            text=True,
        )
        begun = self.tcpdump.stderr.readline()
        if "listening" not in begun:
            raise RuntimeError(begun.strip())

    def frames(self):
        data = self.file.read()
        found, position = [], 24  # behind the file's header
        while position < len(data):
            seconds, microseconds, length = struct.unpack_from("<III", data, position)
            position += 16 + length
            time = seconds * 10**9 + microseconds * 1000
            found.append((time, payload(data[position - length : position])))
        return found

    def close(self):
        self.tcpdump.terminate()
        self.tcpdump.communicate()
        self.file.close()


def payload(record):
    position = HEADER
    while position < len(record):
        length, kind = struct.unpack_from("<HH", record, position)
        if kind == PAYLOAD:
            return record[position + 4 : position + length]
        position += length + 3 & ~3
    raise ValueError("a log record without a packet")
