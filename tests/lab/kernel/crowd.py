# Plays many random programs at once between two hosts, in one thread, and records each connection.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Random programs, played."""

import heapq
import select
import time
from random import Random

from kerneltrace import PORT
from lab import Lab, abort, start_connecting
from ledger import Ledger
from packet import segment
from programs import ENDS
from recorder import ROLES, Recording, Tracing, kernel_version

FIRST_PORT = 20000
STAGGER = 0.02  # seconds between the connections' beginnings
AFTERMATH = 4  # seconds for what is sent again, for giving up, and for being silent
LIMITS = {
    "rto_max_ms": 1000,
    "orphan_retries": 3,
    "retries2": 5,
    "syn_retries": 3,
    "synack_retries": 3,
    "syn_linear_timeouts": 9,
}


class Weather:
    """A link that treats the packets of each connection as its program says."""

    delay = 0

    def __init__(self, programs):
        self.programs = programs  # by the client's port
        self.dice = {
            (port, role): Random(f"{each.seed} {role}")
            for port, each in programs.items()
            for role in ROLES
        }

    def fate(self, frame, towards):
        found = segment(0, frame)
        port = found and (found.source if towards == "server" else found.target)[1]
        if port not in self.programs:
            return [0]
        return self.programs[port].network.fate(self.dice[port, towards])


class Crowd:
    """All the programs' sockets, and what is to be done with them when."""

    def __init__(self, lab, programs):
        self.lab, self.programs = lab, programs
        self.sockets = {}  # (port, end) -> socket
        self.finished = set()  # the keys of those from which nothing more comes
        self.agenda = []  # (time, serial, port, act); no act: begin
        self.serial = 0
        self.listener = None
        self.both_connect = next(iter(programs.values())).both_connect
        self.ledger = Ledger(lab, self.both_connect)

    def play(self):
        if not self.both_connect:
            self.listener = self.lab.server.listen()
            self.listener.listen(len(self.programs))
            self.listener.setblocking(False)
        now = time.monotonic()
        for index, port in enumerate(self.programs):
            self.schedule(now + index * STAGGER, port, None)
        while self.agenda:
            self.wait(self.agenda[0][0])
            _, _, port, act = heapq.heappop(self.agenda)
            self.perform(port, act)
        self.wait(time.monotonic() + AFTERMATH)

    def schedule(self, when, port, act):
        self.serial += 1
        heapq.heappush(self.agenda, (when, self.serial, port, act))

    def perform(self, port, act):
        if act is None:
            self.begin(port)
        elif act.what == "connect":
            self.connect(port, "server")
        elif (port, act.end) in self.sockets:
            sock = self.sockets[port, act.end]
            self.ledger.before(port, act, sock)
            try:
                done = perform(sock, act)
                self.ledger.after(port, act, done)
            except OSError:
                pass  # that end is over already
            if act.what in ("close", "abort"):
                del self.sockets[port, act.end]

    def begin(self, port):
        self.connect(port, "client")
        self.live(port, ENDS if self.programs[port].both_connect else ["client"])

    def connect(self, port, end):
        here, peer = (self.lab.client, PORT) if end == "client" else (self.lab.server, port)
        sock = self.sockets[port, end] = here.socket(port if end == "client" else PORT)
        start_connecting(sock, here.peer, peer)
        sock.setblocking(False)

    def live(self, port, ends):
        now = time.monotonic()
        for act in self.programs[port].acts:
            if act.end in ends:
                self.schedule(now + act.time, port, act)

    def wait(self, until):
        """Accept and read until then."""
        while (left := until - time.monotonic()) > 0:
            readers = {sock: key for key, sock in self.sockets.items() if self.hears(key)}
            watched = [*readers, *filter(None, [self.listener])]
            for sock in select.select(watched, [], [], left)[0]:
                if sock is self.listener:
                    self.accept()
                else:
                    self.read(sock, readers[sock])

    def hears(self, key):
        port, end = key
        return end not in self.programs[port].deaf and key not in self.finished

    def accept(self):
        sock, (_, port, *_) = self.listener.accept()
        self.lab.server.sockets.append(sock)
        sock.setblocking(False)
        self.sockets[port, "server"] = sock
        self.live(port, ["server"])

    def read(self, sock, key):
        try:
            octets = len(sock.recv(65536))
            self.ledger.read(key, octets)
            if octets:
                return
        except BlockingIOError:
            return
        except OSError as error:
            self.ledger.failed(key, error)
        self.finished.add(key)


def perform(sock, act):
    if act.what == "send":
        return sock.send(bytes(act.amount))
    if act.what == "shutdown":
        sock.shutdown(1)
    elif act.what == "abort":
        abort(sock)
    else:
        sock.close()
    return 0


def record_crowd(programs, network, directory):
    """Play programs of one kind, and write a capture and a truth of each from both vantages. Their
    acts do not wait for each other; so it does not matter whether the machine keeps its pace."""
    ip_version = programs[0].ip_version
    programs = {FIRST_PORT + index: each for index, each in enumerate(programs)}
    with Lab(ip_version, Weather(programs), network) as lab:
        for name, value in LIMITS.items():
            lab.sysctl(f"ipv4.tcp_{name}", value)
        with Tracing() as tracing:
            crowd = Crowd(lab, programs)
            crowd.play()
            tracing.stop()
        ledger = crowd.ledger.close(crowd.sockets)
        recording = Recording(lab, tracing)
    for port, each in programs.items():
        part = recording.only(port)
        for vantage in ROLES:
            name = f"random-{each.seed}@{vantage}.pcapng"
            part.write(directory / name, vantage, about(each) | ledger.of(port))


def about(program):
    return {
        "scenario": f"random-{program.seed}",
        "story": str(program),
        "impaired": program.network.impaired,
        "kernel": kernel_version(),
    }
