#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What was delivered, and who closed first, stands on a connection's last frame, as the ladder says.

usage: delivered.py PLUGIN LADDER2PCAP LADDER...

Each ladder with a line (delivered: ...) is made into a capture. The fields are on the last frame of its
last connection, in a second pass, and nowhere in the first.
"""

import os
import re
import subprocess
import sys

import lib

OPTIONS = ("-o", "tcp.check_checksum:TRUE")
LINE = re.compile(r"\(delivered: (.*); (.*); closed by (\w+)\)")
PEER = re.compile(r"[AB] (?:\?|(?P<acknowledged>\d+)(?:\.\.(?P<max>\d+))?(?: of (?P<sent>\d+))?"
                  r"(?:, (?P<held>\d+) behind a hole at \d+)?(?:, (?P<in_vain>\d+) in vain)?"
                  r"(?:, since captured)?)$")
OF_EITHER_END = ("acknowledged", "acknowledged.max", "unacknowledged", "held", "in_vain")
ENDS = ("client", "server")
FIELDS = ["frame.number", "ip.src", "tcpstate.sender", "tcpstate.closed_by.str"]
FIELDS += ["tcpstate.%s.%s" % (end, what) for end in ENDS for what in OF_EITHER_END]
PEER_A = "192.0.2.1"

# What is said of it, of some ladders; and what is not.
SENTENCES = [
    ("delivery-no-answer", "Client closed first, in frame 6, after 3.1 s without an answer."),
    ("delivery-idle-server", "Server closed first, in frame 7, after 15 s in which nobody sent anything new."),
    ("delivery-idle-client", "Client closed first, in frame 7, after 3.01 s in which nobody sent anything new."),
    ("delivery-server-leaves-unanswered",
     "Server closed first, in frame 8, 15 s after the client's last data, which it did not answer."),
    ("delivery-answer-not-captured", "Server closed first, in frame 6, after 15 s in which nobody sent anything new."),
    ("delivery-idle-after-a-greeting", "Server closed first, in frame 6, after 20 s in which nobody sent anything new."),
    ("delivery-no-answer", "All 10 octets of the client were acknowledged, and the server sent none."),
    ("delivery-held-behind-a-hole", "10 octets of the client lie behind a hole at 11: the peer's program never got them."),
    ("delivery-held-behind-a-hole", "10 of 30 octets of the client were acknowledged."),
    ("delivery-reset-tells-nothing",
     "0 of 10 octets of the client were acknowledged, and up to 10 more may have come before the reset."),
    ("delivery-reset-tells-what-came",
     "All 10 octets of the client were acknowledged before the reset, and the server sent none."),
    ("reset-behind-text-out-of-order", "The reset threw away 10 octets of the client behind a hole at 11."),
    ("reset-crosses-data", "20 octets of the server were sent in vain: the client had no connection any more."),
    ("close-data-after-fin", "10 octets of the client were sent in vain, beyond its own FIN."),
    ("close-simultaneous", "Both closed before either's FIN or RST had come to the other."),
    ("close-client-first", "Client closed first, in frame 4, before any data was sent."),
    ("close-after-a-pause", "Client closed first, in frame 7, after 2.02 s in which nobody sent anything new."),
    ("close-after-a-pause", "All 10 octets of the client and 20 of the server were acknowledged."),
    ("delivery-one-octet", "The client's 1 octet and the server's 20 were acknowledged."),
    ("delivery-one-octet-alone", "The server's 1 octet was acknowledged, and the client sent none."),
    ("delivery-one-octet-unacknowledged", "The client's 1 octet was not acknowledged, but may have come."),
    ("delivery-reset-tells-what-came", "Whether a program has read what was acknowledged, the capture does not tell."),
    ("midstream-starts-at-syn-ack-one-sided", "Server closed first, in frame 3."),
    ("midstream-starts-at-syn-ack-one-sided", "Nothing that the client sent was captured."),
    ("midstream-joins-open",
     "All 10 octets of the client and 10 of the server were acknowledged, as far as the capture shows."),
]
NOT_SAID = [
    ("checks-padding", "in vain"),
    ("delivery-one-octet", "has read"),
    ("close-client-first", "without an answer"),
    ("delivery-hole-filled-by-the-ack", "hole"),
    ("delivery-not-given-up", "closed first"),
    ("close-client-first", "acknowledged"),  # there was nothing to be
]


def expected(text):
    """The fields of one peer, as tshark prints them."""
    found = PEER.match(text)
    if not found or found["acknowledged"] is None:
        return [""] * len(OF_EITHER_END) if found else ["cannot read: " + text]
    sent = int(found["sent"] or found["acknowledged"])
    in_vain = int(found["in_vain"] or 0)
    return [found["acknowledged"], found["max"] or "",
            str(max(sent - in_vain - int(found["acknowledged"]), 0)), found["held"] or "0", str(in_vain)]


def shown(row):
    """The same of peers A and B, and who closed first."""
    row = dict(zip(FIELDS, row))
    a_sends = row["ip.src"] == PEER_A
    other = ENDS[row["tcpstate.sender"] == "client"]
    a = row["tcpstate.sender"] if a_sends else other
    ends = (a, ENDS[a == "client"])
    closed = dict(zip(ends, "AB")).get(row["tcpstate.closed_by.str"], row["tcpstate.closed_by.str"])
    return [[row["tcpstate.%s.%s" % (end, what)] for what in OF_EITHER_END] for end in ends] + [closed]


def check_ladder(wireshark, ladder2pcap, ladder, text):
    name = os.path.basename(os.path.dirname(ladder)) + "-" + os.path.basename(ladder)
    capture = os.path.join(wireshark.dir, "captures", name + ".pcap")
    subprocess.run([ladder2pcap, ladder, capture], check=True)
    os.chmod(capture, 0o644)
    found = LINE.search(text)
    lib.check(found, name + ": its last line cannot be read")
    rows = wireshark.fields(capture, FIELDS, "-2", "-Y", "tcpstate.closed_by", *OPTIONS)
    lib.check(rows, name + ": no frame tells")
    if found and rows:
        lib.check_equal(name, shown(rows[-1]), [expected(found[1]), expected(found[2]), found[3]])
    said = wireshark.fields(capture, ["tcpstate.end"], "-2", "-Y", "tcpstate.closed_by", *OPTIONS,
                            "-E", "aggregator=|")[-1][0].split("|")
    for about, sentence in SENTENCES:
        lib.check(about != name[:-len(".ladder")] or sentence in said, "%s says: %s" % (name, said))
    for about, part in NOT_SAID:
        lib.check(about != name[:-len(".ladder")] or part not in "|".join(said), "%s says: %s" % (name, said))
    lib.check_equal(name + " in one pass",
                    wireshark.fields(capture, FIELDS, "-Y", "tcpstate.closed_by", *OPTIONS), [])


def main():
    plugin, ladder2pcap, *ladders = sys.argv[1:]
    texts = []
    for ladder in ladders:
        with open(ladder) as file:
            text = file.read()
        if "(delivered: " in text:
            texts.append((ladder, text))
    lib.check(texts, "no ladder tells")
    names = {os.path.basename(os.path.dirname(each)) + "-" + os.path.basename(each) for each, _ in texts}
    for about, _ in SENTENCES + NOT_SAID:
        lib.check(about + ".ladder" in names, about + " is no ladder that tells")
    with lib.Wireshark(plugin) as wireshark:
        types = wireshark.names("tcpstate")
        for end in ENDS:
            for what in OF_EITHER_END:
                lib.check_equal(what, types["tcpstate.%s.%s" % (end, what)], "FT_UINT64")
        lib.for_each(lambda each: check_ladder(wireshark, ladder2pcap, *each), texts)
    lib.finish()


main()
