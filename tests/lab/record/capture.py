# A capture point: a packet socket on one interface, as tcpdump would open it. The kernel stamps
# each frame, on arrival before TCP sees it and on departure after TCP has decided, and keeps it
# until it is read, so no second process is needed and nothing is lost at either end.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Capture points and clocks."""

import socket
import struct
import time

import pcapng

ETH_P_ALL = 3
SO_TIMESTAMPNS = 35
SO_RCVBUFFORCE = 33
LONGEST = 65536 + 14
CLOCK_SAMPLES = 200


class Capture:
    """All frames that pass one interface, from now on. Create it inside the namespace."""

    link = pcapng.ETHERNET

    def __init__(self, interface):
        self.interface = interface
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 32 << 20)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.bind((interface, ETH_P_ALL))
        self.socket.setblocking(False)
        self.seen = []  # (time, frame)

    def frames(self):
        """All (time, frame) so far; time is CLOCK_REALTIME in nanoseconds."""
        while True:
            try:
                frame, control, _, _ = self.socket.recvmsg(LONGEST, 64)
            except BlockingIOError:
                return self.seen
            seconds, nanoseconds = struct.unpack("qq", control[0][2])
            self.seen.append((seconds * 10**9 + nanoseconds, frame))

    def forget(self):
        """Start anew: what has passed so far is not of interest."""
        self.frames()
        self.seen = []

    def close(self):
        self.socket.close()


def clock_offset():
    """(offset, uncertainty) in nanoseconds: add the offset to CLOCK_MONOTONIC to get
    CLOCK_REALTIME. The tightest of many samples, for we may be interrupted between readings."""
    samples = []
    for _ in range(CLOCK_SAMPLES):
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        real = time.clock_gettime_ns(time.CLOCK_REALTIME)
        after = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        samples.append((after - before, real - (before + after) // 2))
    width, offset = min(samples)
    return offset, (width + 1) // 2
