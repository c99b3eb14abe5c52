#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""-z tcpstate,annotate: only comments are added, where something happened; all else is kept.

annotate.py PLUGIN CAPTURES
"""

import gzip
import os
import shutil
import struct
import subprocess
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", *place)
                for place in (["wireshark"], ["lab", "record"])]

import lib
import pcapng
from lib import check, check_equal

HEALTHY, FAULTY = "ex1-client-closes-first.pcapng", "data-after-fin.pcapng"
LOSSY = "handshake-ack-lost.pcapng"
REOPENED = "q03-answer-without-syn.pcapng"


class Work:
    """A directory that the unprivileged tshark can write to."""

    def __init__(self, wireshark):
        self.wireshark = wireshark
        self.directory = os.path.join(wireshark.dir, "work")
        os.mkdir(self.directory)
        os.chmod(self.directory, 0o777)

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        os.chmod(self.path(name), 0o666)
        return self.path(name)

    def capture(self, name):
        return os.path.join(self.wireshark.dir, "captures", name)

    def annotate(self, capture, *options, **how):
        """The name of the copy."""
        copy = self.path("copy-%s.pcapng" % os.path.basename(capture))
        self.wireshark.tshark("-q", "-r", capture, "-z", "tcpstate,annotate," + copy, *options, **how)
        if not os.path.exists(copy):
            lib.fail("%s: no copy was written" % capture)
            lib.finish()
        return copy

    def comments(self, capture):
        """By number of the frame, as a Wireshark without the plugin shows them."""
        rows = self.wireshark.fields(capture, ["frame.number", "frame.comment"], "-E",
                                     "aggregator=|", plugin=False)
        return {int(row[0]): row[1].split("|") for row in rows if len(row) > 1 and row[1]}

    def leftovers(self):
        """Temporary files beside the copy."""
        return [name for name in os.listdir(self.directory) if name.startswith(".")]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def expected_frames(wireshark, capture):
    """Where an end moved, something was found, or a segment met another fate than to arrive at once; by
    an ICMP error too."""
    rows = wireshark.fields(capture, ["frame.number"], "-2", "-Y",
                            "tcpstate.moved || tcpstate.check || tcpstate.fate")
    return [int(row[0]) for row in rows]


def check_blocks(name, before, after):
    """Block by block the same file, but for one comment at the end of the first section's options, and of
    some packets'. Of no section is the length told any more."""
    added = 0
    unknown = struct.pack("<q", -1)
    before, after = pcapng.blocks(before), pcapng.blocks(after)
    check_equal(name + ": kinds of blocks", [b[:2] for b in after], [b[:2] for b in before])
    for number, (old, new) in enumerate(zip(before, after)):
        check(old != new or number > 0, "%s: no comment on the capture" % name)
        if old == new:
            continue
        is_packet = old[1] in (pcapng.PACKET, pcapng.OLD_PACKET)
        check(is_packet or number == 0, "%s: block %d changed" % (name, number))
        old_fixed, old_options = pcapng.split(*old)
        fixed, found = pcapng.split(*new)
        if not is_packet:
            old_fixed = old_fixed[:8] + unknown
        check(old_fixed == fixed and found[:-1] == old_options and found[-1][0] == pcapng.COMMENT,
              "%s: more than a comment was added to block %d" % (name, number))
        added += is_packet
    return added


def check_capture(work, capture, *options):
    """A capture of the collection: comments where they belong, and nowhere else."""
    copy = work.annotate(capture, *options, status=(0, 2), quiet=False)
    added = check_blocks(os.path.basename(capture), read(capture), read(copy))
    comments = work.comments(copy)
    check_equal(capture + ": frames with comments", sorted(comments),
                expected_frames(work.wireshark, capture))
    check_equal(capture + ": comments", len(comments), added)
    os.remove(copy)


def check_words(work):
    comments = work.comments(work.annotate(work.capture(FAULTY)))
    check_equal("a comment", comments[5][0], "Client FIN_WAIT_1 -> FIN_WAIT_2 (assumed): its "
                "FIN was acknowledged (RFC 9293 3.10.7.4 step 5). Server CLOSE_WAIT.")
    check("data_after_fin" in comments[6][0] and "RFC 9293 3.6" in comments[6][0],
          "the finding is not in the comment: " + comments[6][0])
    comments = work.comments(work.annotate(work.capture(LOSSY)))
    check_equal("the comment of a lost segment", comments[3][0], "This segment probably never arrived, as "
                "frame 4 shows. Client ESTABLISHED. Server SYN_RCVD.")


def check_summary(work):
    """The comment on all of it, in any format: after the one that was there."""
    expected = ("TCP states of RFC 9293, as all that was captured shows them. Connections: 2\n"
                "- 1 closed by both ends (from frame 9)\n- 1 reset (from frame 1)\nFindings:\n"
                "- syn_in_synchronized (unusual) in frame 6\n"
                "- challenge_ack (unusual) in frame 7\n- connection_reset (unusual) in frame 8")
    with_comment = converted(work, "with-comment.pcapng", "editcap", "--capture-comment", "Who asked?",
                             work.capture(REOPENED), "FILE")
    pcap = converted(work, "summed-up.pcap", "editcap", "-F", "pcap", work.capture(REOPENED), "FILE")
    for capture, before in ((work.capture(REOPENED), []), (with_comment, ["Who asked?"]), (pcap, [])):
        order, kind, body = pcapng.blocks(read(work.annotate(capture)))[0]
        found = [value.decode() for code, value in pcapng.split(order, kind, body)[1] if code == pcapng.COMMENT]
        check_equal(capture + ": comments on the capture", found[:-1], before)
        check_equal(capture + ": summary", found[-1], expected)


def names_block(order):
    """Two names, one of them longer than what Wireshark 4.0 would write again."""
    def record(kind, value):
        return struct.pack(order + "HH", kind, len(value)) + pcapng.padded(value)
    long_name = b"a" * 63 + b"." + b"b" * 63 + b".example.org\0"
    return pcapng.block(order, pcapng.NAMES,
                        record(1, bytes([192, 0, 2, 1]) + b"client.example.org\0") +
                        record(2, bytes.fromhex("20010db8") + bytes(11) + b"\1" + long_name) +
                        bytes(4) + pcapng.options(order, (pcapng.COMMENT, b"from the resolver")))


def rich_section(order, frames):
    """Everything that a rewriting program likes to lose."""
    start = 1767225600 * 10**9
    parts = [
        pcapng.section(order, (pcapng.COMMENT, b"a comment on the section"), (2, b"hardware"),
                       (4, b"recorder"), (2988, b"\x00\x00\x7f\xffprivate")),
        pcapng.interface(order, 1, (2, b"eth0"), (3, b"uplink"), (9, b"\x09"), (11, b"\0tcp"),
                         (12, b"some system")),
        pcapng.interface(order, 1, (2, b"eth1"), (9, b"\x06"), (14, struct.pack(order + "q", 5))),
        names_block(order),
        pcapng.block(order, pcapng.SECRETS, struct.pack(order + "II", 0x544c534b, 4) + b"# x\n"),
        pcapng.block(order, 0x8000abcd, b"unknown!"),
    ]
    for number, data in enumerate(frames):
        flags = (2, struct.pack(order + "I", 1))
        remarks = [(pcapng.COMMENT, b"seen by hand"), (pcapng.COMMENT, b"and again"), flags]
        if number == 1:
            parts.append(pcapng.block(order, pcapng.CUSTOM, struct.pack(order + "I", 32473) + b"mine"))
        if number == 2:
            parts.append(pcapng.old_packet(order, 0, start + number * 1001, data))
        elif number % 2:
            parts.append(pcapng.packet(order, 1, (start + number * 1001) // 1000, data))
        else:
            parts.append(pcapng.packet(order, 0, start + number * 1001, data, *remarks))
    parts.append(pcapng.block(order, pcapng.STATISTICS, struct.pack(order + "III", 0, 0, 0) +
                              pcapng.options(order, (4, struct.pack(order + "Q", 10)))))
    return b"".join(parts)


def names(work, capture):
    text = work.wireshark.tshark("-q", "-z", "hosts", "-r", capture, plugin=False)
    return [line for line in text.splitlines() if not line.startswith("#")]


def packed(program, data):
    return subprocess.run([program, "-c"], input=data, capture_output=True, check=True).stdout


def check_rich(work):
    """All that pcapng can hold, in both byte orders, as one file and packed."""
    frames = pcapng.packets(read(work.capture(HEALTHY)))
    half = len(frames) // 2
    little, big = rich_section("<", frames), rich_section(">", frames)
    both = rich_section(">", frames[:half]) + rich_section("<", frames[half:])
    for name, data in (("little", little), ("big", big), ("two-sections", both)):
        for suffix, stored in ((".pcapng", data), (".pcapng.gz", gzip.compress(data)),
                               (".twice.gz", gzip.compress(data[:300]) + gzip.compress(data[300:])),
                               (".pcapng.zst", packed("zstd", data)), (".pcapng.lz4", packed("lz4", data))):
            capture = work.write(name + suffix, stored)
            copy = work.annotate(capture)
            added = check_blocks(name + suffix, data, read(copy))
            check(added >= 6, "%s: %d comments" % (name + suffix, added))
            if suffix != ".twice.gz":
                check(["seen by hand", "and again"] == work.comments(copy)[1][:2],
                      "%s: comments of before" % name)
                check_equal(name + ": names", names(work, copy), names(work, capture))


def converted(work, name, *command):
    """The file that a command writes instead of the word FILE."""
    path = work.path(name)
    subprocess.run([path if word == "FILE" else word for word in command], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.chmod(path, 0o644)
    return path


def check_same_packets(work, name, capture):
    """Times, lengths and bytes as Wireshark reads them; and interfaces, if the file had them."""
    fields = ["frame.number", "frame.time_epoch", "frame.len", "frame.cap_len"]
    if name.endswith("pcapng"):
        fields += ["frame.interface_id", "frame.interface_name"]
    copy = work.annotate(capture)
    rows, texts = [], []
    for path in (copy, capture):
        rows.append([str(row) for row in work.wireshark.fields(path, fields, plugin=False)])
        texts.append(work.wireshark.tshark("-n", "-t", "e", "-x", "-r", path, plugin=False))
    check(rows[0], name + ": no frames")
    check_equal(name + ": frames", *rows)
    check_equal(name + ": bytes", *texts)
    check_equal(name + ": frames with comments", sorted(work.comments(copy)),
                expected_frames(work.wireshark, capture))


def check_formats(work):
    """Formats that have no comments, and several captures in one."""
    healthy, faulty = work.capture(HEALTHY), work.capture(FAULTY)
    for kind in ("pcap", "nsecpcap", "modpcap", "snoop", "5views"):
        path = converted(work, "other." + kind, "editcap", "-F", kind, healthy, "FILE")
        check_same_packets(work, kind, path)
        with gzip.open(path + ".gz", "wb") as file:
            file.write(read(path))
        check_same_packets(work, kind + ".gz", path + ".gz")
    short = converted(work, "short.pcap", "editcap", "-F", "pcap", "-s", "60", healthy, "FILE")
    check_same_packets(work, "cut packets", short)
    merged = converted(work, "merged.pcapng", "mergecap", "-w", "FILE", healthy, faulty)
    check_same_packets(work, "merged.pcapng", merged)
    sorted_ = converted(work, "sorted.pcapng", "reordercap", merged, "FILE")
    check_same_packets(work, "sorted.pcapng", sorted_)


def check_passes(work):
    """Two passes, a display filter or a limit in front: the same copy of the whole file, in hindsight."""
    for capture in map(work.capture, (FAULTY, LOSSY)):
        whole = read(work.annotate(capture))
        for options in (["-2"], ["-Y", "udp"], ["-2", "-Y", "udp"], ["-V"], ["-T", "json"]):
            text = [] if options[0] in ("-V", "-T") else ["-q"]
            copy = work.path("again.pcapng")
            work.wireshark.tshark("-r", capture, *text, *options, "-z", "tcpstate,annotate," + copy)
            check(read(copy) == whole, "another copy with " + " ".join(options))


def check_standard_input(work):
    capture, copy = work.capture(FAULTY), work.path("stdin.pcapng")
    command, env = work.wireshark.command("tshark", True)
    command += ["-q", "-r", "-", "-z", "tcpstate,annotate," + copy]
    with open(capture, "rb") as file:
        subprocess.run(command, env=env, stdin=file, check=True)
    check(read(copy) == read(work.annotate(capture)), "another copy from standard input")
    os.remove(copy)
    done = subprocess.run(command, env=env, input=read(capture), capture_output=True)
    check(done.returncode == 1 and b"pipe" in done.stderr and not os.path.exists(copy),
          "from a pipe: %d %s" % (done.returncode, done.stderr))


def check_itself(work):
    """The capture may be replaced by its own annotated copy."""
    path = work.write("itself.pcapng", read(work.capture(FAULTY)))
    work.wireshark.tshark("-q", "-r", path, "-z", "tcpstate,annotate," + path)
    check(read(path) == read(work.annotate(work.capture(FAULTY))), "a capture replaced by its copy")


def check_cut_short(work):
    data = read(work.capture(HEALTHY))
    path = work.write("cut.pcapng", data[:-30])
    copy = work.annotate(path, status=(0, 2, 14)) # 14: Wireshark 4.6
    found = pcapng.blocks(read(copy))
    check_equal("blocks of a file that was cut short", len(found), len(pcapng.blocks(data)) - 1)


def check_refusals(work):
    """One clear line, a status that is not 0, and nothing half written."""
    capture = work.capture(FAULTY)
    os.mkdir(work.path("closed"))
    os.chmod(work.path("closed"), 0o555)
    for argument, word in (("", "no file"), (",", "no file"), (",x.pcapng,", "no file"), (",-,", "no file"),
                           (",%s/none/x.pcapng" % work.directory, "No such file"),
                           (",%s/x.pcapng" % work.path("closed"), "Permission denied"),
                           ("," + work.directory, "directory")):
        said = work.wireshark.tshark("-q", "-r", capture, "-z", "tcpstate,annotate" + argument,
                                     status=(1,))
        check(said.count("\n") == 1 and word in said, "annotate%s: %s" % (argument, said))
    check(not work.leftovers(), "left behind: %s" % work.leftovers())


def main():
    with lib.start() as wireshark:
        work = Work(wireshark)
        whole = [c for c in wireshark.captures() if c.endswith("ng")]
        lib.for_each(lambda capture: check_capture(work, capture), whole)
        for test in (check_words, check_passes, check_standard_input, check_itself, check_cut_short,
                     check_refusals, check_rich):
            test(work)
        if shutil.which("editcap") and shutil.which("mergecap"):
            check_summary(work)
            check_formats(work)
        check(not work.leftovers(), "left behind: %s" % work.leftovers())
    lib.finish()


if __name__ == "__main__":
    main()
