#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every ladder once more, end to end: as a capture, through tshark with the plugin.

usage: ladders.py PLUGIN LADDER_RUN LADDER2PCAP LADDER...

Three things must hold. tshark's fields are what the core says of the same segments. The ladder that
`-z tcpstate,ladder` prints of the capture is again a ladder of which every label and finding is true.
And a connection filter N shows that connection alone.
"""

import os
import subprocess
import sys

import lib

FIELDS = ["frame.number", "tcpstate.client.state.str", "tcpstate.client.assumed",
          "tcpstate.server.state.str", "tcpstate.server.assumed", "tcpstate.check"]
# Numbers as they are in the file, and damage is seen where checksums are verified.
OPTIONS = ["-o", "tcp.check_checksum:TRUE", "-o", "tcp.relative_sequence_numbers:FALSE"]


def row(values):
    """A row of tshark's as `ladder_run --states` prints it."""
    frame, client, client_assumed, server, server_assumed, checks = (values + [""] * 6)[:6]
    mark = {"1": "?", "True": "?"}
    return "\t".join([frame, client + mark.get(client_assumed, ""),
                      server + mark.get(server_assumed, ""), checks])


def check_ladder(wireshark, ladder_run, ladder2pcap, ladder):
    name = os.path.basename(ladder)
    capture = os.path.join(wireshark.dir, "captures", name + ".pcap")
    subprocess.run([ladder2pcap, ladder, capture], check=True)
    os.chmod(capture, 0o644)
    expected = subprocess.run([ladder_run, "--states", ladder], check=True, capture_output=True,
                              text=True).stdout.splitlines()
    shown = wireshark.fields(capture, FIELDS, *OPTIONS)
    lib.check_equal(name, [row(values) for values in shown], expected)

    printed = wireshark.tshark("-q", "-r", capture, *OPTIONS, "-z", "tcpstate,ladder")
    again = os.path.join(wireshark.dir, name)
    with open(again, "w") as file: # a later connection of the same ports knows of the first
        file.write(printed.split("\n\n  Connection")[0])
    done = subprocess.run([ladder_run, again], capture_output=True, text=True)
    lib.check(done.returncode == 0, "%s: the printed ladder is not true:\n%s%s%s" %
              (name, printed, done.stdout, done.stderr))


def check_connection_number(wireshark, ladder2pcap, ladder):
    capture = os.path.join(wireshark.dir, "captures", "one.pcap")
    subprocess.run([ladder2pcap, ladder, capture], check=True)
    os.chmod(capture, 0o644)
    one = wireshark.tshark("-q", "-r", capture, "-z", "tcpstate,ladder,0")
    lib.check_equal("ladder,0", one, wireshark.tshark("-q", "-r", capture, "-z", "tcpstate,ladder"))
    none = wireshark.tshark("-q", "-r", capture, "-z", "tcpstate,ladder,7")
    lib.check_equal("ladder,7", none, "  No such connection.\n")
    wrong = wireshark.tshark("-q", "-r", capture, "-z", "tcpstate,ladder,x", status=(1,))
    lib.check("N is the number of a connection" in wrong, "ladder,x: %s" % wrong)


def main():
    plugin, ladder_run, ladder2pcap, *ladders = sys.argv[1:]
    with lib.Wireshark(plugin) as wireshark:
        lib.for_each(lambda ladder: check_ladder(wireshark, ladder_run, ladder2pcap, ladder),
                     ladders)
        check_connection_number(wireshark, ladder2pcap, ladders[0])
    lib.finish()


main()
