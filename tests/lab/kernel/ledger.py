# What the programs of a crowd did, and what the kernel counted: octets written and read,
# acknowledged and received, and where a socket was when its program closed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The books of a crowd, kept beside what is captured."""

import errno
import socket
from collections import defaultdict

from octets import Destroyed, counts_of
from programs import ENDS

OPEN = {1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RCVD"}  # numbers of the kernel's
CLOSING_ACTS = ("close", "shutdown", "abort")


class Ledger:
    """By the client's port and end."""

    def __init__(self, lab, both_connect):
        self.lab, self.both_connect = lab, both_connect
        self.written, self.taken = defaultdict(int), defaultdict(int)
        self.counts = {}  # those of an abort, later all
        self.deeds = {}  # the first that closes: (what, open state before or "")
        self.errors = {}
        self.destroyed = {}
        for host in lab.hosts:
            with host.inside():
                self.destroyed[host.role] = Destroyed()

    def before(self, port, act, sock):
        key = port, act.end
        if act.what not in CLOSING_ACTS:
            return
        counts = counts_of(sock)
        if act.what == "abort":
            self.counts[key] = counts
        self.deeds.setdefault(key, (act.what, OPEN.get(counts[0], "")))
        self.note_error(key, sock)

    def after(self, port, act, octets):
        self.written[port, act.end] += octets

    def read(self, key, octets):
        self.taken[key] += octets

    def failed(self, key, error):
        self.errors.setdefault(key, errno.errorcode[error.errno])

    def note_error(self, key, sock):
        error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            self.errors.setdefault(key, errno.errorcode[error])

    def close(self, sockets):
        """Ask those that are still there."""
        for key, sock in sockets.items():
            self.note_error(key, sock)
            self.counts.setdefault(key, counts_of(sock))
        for host in self.lab.hosts:
            with host.inside():
                found = self.destroyed[host.role].counts()
            self.destroyed[host.role].close()
            for port, counts in found.items():
                self.counts.setdefault((port, host.role), counts)
        return self

    def of(self, port):
        """For a truth. Of octets, SYN and FIN are not counted: text comes before the FIN, and an
        active opener's SYN is the first that is acknowledged."""
        return {"books": {end: self.page(port, end) for end in ENDS if (port, end) in self.counts}}

    def page(self, port, end):
        key, peer = (port, end), (port, ENDS[end == ENDS[0]])
        _, acked, received = self.counts[key]
        what, state = self.deeds.get(key, ("", ""))
        return {
            "written": self.written[key],
            "read": self.taken[key],
            "acked": min(max(acked - self.opened_itself(port, end), 0), self.written[key]),
            "received": min(received, self.written[peer]),
            "deed": what,
            "open": state,
            "error": self.errors.get(key, ""),
        }

    def opened_itself(self, port, end):
        return end == "client" or self.both_connect
