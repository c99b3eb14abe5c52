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
lib.finish()
