# The laboratory: two hosts (network namespaces) and a link between them, made for one scenario
# and removed after it, whatever happens. No packet leaves it.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Namespaces, links, firewalls and sockets for the scenarios."""

import ctypes
import os
import signal
import socket
import struct
import subprocess
import time
from contextlib import ExitStack, contextmanager
from fcntl import ioctl
from ipaddress import ip_address
from pathlib import Path

from capture import Capture
from kerneltrace import FIN_TIMEOUT_SECONDS, PORT
from relay import Relay

ADDRESSES = {4: ("192.0.2.1", "192.0.2.2"), 6: ("2001:db8::1", "2001:db8::2")}
MORE_ADDRESSES = {
    4: ("198.18.{}.1", "198.18.{}.2"),
    6: ("2001:db8:0:{}::1", "2001:db8:0:{}::2"),
}
MAC = {"client": "02:00:00:00:00:01", "server": "02:00:00:00:00:02"}
INTERFACE = "eth0"
PATIENCE = 5  # seconds that a blocking call of a scenario may take

CLONE_NEWNET = 0x40000000
TCP_REPAIR = 19
LIBC = ctypes.CDLL(None, use_errno=True)

# The ethtool requests that switch off what makes captures lie: segments larger than the link
# carries, and checksums left to hardware that does not exist.
SIOCETHTOOL = 0x8946
OFFLOADS_OFF = (0x17, 0x1F, 0x24, 0x2C)  # checksum, segmentation (both kinds), receive offload


class Host:
    """A network namespace with one interface."""

    def __init__(self, role, address, peer):
        self.role, self.address, self.peer = role, ip_address(address), ip_address(peer)
        self.namespace = f"tcpstate-{os.getpid()}-{role}"
        self.capture = None
        self.sockets, self.processes, self.losses = [], [], 0
        self.ports = []  # of all sockets made by `socket`, in this order
        ip("netns", "add", self.namespace)

    # -- the host itself ---------------------------------------------------------------------

    @contextmanager
    def inside(self):
        """What the calling thread makes in here (sockets, files) belongs to this namespace."""
        with open("/proc/thread-self/ns/net") as outside, open(
            f"/run/netns/{self.namespace}"
        ) as namespace:
            enter(namespace)
            try:
                yield
            finally:
                enter(outside)

    def ip(self, *arguments):
        ip("-n", self.namespace, *arguments)

    def sysctl(self, name, value):
        """Set net.`name` in this namespace, if the kernel has it."""
        with self.inside():
            file = Path("/proc/sys/net", *name.split("."))
            if file.exists():
                file.write_text(str(value))

    def attach(self):
        """Give the interface, made before, its addresses; neighbours are known, so that no ARP
        is needed; then start capturing."""
        self.sysctl("ipv4.tcp_fin_timeout", FIN_TIMEOUT_SECONDS)
        bits = self.address.max_prefixlen - 8
        other = MAC["server" if self.role == "client" else "client"]
        nodad = ["nodad"] if self.address.version == 6 else []
        self.ip("link", "set", "lo", "up")
        self.ip("link", "set", INTERFACE, "address", MAC[self.role], "up")
        device = ["dev", INTERFACE]
        self.ip("address", "add", f"{self.address}/{bits}", *device, *nodad)
        self.ip("neighbour", "add", str(self.peer), "lladdr", other, *device, "nud", "permanent")
        self.observe(lambda: Capture(INTERFACE))

    def observe(self, point):
        """Let `point`, called in here, make the capture point from now on."""
        if self.capture:
            self.capture.close()
        with self.inside():
            self.capture = point()

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()
        for sock in self.sockets:
            sock.close()
        if self.capture:
            self.capture.close()
        ip("netns", "delete", self.namespace)

    # -- programs ----------------------------------------------------------------------------

    def command(self, *arguments):
        return ["ip", "netns", "exec", self.namespace, *map(str, arguments)]

    def run(self, *arguments):
        command = self.command(*arguments)
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def spawn(self, *arguments):
        """Start a program with a pipe to its standard input; it ends with the lab at the latest."""
        process = subprocess.Popen(
            self.command(*arguments), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, bufsize=0
        )
        self.processes.append(process)
        return process

    # -- sockets -----------------------------------------------------------------------------

    def socket(self, port=0, protocol=0):
        family = socket.AF_INET6 if self.address.version == 6 else socket.AF_INET
        with self.inside():
            sock = socket.socket(family, socket.SOCK_STREAM, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.settimeout(PATIENCE)
        sock.bind((str(self.address), port))
        self.sockets.append(sock)
        self.ports.append(sock.getsockname()[1])
        return sock

    def listen(self):
        sock = self.socket(PORT)
        sock.listen()
        return sock

    def accept(self, listener):
        sock, _ = listener.accept()
        sock.settimeout(PATIENCE)
        self.sockets.append(sock)
        return sock

    def connect(self, port=0):
        """A connection to the other host's server port."""
        sock = self.socket(port)
        sock.connect((str(self.peer), PORT))
        return sock

    def start_connect(self, port=0):
        """Send the SYN and do not wait for what comes of it."""
        sock = self.socket(port)
        start_connecting(sock, self.peer, PORT)
        return sock

    # -- what can go wrong on the way ----------------------------------------------------------

    def lose(self, match, only=""):
        """Drop arriving packets that match the nft expression: behind the capture point, before
        TCP. Returns the name of the rule's table."""
        self.losses += 1
        table = f"loss{self.losses}"
        self.run("nft", f"add table inet {table}")
        self.run("nft", f"add chain inet {table} input {{ type filter hook input priority 0; }}")
        self.run("nft", f"add rule inet {table} input {match} {only} drop")
        return table

    def lose_once(self, match):
        self.lose(match, "limit rate 1/day burst 1 packets")

    @contextmanager
    def losing(self, match):
        table = self.lose(match)
        yield
        self.run("nft", f"delete table inet {table}")

    def send_forged(self, packet):
        """Put a packet of Scapy's on the link, whoever it claims to be from."""
        family = socket.AF_INET6 if self.address.version == 6 else socket.AF_INET
        with self.inside(), socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
            raw.sendto(bytes(packet), (str(self.peer), 0))


class Lab:
    """Two hosts and a link: direct (veth), or a Link that a relay plays. Labs that run at the same
    time need different networks (numbers), or their traces could not be told apart."""

    def __init__(self, ip_version=4, link=None, network=0):
        client, server = addresses(ip_version, network)
        self.netstat_log = []
        self.iptables_log = []
        self.link = link
        with ExitStack() as stack:
            self.client = Host("client", client, server)
            stack.callback(self.client.close)
            self.server = Host("server", server, client)
            stack.callback(self.server.close)
            self.hosts = (self.client, self.server)
            if link is None:
                self.plug_cable()
            else:
                self.relay = stack.enter_context(Relay(self.hosts, INTERFACE, link))
            for host in self.hosts:
                host.attach()
            self.cleanup = stack.pop_all()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with undisturbed():
            self.cleanup.close()

    def plug_cable(self):
        far = ["peer", "name", INTERFACE, "netns", self.server.namespace]
        self.client.ip("link", "add", INTERFACE, "type", "veth", *far)
        for host in self.hosts:
            with host.inside():
                switch_offloads_off(INTERFACE)

    def sysctl(self, name, value):
        for host in self.hosts:
            host.sysctl(name, value)

    def connected(self):
        """The usual beginning: (client's socket, server's socket), no listener left behind."""
        listener = self.server.listen()
        client = self.client.connect()
        server = self.server.accept(listener)
        return client, server

    def netstat(self, step):
        """What `netstat -tan` shows on both hosts now, for the course's exercises; an empty line
        where it shows nothing."""
        for host in self.hosts:
            shown = host.run("netstat", "-tan").splitlines()
            for line in [line.rstrip() for line in shown if f":{PORT} " in line] or [""]:
                self.netstat_log.append({"step": step, "end": host.role, "line": line})

    def iptables(self, step, host):
        """What `iptables -L -vnx` on the host counts now, rule by rule, for the same exercises."""
        for line in host.run("iptables", "-vnxL", "OUTPUT").splitlines():
            if f":{PORT} " in line and " DROP " in line:
                row = {"step": step, "end": host.role, "line": " ".join(line.split())}
                self.iptables_log.append(row)

    def forget(self):
        """Begin the captures only here."""
        for host in self.hosts:
            host.capture.forget()


def addresses(ip_version, network):
    if network == 0:
        return ADDRESSES[ip_version]
    return [pattern.format(network) for pattern in MORE_ADDRESSES[ip_version]]


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


@contextmanager
def undisturbed():
    """No Ctrl-C in the midst of cleaning up; it takes effect afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def enter(namespace):
    if LIBC.setns(namespace.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def switch_offloads_off(interface):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for command in OFFLOADS_OFF:
            value = ctypes.create_string_buffer(struct.pack("II", command, 0))
            request = struct.pack("16sP", interface.encode(), ctypes.addressof(value))
            ioctl(sock, SIOCETHTOOL, request)


def start_connecting(sock, address, port):
    sock.setblocking(False)
    sock.connect_ex((str(address), port))
    sock.settimeout(PATIENCE)


def settle(seconds=0.1):
    """Wait until delayed ACKs and the like are over (a delayed ACK waits 40 ms on Linux)."""
    time.sleep(seconds)


def close_in_turn(first, second):
    """The ordinary end: one side closes, the other reads the rest, sees the end, and closes too.
    (Closing with data unread would send a RST.)"""
    first.close()
    settle()
    while second.recv(4096):
        pass
    second.close()
    settle()


def abort(sock):
    """Close with a RST, as a program does that asks for it, or crashes with data unread."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def vanish(sock):
    """Forget the connection without a packet, as a host does that loses its power."""
    sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
    sock.close()
