#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""The segments of captures as plain lists, for tests that feed them to the core without Wireshark.

usage: segments.py [-c] OUTPUT_DIRECTORY CAPTURE...

-c: checksums are not verified, as tshark does unless it is told to: many captures have them from before
the network card has filled them in.

One file for each pair of sockets, NAME.N.segments: a line for each segment (dump.h).  Stock tshark reads
the captures; the plugin has no part in it.
"""

import os
import subprocess
import sys

import dump

FIELDS = ["frame.time_epoch", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport",
          "tcp.dstport", "tcp.flags", "tcp.seq_raw", "tcp.ack_raw", "tcp.len",
          "tcp.window_size_value", "tcp.options.wscale.shift", "tcp.options.timestamp.tsval",
          "tcp.options.timestamp.tsecr", "tcp.options.mss_val", "tcp.options.tfo.cookie",
          "tcp.options.tfo.request", "tcp.checksum.status"]
OPTIONS = {"tcp.options.wscale.shift": "WSCALE", "tcp.options.timestamp.tsval": "TIMESTAMPS",
           "tcp.options.mss_val": "MSS", "tcp.options.tfo.request": "FAST_OPEN",
           "tcp.options.tfo.cookie": "FAST_COOKIE"}


def rows(capture, verify):
    command = ["tshark", "-n", "-r", capture, "-o", "tcp.check_checksum:%s" % str(verify).upper(), "-Y",
               "tcp && !icmp && !icmpv6", "-T", "fields", "-E", "occurrence=f"]
    for field in FIELDS:
        command += ["-e", field]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        yield dict(zip(FIELDS, line.split("\t") + [""] * len(FIELDS)))


def has(row):
    names = {name for field, name in OPTIONS.items() if row[field]}
    names |= {"FAST_OPEN"} if "FAST_COOKIE" in names else set()
    names |= {"BAD_CHECKSUM"} if row["tcp.checksum.status"] == "0" else set()
    return sum(dump.HAS[name] for name in names)


def number(text):
    return int(text, 0) if text else 0


def lists(capture, verify):
    """Lines of each pair of sockets."""
    pairs = {}
    for row in rows(capture, verify):
        if not row["tcp.len"]:  # cut off within the header
            continue
        source = (row["ip.src"] or row["ipv6.src"], int(row["tcp.srcport"]))
        target = (row["ip.dst"] or row["ipv6.dst"], int(row["tcp.dstport"]))
        ends = sorted((source, target))
        seconds, _, fraction = row["frame.time_epoch"].partition(".")
        time = int(seconds) * 10**9 + int(fraction[:9].ljust(9, "0"))
        pairs.setdefault(tuple(ends), []).append(dump.line(
            time=time, sender=ends.index(source), flags=number(row["tcp.flags"]) & 0x3f, has=has(row),
            seq=number(row["tcp.seq_raw"]), ack=number(row["tcp.ack_raw"]), text=number(row["tcp.len"]),
            window=number(row["tcp.window_size_value"]), wscale=number(row["tcp.options.wscale.shift"]),
            tsval=number(row["tcp.options.timestamp.tsval"]), tsecr=number(row["tcp.options.timestamp.tsecr"]),
            client=ends[0][0], client_port=ends[0][1], server=ends[1][0], server_port=ends[1][1]))
    return pairs.values()


def main():
    verify = sys.argv[1] != "-c"
    directory, *captures = sys.argv[1 if verify else 2:]
    os.makedirs(directory, exist_ok=True)
    for capture in captures:
        name = os.path.splitext(os.path.basename(capture))[0]
        for index, lines in enumerate(lists(capture, verify)):
            with open(os.path.join(directory, "%s.%d.segments" % (name, index)), "w") as file:
                file.write("\n".join(lines) + "\n")


main()
