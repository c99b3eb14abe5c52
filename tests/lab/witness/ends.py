# The two ends of a scenario: a program over the kernel's TCP, and one over lwIP's. Both do the same
# when told the same, so that each scenario can be played with lwIP at either end.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Ends of a connection."""

import os
import socket
import subprocess
import time
from contextlib import suppress

from kerneltrace import PORT
from lab import INTERFACE, MAC, abort, settle, undisturbed, vanish

HEARD = 0.05  # seconds until the other end has certainly got it
ANSWERED = 0.35  # ... and has answered: lwIP delays an ACK for 250 ms
SMALL = 8192  # bytes of a receive buffer that is soon full


class KernelEnd:
    """An ordinary socket program."""

    def __init__(self, lab, role):
        self.host = getattr(lab, role)
        self.listener = self.sock = None
        self.holding = False

    def listen(self, small=False):
        self.listener = self.host.socket(PORT)
        if small:
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        self.listener.listen()

    def connect(self, port):
        self.sock = self.host.start_connect(port)
        settle(HEARD)

    def meet(self):
        """Accept the connection, if we have listened for it."""
        if self.listener:
            self.sock = self.host.accept(self.listener)

    def send(self, count):
        self.sock.setblocking(False)
        with suppress(BlockingIOError):
            self.sock.send(bytes(count))
        settle(HEARD)

    def hold(self, holding):
        self.holding = holding
        if not holding:
            self.read()

    def read(self):
        self.sock.setblocking(False)
        with suppress(BlockingIOError, ConnectionError):
            while self.sock.recv(65536):
                pass

    def shut(self):
        self.sock.shutdown(socket.SHUT_WR)
        settle(HEARD)

    def close(self):
        if not self.holding:
            self.read()
        self.sock.close()

    def abort(self):
        abort(self.sock)

    def vanish(self):
        vanish(self.sock)


class LwipEnd:
    """The same over lwIP: orders go to a program of its own, which logs its states."""

    def __init__(self, lab, role, program):
        self.host = getattr(lab, role)
        self.address = self.host.address
        self.log = []  # (time, old, new, own port, other's port)
        self.host.ip("address", "flush", "dev", INTERFACE)  # the kernel keeps silent from now on
        self.process = self.start(program, role)

    def __enter__(self):
        self.heed()
        return self

    def __exit__(self, *_):
        with undisturbed():
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()

    def start(self, program, role):
        other = "server" if role == "client" else "client"
        places = (self.address, MAC[role], self.host.peer, MAC[other])
        return subprocess.Popen(
            self.host.command(program, INTERFACE, *places),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def heed(self):
        """Read the log until the program says that it has obeyed."""
        for line in self.process.stdout:
            if line == b"ok\n":
                return
            self.note(line)
        raise RuntimeError("lwip_host has ended")

    def note(self, line):
        words = line.decode().split()
        if not words[0].isdecimal():
            raise RuntimeError(" ".join(words))
        self.log.append((int(words[0]), *words[1:3], *map(int, words[3:])))

    def order(self, *words):
        os.write(self.process.stdin.fileno(), " ".join(map(str, words)).encode() + b"\n")
        self.heed()

    def finish(self):
        """The rest of the log. The program ends with its input."""
        self.process.stdin.close()
        for line in self.process.stdout:
            self.note(line)

    def listen(self, small=False):
        del small  # its window is what it is compiled with
        self.order("listen", PORT)

    def connect(self, port):
        self.order("connect", port, PORT)
        settle(HEARD)

    def meet(self):
        pass  # accepting needs no order

    def send(self, count):
        self.order("send", count)
        settle(HEARD)

    def hold(self, holding):
        self.order("hold", int(holding))

    def shut(self):
        self.order("shut")
        settle(HEARD)

    def close(self):
        self.order("close")

    def abort(self):
        self.order("abort", 1)

    def vanish(self):
        self.order("abort", 0)


def wait(seconds=ANSWERED):
    time.sleep(seconds)
