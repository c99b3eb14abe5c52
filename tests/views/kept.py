#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What an annotated copy keeps of captures of unusual kinds, and that it says what it cannot keep.

kept.py PLUGIN CAPTURES
"""

import os
import struct
import subprocess
import sys
import threading

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", *place)
                for place in (["wireshark"], ["lab", "record"])]

import lib
import pcapng
from lib import check, check_equal

CAPTURE = "data-after-fin.pcapng"
START = 1767225600 * 10**6
REMARKABLE = [1, 2, 3, 4, 5, 6] # frames of that capture


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Work:
    def __init__(self, wireshark):
        self.wireshark = wireshark
        self.directory = os.path.join(wireshark.dir, "work")
        os.mkdir(self.directory)
        os.chmod(self.directory, 0o777)
        self.capture = os.path.join(wireshark.dir, "captures", CAPTURE)
        self.frames = pcapng.packets(read(self.capture))

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        os.chmod(self.path(name), 0o644)
        return self.path(name)

    def annotate(self, capture, *options, status=(0,), name=""):
        """What it says, and the copy or None."""
        copy = self.path("copy.pcapng")
        if os.path.exists(copy):
            os.remove(copy)
        command, env = self.wireshark.command("tshark", True)
        command += [*options, "-q", "-r", capture, "-z", "tcpstate,annotate," + copy + name]
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        check(done.returncode in status, "%s: status %d, %s" % (capture, done.returncode, done.stderr))
        return done.stderr, read(copy) if os.path.exists(copy) else None

    def commented(self, data):
        """Numbers of the frames that have a comment, as stock tshark reads them."""
        rows = self.wireshark.fields(self.write("read.pcapng", data), ["frame.number"], "-Y",
                                     "frame.comment", plugin=False)
        return [int(row[0]) for row in rows]


def ethernet_and_raw(work, order):
    """The frames by turns as Ethernet, as raw IP and as Linux's "cooked" packets."""
    links = [(1, lambda data: data), (101, lambda data: data[14:]),
             (113, lambda data: struct.pack(">HHHQ", 0, 1, 6, 0) + data[12:])]
    parts = [pcapng.section(order)] + [pcapng.interface(order, link) for link, _ in links]
    parts += [pcapng.packet(order, number % 3, START + number * 1000, links[number % 3][1](data))
              for number, data in enumerate(work.frames)]
    return b"".join(parts)


def check_cut(work):
    """A packed file that ends in the middle is copied as far as it goes."""
    for program in ("gzip", "zstd", "lz4"):
        packed = subprocess.run([program, "-c"], input=read(work.capture) * 50, capture_output=True,
                                check=True).stdout
        cut = work.write("cut." + program, packed[:-len(packed) // 3])
        said, copy = work.annotate(cut, status=range(1, 15)) # Wireshark's versions differ
        check(said, "%s, cut: nothing is said" % program)
        copied = pcapng.packets(copy) if copy else []
        check_equal("%s, cut: packets" % program, copied, (work.frames * 50)[:len(copied)])


def check_sections(work):
    """Sections that say how long they are, in both byte orders, with different interfaces."""
    parts = []
    for order in "<>":
        section = ethernet_and_raw(work, order)
        first = len(pcapng.section(order))
        parts.append(section[:16] + struct.pack(order + "q", len(section) - first) + section[24:])
    data = b"".join(parts)
    said, copy = work.annotate(work.write("sections.pcapng", data))
    check(said == "" and copy, "two sections: says " + said)
    check_equal("kinds of blocks", [b[:2] for b in pcapng.blocks(copy)], [b[:2] for b in pcapng.blocks(data)])
    check_equal("bytes", pcapng.packets(copy), pcapng.packets(data))
    half = len(work.frames)
    # The second tells the same once more, which says something of the first, too.
    check(set(REMARKABLE) <= set(work.commented(copy)), "no comments in the first section")
    check(work.commented(copy)[-1] > half, "no comments in the second section")
    # The length of a section is right, or says that it is not known.
    for order, kind, body in pcapng.blocks(copy):
        if kind == pcapng.SECTION:
            check(struct.unpack_from(order + "q", body, 8)[0] == -1, "the length of a section")


def check_simple(work):
    """Simple Packet Blocks have no options: what they lack is counted, and nothing in them changes."""
    order = "<"
    data = [pcapng.section(order), pcapng.interface(order, 1)]
    data += [pcapng.block(order, pcapng.SIMPLE_PACKET, struct.pack("<I", len(frame)) + pcapng.padded(frame))
             if number % 2 else pcapng.packet(order, 0, START, frame)
             for number, frame in enumerate(work.frames)]
    simple = work.write("simple.pcapng", b"".join(data))
    said, copy = work.annotate(simple)
    rows = work.wireshark.fields(simple, ["frame.number"], "-Y", "tcpstate.moved || tcpstate.check")
    remarkable = [int(row[0]) for row in rows]
    odd = [block for block in pcapng.blocks(b"".join(data)) if block[1] == pcapng.SIMPLE_PACKET]
    check([block for block in pcapng.blocks(copy) if block[1] == pcapng.SIMPLE_PACKET] == odd,
          "a Simple Packet Block changed")
    without = [number for number in remarkable if number % 2 == 0]
    check_equal("comments beside simple packets", work.commented(copy), [n for n in remarkable if n % 2])
    check(without and "; %d more" % len(without) in said and "Simple Packet Blocks" in said, "says " + said)


def check_limit(work):
    """Packets that nobody looked at are copied, and counted."""
    said, copy = work.annotate(work.capture, "-c", "4")
    check_equal("frames with comments", work.commented(copy), [1, 2, 3, 4])
    check_equal("packets", pcapng.packets(copy), work.frames)
    check("3 packets were copied without" in said, "says " + said)


def check_other_formats(work):
    """A format that has interfaces but no comments; and one of which Wireshark 4.0 cannot write pcapng."""
    paths = {kind: work.path("other." + kind) for kind in ("netmon2", "commview-ncf")}
    for kind, path in paths.items():
        subprocess.run(["editcap", "-F", kind, work.capture, path], check=True, capture_output=True)
        os.chmod(path, 0o644)
    said, copy = work.annotate(paths["netmon2"])
    check(not said, "netmon2: says " + said)
    check_equal("netmon2: packets", pcapng.packets(copy), work.frames)
    check_equal("netmon2: frames with comments", work.commented(copy), REMARKABLE)
    said, copy = work.annotate(paths["commview-ncf"], status=(0, 1))
    check(work.commented(copy) == REMARKABLE if copy else
          said.count("\n") == 1 and "cannot copy the capture" in said, "commview: says " + said)


def check_pipe(work):
    """A pipe is not waited for a second time."""
    pipe = work.path("pipe")
    os.mkfifo(pipe)
    os.chmod(pipe, 0o666)

    def feed():
        try:
            with open(pipe, "wb") as into:
                into.write(read(work.capture))
        except BrokenPipeError:
            pass
    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    said, copy = work.annotate(pipe, status=(1,))
    feeder.join(60)
    check(said.count("\n") == 1 and "pipe" in said and copy is None, "from a pipe: says " + said)


def check_name(work):
    """The capture's own name, where it is given; and another file is not taken for it."""
    copy = work.annotate(work.capture)[1]
    again = work.write("again.pcapng", read(work.capture))
    check(work.annotate(work.capture, name="," + again)[1] == copy, "by its own name")
    other = work.write("other.pcapng", ethernet_and_raw(work, "<"))
    said, copy = work.annotate(work.capture, status=(1,), name="," + other)
    check("changed while it was read" in said and copy is None, "another file: says " + said)


def check_live(work, *options):
    """Captured from a pipe: what it says, and the copy or None."""
    copy = work.path("live.pcapng")
    header = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
    data = header + b"".join(struct.pack("<IIII", 1767225600, number, len(frame), len(frame)) + frame
                             for number, frame in enumerate(work.frames))
    command, env = work.wireshark.command("tshark", True)
    done = subprocess.run(command + ["-q", "-i", "-", *options, "-z", "tcpstate,annotate," + copy],
                          env=env, input=data, capture_output=True)
    return done, read(copy) if os.path.exists(copy) else None


def check_pieces(work):
    """A capture in one file is copied; of one in several, no comment lands in the wrong one."""
    done, copy = check_live(work)
    check(done.returncode == 0 and copy, "a live capture: says %s" % done.stderr)
    check_equal("comments of a live capture", work.commented(copy), REMARKABLE)
    os.remove(work.path("live.pcapng"))
    done, copy = check_live(work, "-b", "packets:3", "-w", work.path("ring.pcapng"))
    ring = [name for name in os.listdir(work.directory) if name.startswith("ring_")]
    check(len(ring) == 3, "the files of a ring buffer: %s" % ring)
    check(done.returncode == 1 and b"in several files" in done.stderr and copy is None,
          "a ring buffer: status %d, says %s" % (done.returncode, done.stderr))


def main():
    with lib.start() as wireshark:
        work = Work(wireshark)
        for test in (check_cut, check_sections, check_simple, check_limit, check_other_formats,
                     check_pipe, check_name, check_pieces):
            test(work)
    lib.finish()


if __name__ == "__main__":
    main()
