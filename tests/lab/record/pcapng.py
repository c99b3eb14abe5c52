# The one place that knows what a pcapng file is made of: the recorder writes captures with it, and the
# tests make odd ones, and look into those that the plugin wrote. Nothing about the machine or the
# program goes into a file, so the same frames always give the same bytes.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""pcapng files, block by block (draft-ietf-opsawg-pcapng). `order` is struct's: "<" or ">"."""

import struct
from pathlib import Path

SECTION, INTERFACE, OLD_PACKET, SIMPLE_PACKET, NAMES, STATISTICS, PACKET, SECRETS, CUSTOM = (
    0x0a0d0d0a, 1, 2, 3, 4, 5, 6, 10, 0xbad)
COMMENT, NAME, RESOLUTION = 1, 2, 9  # options
SNAPLEN = 262144
NULL, ETHERNET, RAW, LINUX_SLL = 0, 1, 101, 113  # link types (LINKTYPE_ registry)
NANOSECONDS = (RESOLUTION, b"\x09")
NO_LIMIT = 0


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


def interface(order, link, *pairs, snaplen=SNAPLEN):
    return block(order, INTERFACE, struct.pack(order + "HHI", link, 0, snaplen) +
                 options(order, *pairs))


def packet(order, number, time, data, *pairs, length=None):
    """An enhanced packet block of what was kept of a packet of `length`; without options unless there
    are some."""
    fixed = struct.pack(order + "IIIII", number, time >> 32, time & 0xffffffff, len(data),
                        len(data) if length is None else length)
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


# -- a file with one interface and nanosecond times ------------------------------------------------


def write(path, frames, link=ETHERNET, name="", snaplen=NO_LIMIT):
    """Write `frames`, pairs of (nanoseconds since the epoch, bytes), cut to `snaplen`."""
    named = [(NAME, name.encode())] if name else []
    file = [section("<"), interface("<", link, *named, NANOSECONDS, snaplen=snaplen)]
    for time, data in frames:
        file.append(packet("<", 0, time, data[: snaplen or None], length=len(data)))
    Path(path).write_bytes(b"".join(file))


def read(path):
    """The frames of a file that `write` wrote, as `write` takes them."""
    frames = []
    for order, kind, body in blocks(Path(path).read_bytes()):
        if kind == PACKET:
            _, high, low, kept = struct.unpack_from(order + "IIII", body)
            frames.append(((high << 32) + low, body[20 : 20 + kept]))
    return frames
