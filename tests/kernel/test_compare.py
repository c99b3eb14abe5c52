#!/usr/bin/env python3
# Tests compare.py with made-up plugin output: no tshark, no capture.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Unit tests of the comparison itself."""

import unittest

from compare import Report, compare
from shown import FIELDS, parse_frames

ADDRESS = {"client": "192.0.2.1", "server": "192.0.2.2"}
PORT = {"client": "40000", "server": "5555"}


def row(number, sender, client, server, moves="", assumed=(), possible=""):
    """One line of tshark; the plugin's `possible` is the server's."""
    values = {
        "frame.number": str(number),
        "frame.time_epoch": f"{100 + number}.0",
        "ip.src": ADDRESS[sender],
        "tcp.srcport": PORT[sender],
        "tcp.dstport": PORT["server" if sender == "client" else "client"],
        "tcpstate.sender": sender,
        "tcpstate.transition": moves,
        "tcpstate.client.state.str": client,
        "tcpstate.server.state.str": server,
        "tcpstate.client.assumed": str("client" in assumed),
        "tcpstate.server.assumed": str("server" in assumed),
        "tcpstate.server.possible": possible,
    }
    return {name: values.get(name, "") for name in FIELDS}


def truth(*moves):
    """Moves are (end, from, to, frame) or, when time matters, (end, from, to, frame, time)."""
    ends = {end: {"addr": ADDRESS[end], "port": int(PORT[end])} for end in ADDRESS}
    fields = ("end", "from", "to", "frame", "time")
    filled = [dict(zip(fields, (*move, "0")[:5])) for move in moves]
    return ends | {"transitions": filled}


def compared(said, rows):
    report = Report()
    compare("test", said, parse_frames(rows, said), report)
    return report


HANDSHAKE = [
    ("server", "CLOSED", "LISTEN", None),
    ("client", "CLOSED", "SYN_SENT", 1),
    ("server", "LISTEN", "SYN_RCVD", 1),
    ("client", "SYN_SENT", "ESTABLISHED", 2),
    ("server", "SYN_RCVD", "ESTABLISHED", 3),
]
SHOWN = [
    row(1, "client", "SYN_SENT", "SYN_RCVD"),
    row(2, "server", "ESTABLISHED", "SYN_RCVD"),
    row(3, "client", "ESTABLISHED", "ESTABLISHED"),
]


class Compare(unittest.TestCase):
    def assert_agrees(self, report):
        scores = report.all
        for score in (scores.sequences, scores.frames, scores.possible):
            self.assertEqual(score.ratio, 1.0, report.differing)

    def test_agreement(self):
        self.assert_agrees(compared(truth(*HANDSHAKE), SHOWN))

    def test_wrong_frame(self):
        late = SHOWN[:2] + [row(3, "client", "ESTABLISHED", "SYN_RCVD")]
        late += [row(4, "client", "ESTABLISHED", "ESTABLISHED")]
        report = compared(truth(*HANDSHAKE), late)
        self.assertEqual(report.all.sequences.ratio, 1.0)
        self.assertEqual((report.all.frames.agreed, report.all.frames.total), (3, 4))
        self.assertEqual(report.confusion["ESTABLISHED", "SYN_RCVD"], 1)

    def test_roles_swapped_by_the_plugin(self):
        def swap(text):
            return text.replace("client", "x").replace("server", "client").replace("x", "server")

        swapped = [{swap(name): swap(value) for name, value in row.items()} for row in SHOWN]
        frames = parse_frames(swapped, truth())
        self.assertEqual(frames[0].shown["client"].state, "SYN_SENT")

    def test_reverted_assumption_does_not_count(self):
        said = truth(
            *HANDSHAKE,
            ("client", "ESTABLISHED", "FIN_WAIT_1", 4),
            ("server", "ESTABLISHED", "CLOSE_WAIT", 5),
        )
        again = "server CLOSE_WAIT->ESTABLISHED;server ESTABLISHED->CLOSE_WAIT"
        lost_fin = [
            row(4, "client", "FIN_WAIT_1", "CLOSE_WAIT", "", ["server"], "ESTABLISHED;CLOSE_WAIT"),
            row(5, "client", "FIN_WAIT_1", "CLOSE_WAIT", again, ["server"]),
        ]
        self.assert_agrees(compared(said, SHOWN + lost_fin))

    def test_refused_syn(self):
        said = truth(("client", "CLOSED", "SYN_SENT", 1), ("client", "SYN_SENT", "CLOSED", 2))
        shown = [
            row(1, "client", "SYN_SENT", "SYN_RCVD", "", ["server"], "LISTEN;SYN_RCVD"),
            row(2, "server", "CLOSED", "CLOSED"),
        ]
        self.assert_agrees(compared(said, shown))

    def test_time_wait_that_did_not_take_a_syn(self):
        waits = ("server", "ESTABLISHED", "TIME_WAIT", 4)
        moves = "server TIME_WAIT->LISTEN;server LISTEN->SYN_RCVD"
        shown = [
            row(4, "client", "LAST_ACK", "TIME_WAIT"),
            row(5, "client", "SYN_SENT", "SYN_RCVD", moves, ["server"]),
            row(6, "server", "SYN_SENT", "TIME_WAIT", "server SYN_RCVD->TIME_WAIT"),
        ]
        report = compared(truth(*HANDSHAKE, waits), SHOWN + shown)
        self.assertFalse([line for line in report.differing if "server:" in line])

    def test_simultaneous_open(self):
        said = truth(
            ("client", "CLOSED", "SYN_SENT", 1),
            ("server", "CLOSED", "SYN_SENT", 2),
            ("server", "SYN_SENT", "SYN_RCVD", 1),
            ("client", "SYN_SENT", "SYN_RCVD", 2),
        )
        moves = "server SYN_RCVD->SYN_SENT;server SYN_SENT->SYN_RCVD"
        shown = [
            row(1, "client", "SYN_SENT", "SYN_RCVD", "", ["server"], "LISTEN;SYN_RCVD"),
            row(2, "server", "SYN_RCVD", "SYN_RCVD", moves, ["server"]),
        ]
        self.assert_agrees(compared(said, shown))

    def test_two_steps_in_one_frame(self):
        said = truth(
            *HANDSHAKE,
            ("client", "ESTABLISHED", "FIN_WAIT_1", 4),
            ("client", "FIN_WAIT_1", "FIN_WAIT_2", 5),
            ("client", "FIN_WAIT_2", "TIME_WAIT", 5),
        )
        both = "client FIN_WAIT_1->FIN_WAIT_2;client FIN_WAIT_2->TIME_WAIT"
        shown = SHOWN + [
            row(4, "client", "FIN_WAIT_1", "ESTABLISHED"),
            row(5, "server", "TIME_WAIT", "ESTABLISHED", both),
        ]
        self.assert_agrees(compared(said, shown))

    def test_either_state_is_right_after_a_silent_end(self):
        said = truth(*HANDSHAKE, ("client", "ESTABLISHED", "CLOSED", None, "103.5"))
        for guess in ("ESTABLISHED", "CLOSED"):
            report = compared(said, SHOWN + [row(4, "server", guess, "ESTABLISHED")])
            self.assertEqual(report.all.possible.ratio, 1.0)
        report = compared(said, SHOWN + [row(4, "server", "FIN_WAIT_1", "ESTABLISHED")])
        self.assertEqual(report.all.possible.total - report.all.possible.agreed, 1)

    def test_crossing_fins_count_in_order_of_time(self):
        said = truth(
            *HANDSHAKE,
            ("client", "ESTABLISHED", "FIN_WAIT_1", 4),
            ("server", "ESTABLISHED", "FIN_WAIT_1", 5),
            ("server", "FIN_WAIT_1", "CLOSING", 4),
            ("client", "FIN_WAIT_1", "CLOSING", 5),
        )
        crossed = "server FIN_WAIT_1->CLOSING"
        back = "server CLOSE_WAIT->ESTABLISHED;server ESTABLISHED->FIN_WAIT_1"
        shown = SHOWN + [
            row(4, "client", "FIN_WAIT_1", "CLOSE_WAIT", "", ["server"], "ESTABLISHED;CLOSE_WAIT"),
            row(5, "server", "CLOSING", "CLOSING", f"{back};{crossed}", ["server"]),
        ]
        self.assert_agrees(compared(said, shown))

    def test_reopening_from_the_same_ports(self):
        said = truth(
            *HANDSHAKE,
            ("client", "ESTABLISHED", "CLOSED", None, "103.5"),
            ("client", "CLOSED", "SYN_SENT", 4),
        )
        shown = SHOWN + [row(4, "client", "SYN_SENT", "ESTABLISHED", "client CLOSED->SYN_SENT")]
        self.assert_agrees(compared(said, shown))

    def test_what_was_confirmed_is_not_taken_back(self):
        said = truth(
            *HANDSHAKE,
            ("client", "ESTABLISHED", "CLOSED", None, "103.5"),
            ("client", "CLOSED", "SYN_SENT", 4),
        )
        shown = SHOWN + [row(4, "client", "SYN_SENT", "ESTABLISHED")]
        self.assert_agrees(compared(said, shown))

    def test_an_end_that_is_taken_back(self):
        said = truth(*HANDSHAKE, ("server", "ESTABLISHED", "CLOSED", 6))
        shown = SHOWN + [
            row(4, "client", "CLOSED", "CLOSED", "server ESTABLISHED->CLOSED", ["server"]),
            row(5, "server", "CLOSED", "ESTABLISHED", "server CLOSED->ESTABLISHED"),
            row(6, "client", "CLOSED", "CLOSED", "server ESTABLISHED->CLOSED", ["server"]),
        ]
        report = compared(said, shown)
        self.assertNotIn("server", " ".join(report.differing))
        self.assertEqual(report.all.frames.ratio, 1)

    def test_what_has_no_frame_may_be_shown(self):
        said = truth(
            *HANDSHAKE,
            ("client", "ESTABLISHED", "FIN_WAIT_1", None, "103.5"),
            ("client", "FIN_WAIT_1", "FIN_WAIT_2", 4),
        )
        moves = "client ESTABLISHED->FIN_WAIT_1;client FIN_WAIT_1->FIN_WAIT_2"
        for steps in (moves, "client ESTABLISHED->FIN_WAIT_2"):
            shown = SHOWN + [row(4, "server", "FIN_WAIT_2", "CLOSE_WAIT", steps)]
            report = compared(said, shown)
            self.assertIn("server", report.differing[0])  # and no word about the client
            self.assertEqual(len(report.differing), 2)

    def test_a_capture_that_begins_late(self):
        said = truth(("client", "FIN_WAIT_2", "TIME_WAIT", 2))
        said |= {"initial": {"client": "FIN_WAIT_2", "server": "CLOSE_WAIT"}, "partial": "late"}
        shown = [
            row(1, "client", "FIN_WAIT_2", "CLOSE_WAIT"),
            row(2, "server", "TIME_WAIT", "CLOSE_WAIT", "client FIN_WAIT_2->TIME_WAIT"),
        ]
        self.assert_agrees(compared(said, shown))
        shown[0] = row(1, "client", "ESTABLISHED", "CLOSE_WAIT")
        self.assertIn("client", compared(said, shown).differing[0])

    def test_healthy_traffic_is_not_accused(self):
        accused = [*SHOWN[:2], SHOWN[2] | {"tcpstate.verdict.str": "illegal"}]
        accused[2]["tcpstate.check"] = "syn_fin"
        report = compared(truth(*HANDSHAKE), accused)
        self.assertEqual(report.accusations, ["test frame 3: syn_fin"])

    def test_groups_and_average(self):
        shown = SHOWN[:2] + [
            row(3, "client", "ESTABLISHED", "ESTABLISHED", possible="SYN_RCVD;ESTABLISHED")
        ]
        report = compared(truth(*HANDSHAKE) | {"impaired": True}, shown)
        self.assertEqual(list(report.groups), ["all", "impaired"])
        self.assertAlmostEqual(report.all.average, 7 / 6)

    def test_listen_or_closed_is_one_possibility(self):
        said = truth(("client", "CLOSED", "SYN_SENT", 1))
        report = compared(said, [row(1, "client", "SYN_SENT", "LISTEN", possible="LISTEN;CLOSED")])
        self.assertEqual((report.all.possible.ratio, report.all.average), (1, 1))

    def test_last_state_tells_listen_from_closed(self):
        said = truth(
            ("client", "CLOSED", "SYN_SENT", 1),
            ("server", "LISTEN", "SYN_RCVD", 1),
            ("server", "SYN_RCVD", "LISTEN", 3),
        )
        shown = [
            row(1, "client", "SYN_SENT", "SYN_RCVD"),
            row(2, "server", "SYN_SENT", "SYN_RCVD"),
            row(3, "client", "SYN_SENT", "CLOSED"),
        ]
        self.assertEqual(compared(said, shown).all.sequences.agreed, 1)


if __name__ == "__main__":
    unittest.main()
