# A machine that stands still for a moment (its host is busy, or it sleeps) spoils a recording: what
# a scenario does in turns then happens at once, and the recording may end before the last packet
# has arrived. Whoever records asks here whether that happened, and records again.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Did the machine keep its pace?"""

import threading
import time

BEAT = 0.01  # seconds
STANDSTILL = 0.15  # seconds; about as long as the scenarios wait between two acts


class StoodStill(Exception):
    """What was recorded meanwhile is no evidence."""


class Watch:
    """From its beginning to its end a thread sleeps and sleeps; `longest`: by how many seconds one of
    these sleeps was too long, at most."""

    def __init__(self):
        self.longest = 0.0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def begin(self):
        self.thread.start()

    def end(self):
        self.over.set()
        self.thread.join()

    def watch(self):
        before = time.monotonic()
        while not self.over.wait(BEAT):
            now = time.monotonic()
            self.longest = max(self.longest, now - before - BEAT)
            before = now
