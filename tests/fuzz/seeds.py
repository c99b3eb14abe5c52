#!/usr/bin/python3
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

SEQ_ABSOLUTE, ACK_ABSOLUTE, BACK = 0x08, 0x10, 0x80
SYN, FIN, ACK = 2, 1, 16


def clock(step):
    """The power of two that core.c steps by, nearest below."""
    return max(step, 1).bit_length() - 1


def event(row, before, following):
    """One event of core.c from one line of `ladder_run --segments`."""
    time, end, flags, has, seq, ack, text, window, wscale, tsval, tsecr, _ = row
    op = end | (BACK if time < before else 0)
    if following[end] is None:
        op |= SEQ_ABSOLUTE
    if following[1 - end] is None:
        op |= ACK_ABSOLUTE
    data = struct.pack("<BBBBIIHHBBBB", op, flags, has & 0xff, clock(abs(time - before)),
                       (seq - (following[end] or 0)) & 0xffffffff,
                       (ack - (following[1 - end] or 0)) & 0xffffffff,
                       min(text, 65535), window, wscale, 0, tsval & 0x7f, tsecr & 0x7f)
    return data


def advance(following, row):
    """Keeps the numbers as core.c does, which starts at 0: then nothing is relative yet."""
    _, end, flags, _, seq, _, text = row[:7]
    if following[end] is None or seq == following[end]:
        following[end] = (seq + text + bool(flags & SYN) + bool(flags & FIN)) & 0xffffffff


def core_seed(listing):
    rows = [[int(word) for word in line.split()] for line in listing.splitlines()]
    data, before, following = b"\x01", 10**9, [None, None]
    for row in rows:
        data += event(row, before, following)
        before = row[0]
        advance(following, row)
    return data


def main():
    ladder_run, directory, *ladders = sys.argv[1:]
    for kind in ("core", "reader"):
        os.makedirs(os.path.join(directory, kind), exist_ok=True)
    for ladder in ladders:
        name = "-".join(ladder.split(os.sep)[-2:])
        shutil.copyfile(ladder, os.path.join(directory, "reader", name))
        listing = subprocess.run([ladder_run, "--segments", ladder], capture_output=True,
                                 check=True, text=True).stdout
        with open(os.path.join(directory, "core", name), "wb") as file:
            file.write(core_seed(listing))


main()
