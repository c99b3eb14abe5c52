# SPDX-License-Identifier: GPL-2.0-or-later
"""pcapng files taken apart and made by hand, as far as the tests need it (draft-ietf-opsawg-pcapng)."""

import struct

SECTION, INTERFACE, OLD_PACKET, SIMPLE_PACKET, NAMES, STATISTICS, PACKET, SECRETS, CUSTOM = (
    0x0a0d0d0a, 1, 2, 3, 4, 5, 6, 10, 0xbad)
COMMENT = 1


def padded(data):
    return data + bytes(-len(data) % 4)


def option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + padded(value)


def options(order, *pairs):
    return b"".join(option(order, code, value) for code, value in pairs) + bytes(4)


def block(order, kind, body):
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def section(order, *pairs):
    return block(order, SECTION, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1) +
                 options(order, *pairs))


def interface(order, link, *pairs):
    return block(order, INTERFACE, struct.pack(order + "HHI", link, 0, 262144) +
                 options(order, *pairs))


def packet(order, number, time, data, *pairs):
    """An enhanced packet block; without options unless there are some."""
    fixed = struct.pack(order + "IIIII", number, time >> 32, time & 0xffffffff, len(data), len(data))
    return block(order, PACKET, fixed + padded(data) + (options(order, *pairs) if pairs else b""))


def old_packet(order, number, time, data):
    fixed = struct.pack(order + "HHIIII", number, 0xffff, time >> 32, time & 0xffffffff, len(data),
                        len(data))
    return block(order, OLD_PACKET, fixed + padded(data))


def blocks(data):
    """(byte order, type, body) of each block."""
    order, at, found = "<", 0, []
    while at < len(data):
        kind = struct.unpack_from("<I", data, at)[0]
        if kind == SECTION:
            order = "<" if struct.unpack_from("<I", data, at + 8)[0] == 0x1a2b3c4d else ">"
        kind, size = struct.unpack_from(order + "II", data, at)
        assert struct.unpack_from(order + "I", data, at + size - 4)[0] == size
        found.append((order, kind, data[at + 8:at + size - 4]))
        at += size
    return found


def split(order, kind, body):
    """Fixed fields of a section header, or of a packet with its data, and the list of options (code, value)."""
    at = 16 if kind == SECTION else 20 + (struct.unpack_from(order + "I", body, 12)[0] + 3) // 4 * 4
    fixed, found = body[:at], []
    while at + 4 <= len(body):
        code, size = struct.unpack_from(order + "HH", body, at)
        if code == 0:
            break
        found.append((code, body[at + 4:at + 4 + size]))
        at += 4 + (size + 3) // 4 * 4
    return fixed, found


def packets(data):
    """The bytes of each packet of a file."""
    found = []
    for order, kind, body in blocks(data):
        if kind == PACKET:
            size = struct.unpack_from(order + "I", body, 12)[0]
            found.append(body[20:20 + size])
    return found
