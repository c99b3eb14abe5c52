#!/usr/bin/env python3
# Tests compare.py with made-up plugin output: no tshark, no capture. What is forgiven, and beside
# it what looks alike and is not.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Unit tests of the comparison itself."""

import sys
import unittest
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "record"))

from arrows import arrows, is_arrow
from compare import MEASURES, Report, Score, compare
from kerneltrace import Sending
from packet import ACK, Segment
from packs import renumbered
from sendings import TRAIN, retransmissions
from shown import FIELDS, READINGS, parse_frames

ADDRESS = {"client": "192.0.2.1", "server": "192.0.2.2"}
PORT = {"client": "40000", "server": "5555"}


def row(number, sender, client, server, moves="", causes="", connection=0, **more):
    """One line of tshark; the plugin's `possible` is the server's."""
    values = {
        "frame.number": str(number),
        "frame.time_epoch": f"{100 + number}.0",
        "ip.src": ADDRESS[sender],
        "tcp.srcport": PORT[sender],
        "tcp.dstport": PORT["server" if sender == "client" else "client"],
        "tcpstate.connection": str(connection),
        "tcpstate.sender": sender,
        "tcpstate.transition": moves,
        "tcpstate.cause": causes,
        "tcpstate.client.state.str": client,
        "tcpstate.server.state.str": server,
        "tcpstate.server.possible": more.get("possible", ""),
    }
    return {name: values.get(name, "") for name in FIELDS}


def truth(*moves):
    """Moves are (end, from, to, frame) or, when time matters, (end, from, to, frame, time)."""
    ends = {end: {"addr": ADDRESS[end], "port": int(PORT[end])} for end in ADDRESS}
    fields = ("end", "from", "to", "frame", "time")
    filled = [dict(zip(fields, (*move, "0")[:5])) for move in moves]
    return ends | {"transitions": filled}


def compared(said, hindsight, live=None):
    """{reading: Report}, and the Differences."""
    rows = dict(zip(READINGS, (hindsight, live or hindsight)))
    reports = {reading: Report() for reading in READINGS}
    frames_of = {reading: parse_frames(rows[reading], said) for reading in READINGS}
    return reports, compare("test", said, frames_of, reports)


def scores(said, rows):
    return compared(said, rows)[0]["hindsight"].all


def wrong(said, rows):
    """The ends whose sequence differs."""
    return [each.end for each in compared(said, rows)[1]]


HANDSHAKE = [
    ("server", "CLOSED", "LISTEN", None),
    ("client", "CLOSED", "SYN_SENT", 1),
    ("server", "LISTEN", "SYN_RCVD", 1),
    ("client", "SYN_SENT", "ESTABLISHED", 2),
    ("server", "SYN_RCVD", "ESTABLISHED", 3),
]
SHOWN = [
    row(1, "client", "SYN_SENT", "SYN_RCVD", "client CLOSED->SYN_SENT;server LISTEN->SYN_RCVD"),
    row(2, "server", "ESTABLISHED", "SYN_RCVD"),
    row(3, "client", "ESTABLISHED", "ESTABLISHED"),
]


class Agreement(unittest.TestCase):
    def assert_agrees(self, said, rows):
        reports, differences = compared(said, rows)
        self.assertEqual(differences, [])
        for report in reports.values():
            for measure in MEASURES:
                self.assertEqual(report.all.of(measure).ratio, 1.0, measure)
            self.assertEqual(report.all.strays, {})

    def test_agreement(self):
        self.assert_agrees(truth(*HANDSHAKE), SHOWN)

    def test_roles_swapped_by_the_plugin(self):
        def swap(text):
            return text.replace("client", "x").replace("server", "client").replace("x", "server")

        swapped = [{swap(name): swap(value) for name, value in row.items()} for row in SHOWN]
        self.assertEqual(parse_frames(swapped, truth())[0].shown["client"].state, "SYN_SENT")
        self.assert_agrees(truth(*HANDSHAKE), swapped)

    def test_icmp_error_is_sent_by_the_other_end(self):
        error = row(2, "client", "CLOSED", "LISTEN") | {"tcpstate.sender": "server"}
        error |= {"ip.src": "203.0.113.9;192.0.2.1"}  # a router's; it quotes the client
        said = truth(("client", "CLOSED", "SYN_SENT", 1), ("client", "SYN_SENT", "CLOSED", None))
        frames = parse_frames([row(1, "client", "SYN_SENT", "LISTEN"), error], said)
        self.assertEqual([frame.sender for frame in frames], ["client", "server"])
        self.assertEqual(frames[1].shown["client"].state, "CLOSED")

    def test_two_steps_in_one_frame(self):
        said = truth(
            *HANDSHAKE,
            ("client", "ESTABLISHED", "FIN_WAIT_1", 4),
            ("client", "FIN_WAIT_1", "FIN_WAIT_2", 5),
            ("client", "FIN_WAIT_2", "TIME_WAIT", 5),
        )
        both = "client FIN_WAIT_1->FIN_WAIT_2;client FIN_WAIT_2->TIME_WAIT"
        shown = SHOWN + [row(4, "client", "FIN_WAIT_1", "ESTABLISHED")]
        self.assert_agrees(said, shown + [row(5, "server", "TIME_WAIT", "ESTABLISHED", both)])
        at_once = row(5, "server", "TIME_WAIT", "ESTABLISHED", "client FIN_WAIT_1->TIME_WAIT")
        self.assertEqual(wrong(said, [*shown, at_once]), ["client"])

    def test_a_capture_that_begins_late(self):
        said = truth(("client", "FIN_WAIT_2", "TIME_WAIT", 2))
        said |= {"initial": {"client": "FIN_WAIT_2", "server": "CLOSE_WAIT"}, "partial": "late"}
        shown = [
            row(1, "client", "FIN_WAIT_2", "CLOSE_WAIT"),
            row(2, "server", "TIME_WAIT", "CLOSE_WAIT", "client FIN_WAIT_2->TIME_WAIT"),
        ]
        self.assert_agrees(said, shown)
        shown[0] = row(1, "client", "FIN_WAIT_2", "CLOSE_WAIT", "client UNKNOWN->FIN_WAIT_2")
        self.assertEqual(wrong(said, shown), [])
        shown[0] = row(1, "client", "ESTABLISHED", "CLOSE_WAIT")
        self.assertEqual(wrong(said, shown), ["client"])


class TakenBack(unittest.TestCase):
    """What is shown is shown, also if a later frame says better."""

    def test_a_fin_that_had_not_come(self):
        said = truth(
            *HANDSHAKE,
            ("client", "ESTABLISHED", "FIN_WAIT_1", 4),
            ("server", "ESTABLISHED", "CLOSE_WAIT", 5),
        )
        again = "server CLOSE_WAIT->ESTABLISHED;server ESTABLISHED->CLOSE_WAIT"
        live = SHOWN + [
            row(4, "client", "FIN_WAIT_1", "CLOSE_WAIT"),
            row(5, "client", "FIN_WAIT_1", "CLOSE_WAIT", again, "4;5"),
        ]
        hindsight = SHOWN + [
            row(4, "client", "FIN_WAIT_1", "ESTABLISHED"),
            row(5, "client", "FIN_WAIT_1", "CLOSE_WAIT", "server ESTABLISHED->CLOSE_WAIT", "5"),
        ]
        reports, differences = compared(said, hindsight, live)
        self.assertEqual([(each.end, each.wrong) for each in differences], [("server", ["live"])])
        self.assertEqual(reports["hindsight"].all.of("sequences").agreed, 2)
        self.assertEqual(reports["live"].all.of("sequences").agreed, 1)
        self.assertEqual(reports["live"].all.strays, {("CLOSE_WAIT", "ESTABLISHED"): 1})
        self.assertEqual(reports["hindsight"].all.strays, {})

    def test_within_one_frame(self):
        said = truth(*HANDSHAKE)
        there_and_back = "server ESTABLISHED->CLOSE_WAIT;server CLOSE_WAIT->ESTABLISHED"
        shown = SHOWN + [row(4, "client", "ESTABLISHED", "ESTABLISHED", there_and_back)]
        self.assertEqual(wrong(said, shown), ["server"])

    def test_a_reset_that_had_not_come(self):
        said = truth(*HANDSHAKE, ("server", "ESTABLISHED", "CLOSED", 6))
        shown = SHOWN + [
            row(4, "client", "ESTABLISHED", "CLOSED", "server ESTABLISHED->CLOSED"),
            row(5, "server", "ESTABLISHED", "ESTABLISHED", "server CLOSED->ESTABLISHED"),
            row(6, "client", "ESTABLISHED", "CLOSED", "server ESTABLISHED->CLOSED"),
        ]
        self.assertEqual(wrong(said, shown), ["server"])
        self.assertEqual(scores(said, shown).strays, {("CLOSED", "ESTABLISHED"): 1})
        self.assertEqual(wrong(said, [*SHOWN, *shown[5:]]), [])

    def test_a_syn_that_had_not_come(self):
        said = truth(("client", "CLOSED", "SYN_SENT", 1))
        shown = [
            row(1, "client", "SYN_SENT", "SYN_RCVD", "server LISTEN->SYN_RCVD"),
            row(2, "client", "SYN_SENT", "LISTEN", "server SYN_RCVD->LISTEN"),
        ]
        self.assertEqual(wrong(said, shown), ["server"])
        self.assertEqual(wrong(said, [row(1, "client", "SYN_SENT", "LISTEN")]), [])

    def test_time_wait_that_did_not_take_a_syn(self):
        said = truth(*HANDSHAKE, ("server", "ESTABLISHED", "TIME_WAIT", 4))
        moves = "server TIME_WAIT->LISTEN;server LISTEN->SYN_RCVD"
        shown = SHOWN + [
            row(4, "client", "LAST_ACK", "TIME_WAIT"),
            row(5, "client", "SYN_SENT", "SYN_RCVD", moves, connection=1),
            row(6, "server", "SYN_SENT", "TIME_WAIT", "server SYN_RCVD->TIME_WAIT", connection=1),
        ]
        self.assertIn("server", wrong(said, shown))

    def test_simultaneous_open(self):
        said = truth(
            ("client", "CLOSED", "SYN_SENT", 1),
            ("server", "CLOSED", "SYN_SENT", 2),
            ("server", "SYN_SENT", "SYN_RCVD", 1),
            ("client", "SYN_SENT", "SYN_RCVD", 2),
        )
        guessed = row(1, "client", "SYN_SENT", "SYN_RCVD")
        known = row(1, "client", "SYN_SENT", "CLOSED")
        moves = "server SYN_RCVD->SYN_SENT;server SYN_SENT->SYN_RCVD"
        taken_back = row(2, "server", "SYN_RCVD", "SYN_RCVD", moves)
        moves = "server CLOSED->SYN_SENT;server SYN_SENT->SYN_RCVD"
        walked = row(2, "server", "SYN_RCVD", "SYN_RCVD", moves)
        third = row(3, "client", "SYN_RCVD", "SYN_RCVD")
        self.assertEqual(wrong(said, [guessed, taken_back, third]), ["server"])
        found = scores(said, [guessed, taken_back, third])
        self.assertEqual(found.strays, {("SYN_RCVD", "SYN_SENT"): 1})
        self.assertEqual(wrong(said, [known, walked, third]), [])


class Frames(unittest.TestCase):
    def late(self, causes):
        moves = "server SYN_RCVD->ESTABLISHED"
        late = [row(3, "client", "ESTABLISHED", "SYN_RCVD")]
        late += [row(4, "client", "ESTABLISHED", "ESTABLISHED", moves, causes)]
        return compared(truth(*HANDSHAKE), SHOWN[:2] + late)[0]["hindsight"]

    def test_wrong_frame(self):
        report = self.late("4")
        self.assertEqual(report.all.of("sequences").ratio, 1.0)
        self.assertEqual((report.all.of("frames").agreed, report.all.of("frames").total), (3, 4))
        self.assertEqual([each.step.state for each in report.missed], ["ESTABLISHED"])
        self.assertEqual(report.confusion["ESTABLISHED", "SYN_RCVD"], 1)

    def test_cause_names_the_right_frame(self):
        report = self.late("3")
        self.assertEqual(report.all.of("frames").agreed, 4)
        self.assertEqual(report.all.of("frames", "causes").agreed, 3)
        self.assertEqual(report.missed, [])

    def test_the_cause_of_another_step_does_not_count(self):
        moves = "client ESTABLISHED->FIN_WAIT_1;server SYN_RCVD->ESTABLISHED"
        late = [row(3, "client", "ESTABLISHED", "SYN_RCVD")]
        late += [row(4, "client", "FIN_WAIT_1", "ESTABLISHED", moves, "3;4")]
        found = scores(truth(*HANDSHAKE), SHOWN[:2] + late)
        self.assertEqual(found.of("frames").agreed, 3)

    def test_crossing_fins_count_in_order_of_time(self):
        said = truth(
            *HANDSHAKE,
            ("client", "ESTABLISHED", "FIN_WAIT_1", 4),
            ("server", "ESTABLISHED", "FIN_WAIT_1", 5),
            ("server", "FIN_WAIT_1", "CLOSING", 4),
            ("client", "FIN_WAIT_1", "CLOSING", 5),
        )
        moves = "server ESTABLISHED->FIN_WAIT_1;server FIN_WAIT_1->CLOSING"
        shown = SHOWN + [row(4, "client", "FIN_WAIT_1", "ESTABLISHED")]
        shown += [row(5, "server", "CLOSING", "CLOSING", moves, "5;5")]
        more = row(6, "client", "CLOSING", "CLOSING")
        found = scores(said, [*shown, more])
        self.assertEqual((found.of("sequences").ratio, found.of("frames").ratio), (1, 1))
        self.assertEqual(found.of("frames", "rule 4").agreed, 7)  # of 8
        kept = row(5, "server", "CLOSING", "FIN_WAIT_1", "server ESTABLISHED->FIN_WAIT_1")
        late = scores(said, [*shown[:4], kept, more])
        self.assertEqual((late.of("sequences").ratio, late.of("frames").ratio), (1, 1))
        stays = row(6, "client", "CLOSING", "FIN_WAIT_1")
        self.assertEqual(wrong(said, [*shown[:4], kept, stays]), ["server"])
        none_comes = scores(said, [*shown[:4], kept])
        self.assertEqual(none_comes.of("sequences").agreed, 2)
        self.assertEqual(none_comes.of("sequences", "rule 4").agreed, 1)

    def test_what_was_on_its_way(self):
        """The client sent frame 5 before the server's FIN in frame 4 had come to it."""
        said = truth(
            *HANDSHAKE,
            ("server", "ESTABLISHED", "FIN_WAIT_1", 4),
            ("client", "ESTABLISHED", "CLOSE_WAIT", 4),
        )
        said["transitions"][-1]["still"] = 5
        rows = {
            state: [row(n, "server", state, "FIN_WAIT_1") for n in (4, 5, 6)]
            for state in ("ESTABLISHED", "CLOSE_WAIT", "SYN_SENT")
        }
        for state, right, right_without in (
            ("ESTABLISHED", 11, 9),  # of 12; frame 6 is wrong
            ("CLOSE_WAIT", 12, 12),
            ("SYN_SENT", 9, 9),
        ):
            found = scores(said, SHOWN + rows[state])
            self.assertEqual(found.of("possible").agreed, right)
            self.assertEqual(found.of("possible", "still").agreed, right_without)

    def test_numbers_in_a_pack(self):
        packed = row(63, "client", "CLOSED", "CLOSED", causes="61;63")
        own = renumbered(packed, 60)
        self.assertEqual((own["frame.number"], own["tcpstate.cause"]), ("3", "1;3"))


class Silence(unittest.TestCase):
    """Rule 1: what has no frame."""

    said = truth(*HANDSHAKE, ("client", "ESTABLISHED", "CLOSED", None, "103.5"))

    def test_either_state_is_right_after_a_silent_end(self):
        for guess in ("ESTABLISHED", "CLOSED"):
            found = scores(self.said, SHOWN + [row(4, "server", guess, "ESTABLISHED")])
            self.assertEqual(found.of("possible").ratio, 1.0)
            self.assertEqual(found.of("sequences").ratio, 1.0)
        found = scores(self.said, SHOWN + [row(4, "server", "FIN_WAIT_1", "ESTABLISHED")])
        self.assertEqual(found.of("possible").total - found.of("possible").agreed, 1)

    def test_figures_without_the_rule(self):
        stays = scores(self.said, SHOWN + [row(4, "server", "ESTABLISHED", "ESTABLISHED")])
        ends = scores(self.said, SHOWN + [row(4, "server", "CLOSED", "ESTABLISHED")])
        agreed = [each.of("sequences", "rule 1").agreed for each in (stays, ends)]
        self.assertEqual(agreed, [1, 2])
        agreed = [each.of("possible", "rule 1").agreed for each in (stays, ends)]
        self.assertEqual(agreed, [7, 8])

    def test_no_other_state_may_be_shown(self):
        said = truth(
            *HANDSHAKE,
            ("client", "ESTABLISHED", "FIN_WAIT_1", None, "103.5"),
            ("client", "FIN_WAIT_1", "FIN_WAIT_2", 4),
        )
        for steps in ("ESTABLISHED->FIN_WAIT_1;client FIN_WAIT_1->", "ESTABLISHED->"):
            shown = row(4, "server", "FIN_WAIT_2", "ESTABLISHED", f"client {steps}FIN_WAIT_2")
            self.assertEqual(wrong(said, [*SHOWN, shown]), [])
        shown = row(4, "server", "FIN_WAIT_2", "ESTABLISHED", "client CLOSE_WAIT->FIN_WAIT_2")
        self.assertEqual(wrong(said, [*SHOWN, shown]), ["client"])


class Absence(unittest.TestCase):
    """Rule 3: CLOSED and LISTEN."""

    def test_reopening_from_the_same_ports(self):
        said = truth(
            *HANDSHAKE,
            ("client", "ESTABLISHED", "CLOSED", None, "103.5"),
            ("client", "CLOSED", "SYN_SENT", 4),
        )
        for moves in ("client CLOSED->SYN_SENT", "client ESTABLISHED->CLOSED", ""):
            reopened = row(4, "client", "SYN_SENT", "ESTABLISHED", moves, connection=1)
            self.assertEqual(wrong(said, [*SHOWN, reopened]), [], moves)
        never = truth(*HANDSHAKE)
        self.assertEqual(wrong(never, [*SHOWN, reopened]), ["client"])

    def test_two_lives_that_look_like_one(self):
        once = truth(("client", "CLOSED", "SYN_SENT", 1), ("server", "LISTEN", "SYN_RCVD", 1))
        twice = truth(
            ("client", "CLOSED", "SYN_SENT", 1),
            ("server", "LISTEN", "SYN_RCVD", 1),
            ("server", "SYN_RCVD", "LISTEN", 2),
            ("server", "LISTEN", "SYN_RCVD", 3),
        )
        shown = [
            row(1, "client", "SYN_SENT", "SYN_RCVD"),
            row(2, "client", "SYN_SENT", "LISTEN"),
            row(3, "client", "SYN_SENT", "SYN_RCVD"),
        ]
        self.assertEqual(wrong(once, shown), ["server"])
        self.assertEqual(wrong(twice, shown), [])
        self.assertEqual(wrong(twice, [shown[0], shown[2]]), ["server"])
        shown[1] = row(2, "client", "SYN_SENT", "CLOSED")
        self.assertEqual(wrong(twice, shown), [])

    def test_listen_or_closed_is_one_possibility(self):
        said = truth(("client", "CLOSED", "SYN_SENT", 1))
        found = scores(said, [row(1, "client", "SYN_SENT", "LISTEN", possible="LISTEN;CLOSED")])
        self.assertEqual((found.of("possible").ratio, found.average), (1, 1))
        found = scores(said, [row(1, "client", "SYN_SENT", "LISTEN")])
        self.assertEqual(found.of("possible").agreed, 2)
        self.assertEqual(found.of("possible", "rule 3").agreed, 1)
        found = scores(said, [row(1, "client", "SYN_SENT", "SYN_RCVD")])
        self.assertEqual(found.of("possible").agreed, 1)

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
        self.assertEqual(wrong(said, shown), ["server"])
        moves = "server SYN_RCVD->CLOSED;server CLOSED->LISTEN"
        listens = row(3, "client", "SYN_SENT", "LISTEN", moves)
        self.assertEqual(wrong(said, [*shown[:2], listens]), [])
        self.assertEqual(scores(said, [*shown[:2], listens]).of("frames").ratio, 1)
        found = scores(said, shown)
        self.assertEqual((found.of("frames").agreed, found.of("frames", "rule 3").agreed), (3, 2))

    def test_figure_without_the_rule(self):
        found = scores(truth(*HANDSHAKE), SHOWN)
        self.assertEqual(found.of("sequences", "rule 3").agreed, 2)
        born_at_once = [row(1, "client", "SYN_SENT", "SYN_RCVD"), *SHOWN[1:]]
        found = scores(truth(*HANDSHAKE), born_at_once)
        self.assertEqual(found.of("sequences").agreed, 2)
        self.assertEqual(found.of("sequences", "rule 3").agreed, 0)


class Steps(unittest.TestCase):
    def test_arrows(self):
        drawn = {
            "LISTEN": "SYN_RCVD SYN_SENT",
            "SYN_SENT": "SYN_RCVD ESTABLISHED CLOSED",
            "SYN_RCVD": "ESTABLISHED FIN_WAIT_1 LISTEN",
            "ESTABLISHED": "FIN_WAIT_1 CLOSE_WAIT CLOSED",
            "FIN_WAIT_1": "FIN_WAIT_2 CLOSING CLOSED",
            "CLOSING": "TIME_WAIT CLOSED",
            "TIME_WAIT": "CLOSED",
        }
        for before, after in drawn.items():
            for each in after.split():
                self.assertTrue(is_arrow(before, each), (before, each))
        self.assertEqual({before for before, after in arrows() if after == "LAST_ACK"},
                         {"CLOSE_WAIT"})

    def test_no_arrows(self):
        steps = "CLOSE_WAIT ESTABLISHED, SYN_RCVD SYN_SENT, TIME_WAIT FIN_WAIT_1, CLOSED TIME_WAIT"
        steps += ", ESTABLISHED LISTEN, FIN_WAIT_1 TIME_WAIT, ESTABLISHED UNKNOWN, CLOSED LAST_ACK"
        for step in steps.split(", "):
            self.assertFalse(is_arrow(*step.split()), step)

    def test_an_absence_may_do_what_either_may(self):
        for step in ("CLOSED SYN_RCVD", "LISTEN SYN_SENT", "CLOSED LISTEN", "LISTEN CLOSED"):
            self.assertTrue(is_arrow(*step.split()), step)

    def reopened(self, connection, sender="client"):
        shown = row(4, sender, "FIN_WAIT_2", "SYN_RCVD", "", connection=connection)
        return scores(truth(), [*SHOWN, shown])

    def test_a_new_incarnation_needs_no_arrow(self):
        """Once for each end."""
        found = self.reopened(connection=1)
        self.assertEqual((found.strays.total(), found.reborn), (0, 2))
        found = self.reopened(connection=0)
        self.assertEqual((found.strays.total(), found.reborn), (2, 0))
        opens = row(4, "client", "FIN_WAIT_2", "ESTABLISHED", connection=1)
        later = row(5, "client", "FIN_WAIT_2", "SYN_RCVD", connection=1)
        found = scores(truth(), [*SHOWN, opens, later])
        self.assertEqual((found.strays.total(), found.reborn), (0, 2))
        shown = [
            row(4, "client", "SYN_SENT", "SYN_RCVD", connection=1),
            row(5, "client", "SYN_SENT", "ESTABLISHED", connection=1),
            row(6, "client", "SYN_SENT", "SYN_RCVD", connection=1),
        ]
        self.assertEqual(scores(truth(), SHOWN + shown).strays, {("ESTABLISHED", "SYN_RCVD"): 1})

    def test_a_syn_of_an_end_that_forgot(self):
        for sender, strays in (("client", 0), ("server", 1)):
            shown = row(4, sender, "SYN_SENT", "ESTABLISHED")
            self.assertEqual(scores(truth(), [*SHOWN, shown]).strays.total(), strays)


class Counting(unittest.TestCase):
    def test_healthy_traffic_is_not_accused(self):
        accused = [*SHOWN[:2], SHOWN[2] | {"tcpstate.verdict.str": "illegal"}]
        accused[2]["tcpstate.check"] = "syn_fin"
        reports, _ = compared(truth(*HANDSHAKE), accused, SHOWN)
        self.assertEqual(reports["hindsight"].accusations, ["test frame 3: syn_fin"])
        self.assertEqual(reports["live"].accusations, [])
        reports, _ = compared(truth(*HANDSHAKE) | {"impaired": True}, accused)
        self.assertEqual(reports["hindsight"].accusations, [])

    def test_groups_and_average(self):
        last = row(3, "client", "ESTABLISHED", "ESTABLISHED", possible="SYN_RCVD;ESTABLISHED")
        said = truth(*HANDSHAKE) | {"impaired": True}
        report = compared(said, [*SHOWN[:2], last])[0]["hindsight"]
        self.assertEqual(list(report.groups), ["all", "impaired"])
        self.assertAlmostEqual(report.all.average, 7 / 6)

    def test_captures_are_pooled(self):
        reports = {reading: Report() for reading in READINGS}
        for said, rows in ((truth(*HANDSHAKE), SHOWN), (truth(*HANDSHAKE), SHOWN[:2])):
            frames = parse_frames(rows, said)
            compare("test", said, {reading: frames for reading in READINGS}, reports)
        pooled = reports["live"].all.of("sequences")
        self.assertEqual((pooled.agreed, pooled.total), (3, 4))

    def test_interval(self):
        """Against R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
        for agreed, total, low, high in ((81, 263, 0.2553, 0.3662), (20, 20, 0.8389, 1)):
            interval = Score(agreed, total).interval
            self.assertAlmostEqual(interval[0], low, 4)
            self.assertAlmostEqual(interval[1], high, 4)
        self.assertEqual(Score().interval, (0, 1))


class SentAgain(unittest.TestCase):
    """Which frames the kernel's word about a retransmission is about."""

    def whys(self, *again):
        """Of a segment of 30 octets at 0, and then of these (time, first octet), of ten octets each."""
        sent = [self.segment(0, 0, 30)] + [self.segment(time, seq, 10) for time, seq in again]
        found = retransmissions(sent, [Sending(1_000_000_000, None, "recovery")])
        return [found.get(each) for each in sent[1:]]

    @staticmethod
    def segment(time, seq, length):
        return Segment(1_000_000_000 * bool(time) + time, b"", b"", None, None, ACK, seq, 0, 0, length)

    def test_one_event_is_of_all_that_it_sent(self):
        self.assertEqual(self.whys((1, 0), (2, 10), (3, 20)), ["recovery"] * 3)

    def test_but_not_of_what_is_sent_later(self):
        self.assertEqual(self.whys((1, 0), (2 + TRAIN, 10)), ["recovery", None])

    def test_nor_of_what_does_not_go_on_there(self):
        self.assertEqual(self.whys((1, 0), (2, 20)), ["recovery", None])


if __name__ == "__main__":
    unittest.main()
