#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every ladder once more, end to end: as a capture, through tshark with the plugin.

usage: ladders.py PLUGIN LADDER_RUN LADDER2PCAP LADDER... CAPTURE.pcapng...

Of a capture, every ladder that is printed is true. Of a ladder, six things must hold. tshark's fields are what the core says of the same segments: live in one pass,
in hindsight in two. The ladder that `-z tcpstate,ladder` prints of the capture has every row of it, and
is again a ladder of which every label, fate and finding is true. Made a capture again, it is printed
as before. A connection filter N shows that connection alone. And a country's decimal comma changes
nothing.
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


def options_of(ladder):
    """As the core reads it (ladders/README.md)."""
    with open(ladder, encoding="utf-8") as file:
        without = WITHOUT_5961 in file.read()
    return OPTIONS + (["-o", "tcpstate.rfc5961:FALSE"] if without else [])


def row(values):
    """A row of tshark's as `ladder_run --states` prints it."""
    frame, client, client_assumed, server, server_assumed, checks = (values + [""] * 6)[:6]
    mark = {"1": "?", "True": "?"}
    return "\t".join([frame, client + mark.get(client_assumed, ""),
                      server + mark.get(server_assumed, ""), checks])


def check_fields(wireshark, ladder_run, capture, ladder):
    """Live in one pass, hindsight in two."""
    for passes, reading in (([], "--live"), (["-2"], "--states")):
        expected = subprocess.run([ladder_run, reading, ladder], check=True, capture_output=True,
                                  text=True).stdout.splitlines()
        shown = wireshark.fields(capture, FIELDS, *options_of(ladder), *passes)
        lib.check_equal("%s %s" % (os.path.basename(ladder), reading),
                        [row(values) for values in shown], expected)
    return expected


def make_capture(wireshark, ladder2pcap, ladder, name):
    capture = os.path.join(wireshark.dir, "captures", name + ".pcap")
    subprocess.run([ladder2pcap, ladder, capture], check=True)
    os.chmod(capture, 0o644)
    return capture


def print_ladder(wireshark, capture, options=OPTIONS):
    return wireshark.tshark("-q", "-r", capture, *options, "-z", "tcpstate,ladder")


def first_connection(printed):
    """A later one of the same ports knows of the first."""
    return re.split(r"\n\n  Connection [1-9]", printed)[0]


def only_rows(printed):
    """Without the legend, who they are, frame numbers, and the room that other connections take; remarks that
    found no room beside their row are put back there."""
    rows = first_connection(printed).partition("TCP Peer B")[2]
    rows = re.sub(r"\n +(?=\()", " ", rows)
    return [re.sub(r" +", " ", re.sub(r"^ *\d+\.", "", line)) for line in rows.splitlines()]


def check_truth(wireshark, ladder_run, name, printed):
    """A file with the printed ladder; None: it is not true."""
    again = os.path.join(wireshark.dir, name)
    with open(again, "w") as file:
        file.write("(printed)\n" + printed)
    done = subprocess.run([ladder_run, again], capture_output=True, text=True)
    lib.check(done.returncode == 0, "%s: the printed ladder is not true:\n%s%s%s" %
              (name, printed, done.stdout, done.stderr))
    return None if done.returncode else again


def check_ladder(wireshark, ladder_run, ladder2pcap, ladder):
    name = os.path.basename(os.path.dirname(ladder)) + "-" + os.path.basename(ladder)
    capture = make_capture(wireshark, ladder2pcap, ladder, name)
    expected = check_fields(wireshark, ladder_run, capture, ladder)
    options = options_of(ladder)
    printed = print_ladder(wireshark, capture, options)
    mark = WITHOUT_5961 + "\n" if options != OPTIONS else ""
    lib.check_equal(name + ": rows of the printed ladder",
                    sorted(re.findall(r"^ *(\d+)\. ", printed, re.M), key=int),
                    [line.split("\t")[0] for line in expected])
    again = check_truth(wireshark, ladder_run, name, mark + first_connection(printed))
    if again:
        capture = make_capture(wireshark, ladder2pcap, again, name + "-again")
        lib.check_equal(name + ": printed again", only_rows(print_ladder(wireshark, capture, options)),
                        only_rows(printed))


def check_capture(wireshark, ladder_run, capture):
    """Of several connections between the same sockets the first: later ones know of it."""
    printed = print_ladder(wireshark, os.path.abspath(capture))
    seen = set()
    for ladder in re.split(r"\n\n(?=  Connection \d)", printed)[1:]:
        number, ends = re.match(r"  Connection (\d+): (.*) \(known", ladder).groups()
        ends = frozenset(re.findall(r"\S+ port \d+", ends))
        if ends in seen:
            continue
        seen.add(ends)
        name = "%s-%s" % (os.path.basename(capture), number)
        check_truth(wireshark, ladder_run, name, ladder)


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
    capture, env = os.path.join(wireshark.dir, "captures", "wait.pcap"), comma_locale(wireshark)
    lib.check_equal("a decimal comma", wireshark.run("printf", "%.1f", "1,5", env=env), "1,5")
    subprocess.run([ladder2pcap, ladder, capture], check=True)
    os.chmod(capture, 0o644)
    for options in ([], OPTIONS):
        command = ["-q", "-r", capture, *options, "-z", "tcpstate,ladder"]
        usual = wireshark.tshark(*command)
        lib.check(re.search(r"^ +\d+\. +0\.[1-9]\d+  ", usual, re.M), "no row comes after a fraction of a second")
        lib.check_equal("the ladder in another country", wireshark.tshark(*command, env=env), usual)


def main():
    plugin, ladder_run, ladder2pcap, *files = sys.argv[1:]
    ladders = [file for file in files if file.endswith(".ladder")]
    captures = [file for file in files if file not in ladders]
    with lib.Wireshark(plugin) as wireshark:
        lib.for_each(lambda ladder: check_ladder(wireshark, ladder_run, ladder2pcap, ladder),
                     ladders)
        lib.for_each(lambda capture: check_capture(wireshark, ladder_run, capture), captures)
        check_connection_number(wireshark, ladder2pcap, ladders[0])
        check_comma(wireshark, ladder2pcap, [l for l in ladders if l.endswith("fin_retransmission.ladder")][0])
    lib.finish()


main()
