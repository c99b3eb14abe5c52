# A link with a delay: a TAP device in each namespace, and a thread that carries the frames.
# Segments that cross each other on the way need such a link; on veth nothing ever crosses.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A relay between two namespaces that plays a Link."""

import errno
import fcntl
import heapq
import os
import select
import struct
import threading
import time

TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000
LONGEST = 65536
IDLE = 0.1  # seconds between looks whether to stop


class Relay:
    """Use as a context: frames flow while it lasts."""

    def __init__(self, hosts, interface, link):
        self.link = link
        self.roles = [host.role for host in hosts]
        self.taps = [open_tap(host, interface) for host in hosts]
        self.queue = []  # (due, serial, tap, frame); the serial keeps frames in order
        self.serial = 0
        self.stopping = False
        self.thread = threading.Thread(target=self.carry, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping = True
        self.thread.join()
        for tap in self.taps:
            os.close(tap)

    def carry(self):
        while not self.stopping:
            now = time.monotonic()
            while self.queue and self.queue[0][0] <= now:
                _, _, tap, frame = heapq.heappop(self.queue)
                deliver(tap, frame)
            wait = min(IDLE, self.queue[0][0] - now) if self.queue else IDLE
            for tap in select.select(self.taps, [], [], wait)[0]:
                self.enqueue(tap, os.read(tap, LONGEST))

    def enqueue(self, source, frame):
        target = 1 - self.taps.index(source)
        now = time.monotonic()
        for delay in self.link.fate(frame, self.roles[target]):
            self.serial += 1
            heapq.heappush(self.queue, (now + delay, self.serial, self.taps[target], frame))

    def inject(self, towards, frame):
        """A frame from nowhere: only the host with the role `towards` ever sees it."""
        os.write(self.taps[self.roles.index(towards)], frame)


def deliver(tap, frame):
    try:
        os.write(tap, frame)
    except OSError as error:
        if error.errno != errno.EIO:  # the interface is not up yet: the frame is lost
            raise


def open_tap(host, interface):
    with host.inside():
        tap = os.open("/dev/net/tun", os.O_RDWR)
        request = struct.pack("16sH22x", interface.encode(), IFF_TAP | IFF_NO_PI)
        fcntl.ioctl(tap, TUNSETIFF, request)
    return tap
