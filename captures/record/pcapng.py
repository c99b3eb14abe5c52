# Writes capture files, and reads its own. Nothing about the machine or the program goes into them,
# so the same frames always give the same bytes.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A pcapng file with one interface and nanosecond times."""

import struct
from pathlib import Path

NULL, ETHERNET, RAW, LINUX_SLL = 0, 1, 101, 113  # link types (LINKTYPE_ registry)

SECTION, INTERFACE, PACKET = 0x0A0D0D0A, 1, 6
NAME_OPTION, RESOLUTION_OPTION = 2, 9
NO_LIMIT = 0
SECTION_OF_UNKNOWN_LENGTH = -1


def write(path, frames, link=ETHERNET, name="", snaplen=NO_LIMIT):
    """Write `frames`, pairs of (nanoseconds since the epoch, bytes), cut to `snaplen`."""
    options = option(NAME_OPTION, name.encode()) if name else b""
    options += option(RESOLUTION_OPTION, b"\x09")  # units of 10^-9 s
    blocks = [
        block(SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, SECTION_OF_UNKNOWN_LENGTH)),
        block(INTERFACE, struct.pack("<HHI", link, 0, snaplen) + options + option(0, b"")),
    ]
    for time, data in frames:
        kept = data[:snaplen] if snaplen else data
        head = struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF, len(kept), len(data))
        blocks.append(block(PACKET, head + padded(kept)))
    Path(path).write_bytes(b"".join(blocks))


def read(path):
    """The frames of a file that `write` wrote, as `write` takes them."""
    data, position, frames = Path(path).read_bytes(), 0, []
    while position < len(data):
        kind, length = struct.unpack_from("<II", data, position)
        if kind == PACKET:
            _, high, low, kept = struct.unpack_from("<IIII", data, position + 8)
            begin = position + 28
            frames.append(((high << 32) + low, data[begin : begin + kept]))
        position += length
    return frames


def block(kind, body):
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def option(code, value):
    return struct.pack("<HH", code, len(value)) + padded(value)


def padded(data):
    return data + bytes(-len(data) % 4)
