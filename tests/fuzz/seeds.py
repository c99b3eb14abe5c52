#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes seeds for the fuzzers: seeds.py LADDER_RUN OUTPUT_DIRECTORY LADDER...

OUTPUT_DIRECTORY/reader holds the ladders themselves, OUTPUT_DIRECTORY/core their segments as the
events that core.c reads.
"""

import os
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import dump  # noqa: E402

SEQ_ABSOLUTE, ACK_ABSOLUTE, BACK = 0x08, 0x10, 0x80


def clock(step):
    """The power of two that core.c steps by, nearest below."""
    return max(step, 1).bit_length() - 1


def event(row, before, following):
    """One event of core.c from one segment."""
    end = row["from"]
    op = end | (BACK if row["time"] < before else 0)
    if following[end] is None:
        op |= SEQ_ABSOLUTE
    if following[1 - end] is None:
        op |= ACK_ABSOLUTE
    return struct.pack("<BBBBIIHHBBBB", op, row["flags"], row["has"] & 0xff, clock(abs(row["time"] - before)),
                       (row["seq"] - (following[end] or 0)) & 0xffffffff,
                       (row["ack"] - (following[1 - end] or 0)) & 0xffffffff,
                       min(row["text"], 65535), row["window"], row["wscale"], 0, row["tsval"] & 0x7f,
                       row["tsecr"] & 0x7f)


def advance(following, row):
    """Keeps the numbers as core.c does, which starts at 0: then nothing is relative yet."""
    end = row["from"]
    if following[end] is None or row["seq"] == following[end]:
        following[end] = (row["seq"] + row["text"] + bool(row["flags"] & dump.FLAG["SYN"]) +
                          bool(row["flags"] & dump.FLAG["FIN"])) & 0xffffffff


def core_seed(listing):
    data, before, following = b"\x01", 10**9, [None, None]
    for row in dump.rows(listing):
        if row["icmp"]:
            continue
        data += event(row, before, following)
        before = row["time"]
        advance(following, row)
    return data


def main():
    ladder_run, directory, *ladders = sys.argv[1:]
    for kind in ("core", "reader"):
        os.makedirs(os.path.join(directory, kind), exist_ok=True)
    for ladder in ladders:
        name = "-".join(ladder.split(os.sep)[-2:])
        shutil.copyfile(ladder, os.path.join(directory, "reader", name))
        listing = subprocess.run([ladder_run, "--seen", ladder], capture_output=True,
                                 check=True, text=True).stdout
        with open(os.path.join(directory, "core", name), "wb") as file:
            file.write(core_seed(listing))


main()
