#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What was delivered, and who closed first, stands on a connection's last frame, as the ladder says.

usage: delivered.py PLUGIN LADDER2PCAP LADDER...

Each ladder with a line (delivered: ...) goes into a capture. The fields are on the last frame of its
last connection, in a second pass, and nowhere in the first.
"""

import os
import re
import sys

import lib
import together

LINE = re.compile(r"\(delivered: (.*); (.*); closed by (\w+)\)")
PEER = re.compile(r"[AB] (?:\?|(?P<acknowledged>\d+)(?:\.\.(?P<max>\d+))?(?: of (?P<sent>\d+))?"
                  r"(?:, (?P<held>\d+) behind a hole at \d+)?(?:, (?P<in_vain>\d+) in vain)?"
                  r"(?:, since captured)?)$")
OF_EITHER_END = ("acknowledged", "acknowledged.max", "unacknowledged", "held", "in_vain")
ENDS = ("client", "server")
FIELDS = ["frame.number", "ip.src", "tcpstate.sender", "tcpstate.closed_by.str"]
FIELDS += ["tcpstate.%s.%s" % (end, what) for end in ENDS for what in OF_EITHER_END]
FIELDS += ["tcpstate.end"]

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


def shown(row, peer_a):
    """The same of peers A and B, and who closed first."""
    a_sends = row["ip.src"] == peer_a
    other = ENDS[row["tcpstate.sender"] == "client"]
    a = row["tcpstate.sender"] if a_sends else other
    ends = (a, ENDS[a == "client"])
    closed = dict(zip(ends, "AB")).get(row["tcpstate.closed_by.str"], row["tcpstate.closed_by.str"])
    return [[row["tcpstate.%s.%s" % (end, what)] for what in OF_EITHER_END] for end in ends] + [closed]


def check_ladder(name, text, own, peer_a):
    """`own`: the fields of the ladder's frames."""
    rows = [row for row in own if row["tcpstate.closed_by.str"]]
    found = LINE.search(text)
    lib.check(found, name + ": its last line cannot be read")
    lib.check(rows, name + ": no frame tells")
    if not found or not rows:
        return
    lib.check_equal(name, shown(rows[-1], peer_a), [expected(found[1]), expected(found[2]), found[3]])
    frames = {row["frame.number"]: str(number) for number, row in enumerate(own, 1)}
    said = re.sub(r"(?<=frame )\d+", lambda frame: frames[frame[0]], rows[-1]["tcpstate.end"])
    for about, sentence in SENTENCES:
        lib.check(about != name or sentence in said.split("|"), "%s says: %s" % (name, said))
    for about, part in NOT_SAID:
        lib.check(about != name or part not in said, "%s says: %s" % (name, said))


def check_ladders(wireshark, ladder2pcap, texts, group, ladders):
    capture = together.make_capture(wireshark, ladder2pcap, group, ladders)
    options = ("-o", "tcp.check_checksum:TRUE", "-E", "aggregator=|")
    rows = [dict(zip(FIELDS, row)) for row in wireshark.fields(capture, FIELDS, "-2", *options)]
    for n, ladder in enumerate(ladders):
        ends = {together.address(n, peer) for peer in (0, 1)}
        own = [row for row in rows if ends.intersection(row["ip.src"].split("|"))]
        check_ladder(name_of(ladder), texts[ladder], own, together.address(n, 0))
    lib.check_equal(group + " in one pass",
                    wireshark.fields(capture, FIELDS, "-Y", "tcpstate.closed_by", *options), [])


def name_of(ladder):
    return os.path.basename(os.path.dirname(ladder)) + "-" + os.path.splitext(os.path.basename(ladder))[0]


def main():
    plugin, ladder2pcap, *ladders = sys.argv[1:]
    texts = {}
    for ladder in ladders:
        with open(ladder) as file:
            text = file.read()
        if "(delivered: " in text:
            texts[ladder] = text
    lib.check(texts, "no ladder tells")
    names = {name_of(each) for each in texts}
    for about, _ in SENTENCES + NOT_SAID:
        lib.check(about in names, about + " is no ladder that tells")
    with lib.Wireshark(plugin) as wireshark:
        types = wireshark.names("tcpstate")
        for end in ENDS:
            for what in OF_EITHER_END:
                lib.check_equal(what, types["tcpstate.%s.%s" % (end, what)], "FT_UINT64")
        lib.for_each(lambda group: check_ladders(wireshark, ladder2pcap, texts, *group),
                     together.groups(list(texts)))
    lib.finish()


main()
