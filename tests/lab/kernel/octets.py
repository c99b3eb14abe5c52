# How many octets the kernel counted at either end of each connection (tcp_info): acknowledged and
# received. A socket that is destroyed tells for the last time then (sock_diag's multicast); one that
# lives to the end is asked. SO_LINGER 0 sets the counts back, so an abort asks just before.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel's counts of octets, by the client's port."""

import socket
import struct

from kerneltrace import PORT

SOCK_DIAG = 20  # NETLINK_SOCK_DIAG has the number 4, its messages this one
DESTROY_GROUPS = (1, 3)  # of TCP over IPv4, over IPv6
SOL_NETLINK, ADD_MEMBERSHIP = 270, 1
RECEIVE_BUFFER_FORCE = 33  # SO_RCVBUFFORCE
REQUEST_DUMP, DONE, ERROR = 0x301, 3, 2
WITH_INFO, INFO = 2, 2  # the bit that asks for tcp_info, and its attribute
LISTEN_BIT = 1 << 10
HEADER, MESSAGE = struct.calcsize("IHHII"), 72  # struct nlmsghdr, struct inet_diag_msg
COUNTS = 120  # offset of tcpi_bytes_acked, then tcpi_bytes_received, in struct tcp_info
ROOM = 1 << 20


def counts_of(sock):
    """(state, octets acknowledged, octets received), SYN and FIN included."""
    return parse_info(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, COUNTS + 16))


def parse_info(info):
    return info[0], *struct.unpack_from("QQ", info, COUNTS)


class Destroyed:
    """What the sockets of a namespace say of themselves when they are destroyed. Made in there."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4)
        self.socket.setsockopt(socket.SOL_SOCKET, RECEIVE_BUFFER_FORCE, ROOM)
        self.socket.bind((0, 0))
        for group in DESTROY_GROUPS:
            self.socket.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, group)
        self.socket.setblocking(False)

    def counts(self):
        """{the client's port: counts}, of those that were destroyed and those that still are."""
        found = {}
        while True:
            try:
                found |= dict(parse(self.socket.recv(ROOM)))
            except BlockingIOError:
                break
        return found | self.alive(socket.AF_INET) | self.alive(socket.AF_INET6)

    def alive(self, family):
        states = 0xFFFFFFFF & ~LISTEN_BIT
        request = struct.pack("BBBxI48x", family, socket.IPPROTO_TCP, WITH_INFO, states)
        header = struct.pack("IHHII", HEADER + len(request), SOCK_DIAG, REQUEST_DUMP, 1, 0)
        found = {}
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4) as asking:
            asking.send(header + request)
            while True:
                answer = asking.recv(ROOM)
                found |= dict(parse(answer))
                if any(kind in (DONE, ERROR) for kind, _ in messages(answer)):
                    return found

    def close(self):
        self.socket.close()


def messages(data):
    while len(data) >= HEADER:
        length, kind = struct.unpack_from("IH", data)
        yield kind, data[HEADER:length]
        data = data[(length + 3) & ~3 :]


def parse(data):
    """(the client's port, counts) of each socket that has a tcp_info."""
    for kind, message in messages(data):
        if kind != SOCK_DIAG or len(message) <= MESSAGE:
            continue
        ports = struct.unpack_from(">HH", message, 4)
        for attribute, value in attributes(message[MESSAGE:]):
            if attribute == INFO and len(value) >= COUNTS + 16:
                yield min(ports, key=lambda port: port == PORT), parse_info(value)


def attributes(data):
    while len(data) >= 4:
        length, kind = struct.unpack_from("HH", data)
        yield kind, data[4:length]
        data = data[(length + 3) & ~3 :]
