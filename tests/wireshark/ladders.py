#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What words.py does not try of `-z tcpstate,ladder`, and of ladders.

usage: ladders.py PLUGIN LADDER_RUN LADDER2PCAP LADDER...

Ladders that obey other rules need a preference; tshark's fields are then what the core says of the same
segments. A connection filter N shows that connection alone. And a country's decimal comma changes nothing.
"""

import os
import re
import subprocess
import sys

import lib

FIELDS = ["frame.number", "tcpstate.client.state.str", "tcpstate.client.assumed",
          "tcpstate.server.state.str", "tcpstate.server.assumed", "tcpstate.check"]
# Numbers as they are in the file, and damage is seen where checksums are verified.
OPTIONS = ["-o", "tcp.check_checksum:TRUE", "-o", "tcp.relative_sequence_numbers:FALSE"]


WITHOUT_5961 = "(without RFC 5961)"


def row(values):
    """A row of tshark's as `ladder_run --states` prints it."""
    frame, client, client_assumed, server, server_assumed, checks = (values + [""] * 6)[:6]
    mark = {"1": "?", "True": "?"}
    return "\t".join([frame, client + mark.get(client_assumed, ""),
                      server + mark.get(server_assumed, ""), checks])


def make_capture(wireshark, ladder2pcap, ladder, name):
    capture = os.path.join(wireshark.dir, "captures", name + ".pcap")
    subprocess.run([ladder2pcap, ladder, capture], check=True)
    os.chmod(capture, 0o644)
    return capture


def check_other_rules(wireshark, ladder_run, ladder2pcap, ladder):
    """Live in one pass, hindsight in two."""
    name = os.path.basename(ladder)
    capture = make_capture(wireshark, ladder2pcap, ladder, name)
    for passes, reading in (([], "--live"), (["-2"], "--states")):
        expected = subprocess.run([ladder_run, reading, ladder], check=True, capture_output=True,
                                  text=True).stdout.splitlines()
        shown, usual = ([row(values) for values in wireshark.fields(capture, FIELDS, *OPTIONS, *rules, *passes)]
                        for rules in (["-o", "tcpstate.rfc5961:FALSE"], []))
        lib.check_equal("%s %s" % (name, reading), shown, expected)
        lib.check(usual != expected, "%s %s: is the same by the usual rules" % (name, reading))


def check_connection_number(wireshark, ladder2pcap, ladder):
    capture = make_capture(wireshark, ladder2pcap, ladder, "one")
    one = wireshark.tshark("-q", "-r", capture, "-z", "tcpstate,ladder,0")
    lib.check_equal("ladder,0", one, wireshark.tshark("-q", "-r", capture, "-z", "tcpstate,ladder"))
    none = wireshark.tshark("-q", "-r", capture, "-z", "tcpstate,ladder,7")
    lib.check_equal("ladder,7", none, "  No such connection.\n")
    wrong = wireshark.tshark("-q", "-r", capture, "-z", "tcpstate,ladder,x", status=(1,))
    lib.check("N is the number of a connection" in wrong, "ladder,x: %s" % wrong)


COMMA = """LC_NUMERIC
decimal_point ","
thousands_sep "."
grouping 3;3
END LC_NUMERIC
"""
CHARACTERS = "CHARMAP\nEND CHARMAP\n" # no machine has to have one installed


def comma_locale(wireshark):
    """The environment of a country with a decimal comma; made here, since few machines have one."""
    locale = os.path.join(wireshark.dir, "comma")
    for suffix, text in ((".source", COMMA), (".characters", CHARACTERS)):
        with open(locale + suffix, "w") as file:
            file.write(text)
    subprocess.run(["localedef", "-c", "--no-archive", "-i", locale + ".source", "-f",
                    locale + ".characters", locale], capture_output=True)
    subprocess.run(["chmod", "-R", "a+rX", locale], check=True)
    return {"LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LC_NUMERIC": "comma", "LOCPATH": wireshark.dir}


def check_comma(wireshark, ladder2pcap, ladder):
    capture, env = make_capture(wireshark, ladder2pcap, ladder, "wait"), comma_locale(wireshark)
    lib.check_equal("a decimal comma", wireshark.run("printf", "%.1f", "1,5", env=env), "1,5")
    for options in ([], OPTIONS):
        command = ["-q", "-r", capture, *options, "-z", "tcpstate,ladder"]
        usual = wireshark.tshark(*command)
        lib.check(re.search(r"^ +\d+\. +0\.[1-9]\d+  ", usual, re.M), "no row comes after a fraction of a second")
        lib.check_equal("the ladder in another country", wireshark.tshark(*command, env=env), usual)


def is_of_other_rules(ladder):
    with open(ladder, encoding="utf-8") as file:
        return WITHOUT_5961 in file.read()


def main():
    plugin, ladder_run, ladder2pcap, *ladders = sys.argv[1:]
    others = [ladder for ladder in ladders if is_of_other_rules(ladder)]
    lib.check(others, "no ladder is " + WITHOUT_5961)
    with lib.Wireshark(plugin) as wireshark:
        for ladder in others:
            check_other_rules(wireshark, ladder_run, ladder2pcap, ladder)
        check_connection_number(wireshark, ladder2pcap, ladders[0])
        check_comma(wireshark, ladder2pcap, [l for l in ladders if l.endswith("fin_retransmission.ladder")][0])
    lib.finish()


main()
