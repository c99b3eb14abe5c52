# What may happen to a frame on its way: delay always, and mishaps by order. No input or output
# here; relay.py does the carrying.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A link between two hosts, as data."""

import re

from packet import segment

LITTLE = 0.002  # seconds from a frame to its copy


class Link:
    """`fate` decides about each frame; mishaps are functions that decide instead, or decline."""

    def __init__(self, delay):
        self.delay = delay
        self.mishaps = []

    def fate(self, frame, towards):
        """The delays after which the frame arrives at the host with the role `towards`: none if it
        is lost, two if it is doubled."""
        found = segment(0, frame)
        for mishap in self.mishaps if found else ():
            delays = mishap(found, towards)
            if delays is not None:
                return delays
        return [self.delay]

    def once(self, towards, letters, *delays):
        """The next segment that looks like `letters` (a regular expression for what
        Segment.letters gives) gets these delays; no delays: it is lost."""

        def mishap(found, where):
            if where != towards or not re.fullmatch(letters, found.letters()):
                return None
            self.mishaps.remove(mishap)
            return list(delays)

        self.mishaps.append(mishap)

    def lose(self, towards, letters):
        self.once(towards, letters)

    def double(self, towards, letters, gap=LITTLE):
        self.once(towards, letters, self.delay, self.delay + gap)

    def hold(self, towards, letters, longer):
        """Late, so that what comes after it overtakes it."""
        self.once(towards, letters, self.delay + longer)

    def cut(self, towards):
        """Nothing gets through to that host from now on, until `mend`."""
        self.mishaps.append(lambda _, where: [] if where == towards else None)

    def mend(self):
        self.mishaps.clear()
