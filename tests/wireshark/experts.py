#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Expert items are there for everybody who asks: also where no tree is made, and none of our fields
is wanted."""

import os

import lib

MESSAGE = "Client in FIN_WAIT_2 sends data beyond its own FIN; a receiver that has the FIN ignores it"
FRAME = 6


def rows(wireshark, *args):
    return wireshark.tshark("-r", capture, *args).splitlines()


def details(wireshark, *args):
    """All items of all packets, the hidden ones, too, with their texts."""
    return [row for row in rows(wireshark, "-T", "pdml", *args)
            if row.startswith((" ", "<packet", "</"))]


def severity(wireshark, frame):
    """As sharkd tells it of the line that says what the packet did."""
    tree = wireshark.sharkd(capture, ("frame", {"frame": frame, "proto": True}))[0]["tree"]
    tcp = next(item for item in tree if item.get("f") == "tcp")
    ours = next(item for item in tcp["n"] if item.get("f") == "tcpstate")
    return tcp["s"], ours["s"], ours["n"][0]["s"]


with lib.start() as wireshark_:
    capture = os.path.join(wireshark_.dir, "captures", "data-after-fin.pcapng")
    table = rows(wireshark_, "-q", "-z", "expert")
    lib.check(any(MESSAGE in row and "TCPState" in row for row in table),
              "-z expert says\n%s" % "\n".join(table))
    columns = rows(wireshark_, "-o", 'gui.column.format:"No.","%m","Expert","%a"')
    lib.check(columns[FRAME - 1].split()[1:] == ["Warning"] or
              columns[FRAME - 1].split()[1:] == ["Error"], "column: %s" % columns[FRAME - 1])
    for wanted in ("_ws.expert", "tcpstate.data_after_fin"):
        shown = rows(wireshark_, "-Y", "%s && frame.number == %d" % (wanted, FRAME))
        lib.check(len(shown) == 1, "-Y %s: %s" % (wanted, shown))
    told = rows(wireshark_, "-T", "fields", "-e", "_ws.expert.message")
    lib.check(MESSAGE in told[FRAME - 1], "-e _ws.expert.message: %s" % told[FRAME - 1])
    moves = [text for row in told for text in row.split(",") if " -> " in text]
    lib.check(moves and all(any(move in row for row in table) for move in moves),
              "all moves should be in -z expert: %s" % moves)

    # Where nobody collects them, they are made in another way than Wireshark's.
    own, stock = details(wireshark_), details(wireshark_, "-z", "expert")
    lib.check(any("_ws.expert.severity" in row for row in own), "no expert items in the details")
    lib.check(stock[:len(own)] == own, "the details are others where -z expert is asked for, too")
    lib.check(severity(wireshark_, FRAME) == ("Error", "Error", "Error"), "sharkd, with a finding")
    lib.check(severity(wireshark_, 1) == ("Chat", "Chat", "Chat"), "sharkd, with moves alone")
lib.finish()
