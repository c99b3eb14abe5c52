#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One glance at the details of a packet must do: an ordinary segment has at most 10 lines, one that moves
somebody at most 14, whatever becomes of it, live and in hindsight. The title says what the segment did;
a finding is one line, the severest first; a move is one line; nothing is said twice; numbers of names are
not shown.  What is hidden can still be asked for.

usage: glance.py PLUGIN CAPTURES
"""

import json
import os
import re

import lib

ORDINARY, MOVE = 10, 14
SEVERITIES = ["Error", "Warning", "Note", "Chat"]
TITLE = re.compile(r"^( +)\[TCP State: (.*)\]$")
FINDING = re.compile(r"\[(Error|Warning|Note|Chat): .*\)  \[tcpstate\.(\w+)\]\]$")


def subtrees(text):
    """For each of our subtrees its frame, and its lines as they are shown."""
    frame, lines, depth = 0, None, 0
    for line in text.splitlines():
        begun = re.match(r"Frame (\d+):", line)
        frame = int(begun.group(1)) if begun else frame
        title = TITLE.match(line)
        if title or (lines and len(line) - len(line.lstrip()) <= depth):
            if lines:
                yield frame, lines
            lines, depth = None, 0
        if title:
            lines, depth = [line.strip()], len(title.group(1))
        elif lines:
            lines.append(line.strip())
    if lines:
        yield frame, lines


def check_lines(what, lines, ends):
    """How many lines there may be does not count what a connection's last frame says of its end."""
    moves = [line for line in lines[1:] if re.match(r"\[(Client|Server) \w+ -> \w+: ", line)]
    findings = [FINDING.match(line) for line in lines[1:] if "[tcpstate." in line]
    told = [line for line in lines if line.startswith(("[In hindsight: ", "[Retransmission "))]
    counted = len(lines) - ends
    lib.check(counted <= (MOVE if moves or findings or told else ORDINARY),
              "%s: %d lines:\n%s" % (what, counted, "\n".join(lines)))
    told = [line for line in lines if not line.startswith("[In this state") and
            re.search(r"tcpstate\.| -> |frame", line)]
    lib.check(len(told) == len(set(told)), "%s: a line is there twice" % what)
    lib.check(not any("[truncated]" in line or "…" in line or not line.endswith("]") for line in lines),
              "%s: Wireshark has cut a line:\n%s" % (what, "\n".join(lines)))
    lib.check(all(findings), "%s: a finding in more than a line" % what)
    order = [SEVERITIES.index(found.group(1)) for found in findings if found]
    lib.check(order == sorted(order), "%s: the severest finding is not the first" % what)
    lib.check(not any(re.search(r"\(\d+\)|Expert Info|Severity level|: True|: False", line) for line in lines),
              "%s: what says nothing:\n%s" % (what, "\n".join(lines)))
    check_title(what, lines[0], moves, findings)


def check_title(what, title, moves, findings):
    arrows = re.findall(r"(client|server) \w+ -> \w+", title)
    lib.check(bool(arrows) <= bool(moves), "%s: the title moves whom no line does: %s" % (what, title))
    if findings:
        words = findings[0].group(2).replace("_", " ")
        lib.check(title.lower().replace(",", " ").endswith(words + "]"), "%s: not in the title: %s" % (what, words))


def check_capture(wireshark, capture, *options):
    what = os.path.basename(capture) + " ".join(("",) + options)
    ends = {}
    for frame, told in wireshark.fields(capture, ["frame.number", "tcpstate.end"], *options, "-Y", "tcpstate.end",
                                        "-E", "aggregator=|", status=(0, 2)) if options else ():
        ends[int(frame)] = len(told.split("|"))
    for frame, lines in subtrees(wireshark.tshark("-r", capture, "-V", *options, status=(0, 2))):
        check_lines("%s, frame %d" % (what, frame), lines, ends.get(frame, 0))


def test_hidden(wireshark):
    """All fields of ours are in the documents, and the expert items with their severity."""
    capture = os.path.join(wireshark.dir, "captures", "data-after-fin.pcapng")
    packet = json.loads(wireshark.tshark("-r", capture, "-T", "json", "-Y", "frame.number == 6"))[0]
    text = json.dumps(packet["_source"]["layers"]["tcp"]["TCP State"] if "TCP State" in
                      packet["_source"]["layers"]["tcp"] else packet["_source"]["layers"]["tcp"])
    for name in ("tcpstate.verdict", "tcpstate.client.confirmed.str", "tcpstate.client.was",
                 "tcpstate.sender.state.str", "_ws.expert.severity", "tcpstate.data_after_fin"):
        lib.check('"%s"' % name in text, "%s is not in JSON" % name)
    rows = wireshark.fields(capture, ["tcpstate.client.marked", "tcpstate.server.marked"], "-Y",
                            "frame.number in {4, 6}")
    lib.check_equal("states with marks", rows, [["*FIN_WAIT_1", "*CLOSE_WAIT?"], ["FIN_WAIT_2?", "CLOSE_WAIT"]])


with lib.start() as wireshark_:
    lib.for_each(lambda capture: (check_capture(wireshark_, capture), check_capture(wireshark_, capture, "-2")),
                 wireshark_.captures())
    test_hidden(wireshark_)
lib.finish()
