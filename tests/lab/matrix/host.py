# The kernel under test: a network namespace of the process's own, a TUN device in it, and the
# kernel's word about a socket. The namespace has no name and no other link: no packet leaves it,
# and it vanishes with the process.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A host whose only neighbour is a file descriptor."""

import ctypes
import errno
import fcntl
import os
import select
import socket
import struct
import subprocess
from ipaddress import ip_address
from pathlib import Path

ADDRESSES = {4: ("192.0.2.1", "192.0.2.2"), 6: ("2001:db8::1", "2001:db8::2")}  # kernel, peer
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
DEVICE = "tun0"
LONGEST = 65536  # octets of a packet

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000

# Each cell is to show what one segment does. A limit on challenge ACKs that counts all connections
# together, or what the host remembers of its peer, would let one cell change another.
SYSCTLS = {
    "ipv4.tcp_invalid_ratelimit": 0,
    "ipv4.tcp_challenge_ack_limit": 2**31 - 1,
    "ipv4.tcp_no_metrics_save": 1,
    "ipv4.tcp_max_syn_backlog": 4096,
    "ipv6.conf.all.accept_dad": 0,
    "ipv6.conf.default.accept_dad": 0,
    "ipv6.conf.default.router_solicitations": 0,
}
RTO_MIN = "600ms"  # what is sent again must not come among the immediate replies


class Host:
    """Use as a context. The process that makes one leaves its own network for ever."""

    def __init__(self):
        unshare_network()
        for name, value in SYSCTLS.items():
            file = Path("/proc/sys/net", *name.split("."))
            if file.exists():
                file.write_text(str(value))
        self.tun = open_tun()
        ip("link", "set", "lo", "up")
        ip("link", "set", DEVICE, "up")
        for version, (own, peer) in ADDRESSES.items():
            nodad = ["nodad"] if version == 6 else []
            ip("address", "add", f"{own}/{ip_address(own).max_prefixlen}", "dev", DEVICE, *nodad)
            ip("route", "add", peer, "dev", DEVICE, "src", own, "rto_min", RTO_MIN)
        self.diag = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, NETLINK_SOCK_DIAG)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.tun)
        self.diag.close()

    def socket(self, version, port):
        """One of the kernel's, bound to the port."""
        sock = socket.socket(FAMILIES[version], socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setblocking(False)
        sock.bind((ADDRESSES[version][0], port))
        return sock

    def write(self, packet):
        """Hand a packet to the kernel. TCP has dealt with it when this returns: a TUN device runs
        the whole way up within the call."""
        os.write(self.tun, packet)

    def read(self, timeout=0):
        """The next packet that the kernel has sent, or None if there is none in time."""
        if timeout and not select.select([self.tun], [], [], timeout)[0]:
            return None
        try:
            return os.read(self.tun, LONGEST)
        except BlockingIOError:
            return None

    def state(self, own, peer):
        """What the kernel says of the connection: the state of its socket, request socket or
        timewait socket; of the listener, if there is only that; CLOSED if there is nothing."""
        self.diag.send(diag_request(own, peer))
        return diag_answer(self.diag.recv(LONGEST))


def unshare_network():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, f"unshare: {os.strerror(number)}")


def open_tun():
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", DEVICE.encode(), IFF_TUN | IFF_NO_PI))
    return tun


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


# -- inet_diag -------------------------------------------------------------------------------------

NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY = 4, 20
NLM_F_REQUEST, NLMSG_ERROR = 1, 2
EVERY_STATE = NO_COOKIE = 0xFFFFFFFF
HEADER = struct.Struct("=IHHII")

STATES = {
    1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RCVD", 4: "FIN_WAIT_1", 5: "FIN_WAIT_2",
    6: "TIME_WAIT", 7: "CLOSED", 8: "CLOSE_WAIT", 9: "LAST_ACK", 10: "LISTEN", 11: "CLOSING",
    12: "SYN_RCVD",
}


def diag_request(own, peer):
    """One connection, not a dump: found as an arriving segment would find it."""
    addresses = [ip_address(address).packed.ljust(16, b"\0") for address, _ in (own, peer)]
    family = socket.AF_INET6 if ip_address(own[0]).version == 6 else socket.AF_INET
    body = struct.pack("=BBxxI", family, socket.IPPROTO_TCP, EVERY_STATE)
    body += struct.pack("!HH", own[1], peer[1]) + b"".join(addresses)
    body += struct.pack("=III", 0, NO_COOKIE, NO_COOKIE)
    return HEADER.pack(HEADER.size + len(body), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, 0, 0) + body


def diag_answer(answer):
    _, kind, *_ = HEADER.unpack_from(answer)
    if kind == NLMSG_ERROR:
        (error,) = struct.unpack_from("=i", answer, HEADER.size)
        if error != -errno.ENOENT:
            raise OSError(-error, "inet_diag: " + os.strerror(-error))
        return "CLOSED"
    return STATES[answer[HEADER.size + 1]]
