#!/usr/bin/env python3
# Tests the parts of the matrix that need neither kernel nor tshark.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Unit tests of the matrix."""

import struct
import sys
import unittest
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.append(str(Path(__file__).resolve().parents[1] / "record"))

from judge import DIFFERENCES, REPLIES, Opinions, against, read_table
from kinds import read_kinds, value
from remaining import UNEXPLAINED, Wrong, compare_remaining, read_remaining, write_remaining
from rfc9293 import Tcb, arrives
from situations import SITUATIONS
from wire import TCP, Segment, checksum, distance, flags_of, packet, read

ENDS = {4: ("192.0.2.1", "192.0.2.2"), 6: ("2001:db8::1", "2001:db8::2")}
OPEN = Tcb("ESTABLISHED", False, False, 99, 100, 100, 300, 1000, 500, 7)


class Wire(unittest.TestCase):
    def test_what_is_packed_is_read_again(self):
        segment = Segment(flags_of("SA"), 2**32 - 1, 5, 1000, b"odd", (1, 2), 1400, 7, 3)
        for addresses in ENDS.values():
            ends = (addresses[0], 40000), (addresses[1], 80)
            self.assertEqual(read(packet(*ends, segment)), (*ends, segment))

    def test_checksum(self):
        data = packet((ENDS[4][0], 1), (ENDS[4][1], 2), Segment(flags_of("A"), 1, 1, 1, b"odd"))
        addresses = b"".join(ip_address(address).packed for address in ENDS[4])
        tcp = data[20:]
        self.assertEqual(checksum(addresses + struct.pack("!II", len(tcp), TCP) + tcp), 0)
        self.assertEqual(checksum(data[:20]), 0)

    def test_numbers_wrap(self):
        self.assertEqual(distance(5, 2**32 - 5), 10)
        self.assertEqual(distance(2**32 - 5, 5), -10)


class Kinds(unittest.TestCase):
    def test_there_are_enough(self):
        self.assertGreaterEqual(len(read_kinds()), 45)

    def test_expressions(self):
        self.assertEqual(value("RCV.NXT+RCV.WND-1", {"RCV.NXT": 10, "RCV.WND": 5}), 14)
        self.assertEqual(value("SND.UNA-M", {"SND.UNA": 0}), 2**32 - 2**20)


class Rfc(unittest.TestCase):
    """Each assertion is a sentence of section 3.10.7."""

    def assert_outcome(self, tcb, letters, seq, ack, expected, text=b""):
        outcome = arrives(tcb, Segment(flags_of(letters), seq, ack, text=text, timestamps=(7, 0)))
        self.assertEqual((outcome.state, outcome.reply), expected)

    def test_window(self):
        for seq, reply in ((299, "A"), (300, ""), (1299, ""), (1300, "A")):
            self.assert_outcome(OPEN, "A", seq, 100, ("ESTABLISHED", reply))
        closed = replace(OPEN, rcv_wnd=0)
        self.assert_outcome(closed, "A", 300, 100, ("ESTABLISHED", ""))
        self.assert_outcome(closed, "A", 300, 100, ("ESTABLISHED", "A"), b"x")

    def test_reset(self):
        self.assert_outcome(OPEN, "R", 300, 0, ("CLOSED", ""))
        self.assert_outcome(OPEN, "R", 301, 0, ("ESTABLISHED", "A"))
        self.assert_outcome(OPEN, "R", 1300, 0, ("ESTABLISHED", ""))
        for active, state in ((False, "LISTEN"), (True, "CLOSED")):
            received = replace(OPEN, state="SYN_RCVD", active=active)
            self.assert_outcome(received, "R", 300, 0, (state, ""))

    def test_opening(self):
        sent = Tcb("SYN_SENT", True, False, 99, 99, 100, 0, 0, 0)
        self.assert_outcome(sent, "SA", 5, 100, ("ESTABLISHED", "A"))
        self.assert_outcome(sent, "SA", 5, 99, ("SYN_SENT", "R"))
        self.assert_outcome(sent, "S", 5, 0, ("SYN_RCVD", "SA"))
        self.assert_outcome(sent, "FA", 5, 100, ("SYN_SENT", ""))
        received = replace(OPEN, state="SYN_RCVD", snd_una=99)
        self.assert_outcome(received, "A", 300, 100, ("ESTABLISHED", ""))
        self.assert_outcome(received, "A", 300, 99, ("SYN_RCVD", "R"))

    def test_closing(self):
        waiting = replace(OPEN, state="FIN_WAIT_1", snd_nxt=101)
        self.assert_outcome(waiting, "A", 300, 101, ("FIN_WAIT_2", ""))
        self.assert_outcome(waiting, "FA", 300, 101, ("TIME_WAIT", "A"))
        self.assert_outcome(waiting, "FA", 300, 100, ("CLOSING", "A"))
        self.assert_outcome(waiting, "FA", 301, 101, ("FIN_WAIT_2", "A"))
        last = replace(waiting, state="LAST_ACK")
        self.assert_outcome(last, "A", 300, 101, ("CLOSED", ""))


class Tables(unittest.TestCase):
    def test_they_can_be_read(self):
        for path in (DIFFERENCES, REPLIES):
            self.assertTrue(read_table(path))

    def test_what_remains_has_been_looked_at(self):
        self.assertNotIn(UNEXPLAINED, read_remaining()[0].values())

    def test_misspelt_names_are_refused(self):
        good = "established | rst-exact | A | 1 | B | RFC"
        for line in (good.replace("rst", "rest"), f"{good}\n{good}"):
            with TemporaryDirectory() as directory, self.assertRaises(ValueError):
                path = Path(directory) / "bad.table"
                path.write_text(line)
                read_table(path)

    def test_what_is_wrong_with_a_cell(self):
        same, differs = Opinions("X", "1", "X", "X"), Opinions("X", "1", "Y", "Y")
        row = Opinions("X", "1", "Y", "Linux")
        self.assertFalse(against(None, same))
        self.assertIn("in no row", against(None, differs))
        self.assertFalse(against(row, differs))
        self.assertIn("is to be Linux", against(row, differs._replace(shown="X")))
        self.assertIn("not as its row says", against(row, same))
        self.assertIn("no difference", against(row._replace(linux="X"), same))
        self.assertFalse(against(row._replace(shown="RFC Linux"), differs))
        live, z = row._replace(linux="X", shown="RFC live:Z"), same._replace(shown="Z")
        self.assertFalse(against(live, z, "live"))
        self.assertIn("is to be", against(live, z, "hindsight"))

    def test_worse_and_better(self):
        one, other = (Wrong("live", "state", "listen", kind, "X") for kind in ("syn-fin", "xmas"))
        judged = {("listen", "syn-fin"), ("listen", "xmas")}
        self.assertEqual(compare_remaining({one}, judged, {one: ""}), ([], []))
        self.assertEqual(compare_remaining({other}, judged, {one: ""}), ([other], [one]))
        self.assertEqual(compare_remaining(set(), {("listen", "xmas")}, {one: ""}), ([], []))

    def test_what_remains_is_written_as_it_is_read(self):
        rows, _ = read_remaining()
        with TemporaryDirectory() as directory:
            path = Path(directory) / "remaining.table"
            path.write_text("# head\n")
            write_remaining(set(rows), path)
            self.assertEqual(set(read_remaining(path)[0]), set(rows))

    def test_each_situation_has_room_for_its_ports(self):
        self.assertLess(len(read_kinds()), 100)
        self.assertLess(len(SITUATIONS), 140)


if __name__ == "__main__":
    unittest.main()
