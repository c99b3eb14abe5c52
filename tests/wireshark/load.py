#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin loads without a word, exports what Wireshark asks for and nothing else, and registers
every name of the interface.

usage: load.py PLUGIN
"""

import subprocess
import sys

import lib

EXPORTS = ["plugin_describe", "plugin_register", "plugin_version", "plugin_want_major",
           "plugin_want_minor"]

STATES = ["UNKNOWN", "CLOSED", "LISTEN", "SYN_SENT", "SYN_RCVD", "ESTABLISHED", "FIN_WAIT_1",
          "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT"]

FIELDS = """
verdict verdict.str check transition retransmission retransmission.after states sender sender.state sender.state.str receiver
receiver.state receiver.state.str owes answers evidence connection roles end moved
illegal_transition""".split()
END_FIELDS = """
state state.str was was.str confirmed confirmed.str assumed possible because since elapsed
next""".split()


def symbols(*args):
    text = subprocess.run(["nm", *args], capture_output=True, text=True, check=True).stdout
    return [line.split()[-1] for line in text.splitlines() if line.startswith((" ", "0"))]


def test_symbols(plugin):
    lib.check_equal("exports", sorted(symbols("-D", "--defined-only", plugin)), EXPORTS)


def test_names(wireshark):
    names = wireshark.names("tcpstate")
    ends = ["%s.%s" % (x, f) for x in ("client", "server") for f in END_FIELDS]
    for name in FIELDS + ends:
        lib.check("tcpstate." + name in names, "no field tcpstate." + name)
    for name in ends:
        if name.endswith(".str"):
            twin = names.get("tcpstate." + name[:-4])
            lib.check(twin == "FT_UINT8", "tcpstate.%s is %s" % (name[:-4], twin))


def test_descriptions(wireshark):
    """Of an expert item the title is the description."""
    rows = [line.split("\t") for line in wireshark.tshark("-G", "fields").splitlines()]
    ours = [row for row in rows if row[0] == "F" and row[4] == "tcpstate"]
    lib.check(len(ours) > 100, "%d fields" % len(ours))
    for _, title, name, kind, _, _, _, *description in ours:
        text = title if kind == "FT_NONE" else "".join(description)
        lib.check(len(text.split()) > 2 and (kind == "FT_NONE" or text != title),
                  "%s (%s) has no description: %s" % (name, title, text))


def test_state_numbers(wireshark):
    rows = [line.split("\t") for line in wireshark.tshark("-G", "values").splitlines()]
    got = [row[3] for row in rows if row[:2] == ["V", "tcpstate.client.state"]]
    lib.check_equal("state names, ours first", got[:len(STATES)], STATES)
    lib.check(set(STATES).isdisjoint(got[len(STATES):]), "a state's own name is another's alias")


def test_listed(wireshark):
    lib.check("tcpstate.so" in wireshark.tshark("-G", "plugins"), "not in the list of plugins")
    lib.check("ip.proto\t6\ttcpstate" in wireshark.tshark("-G", "decodes"), "not called for TCP")
    for name in ("two_msl", "info_column", "unfold", "rfc5961"):
        lib.check("tcpstate." + name in wireshark.tshark("-G", "defaultprefs"), "no " + name)


test_symbols(sys.argv[1])
with lib.Wireshark(sys.argv[1]) as wireshark_:
    test_names(wireshark_)
    test_descriptions(wireshark_)
    test_state_numbers(wireshark_)
    test_listed(wireshark_)
lib.finish()
