# The arrows of RFC 9293 Figure 5, as the core's own table has them: golden/matrix.txt is that
# table, and the test core.matrix sees to that.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Which state can follow which."""

from functools import cache
from pathlib import Path

from shown import IDLE

MATRIX = Path(__file__).resolve().parents[2] / "golden" / "matrix.txt"
OURS = {"SYN-RECEIVED": "SYN_RCVD"}  # where more than the hyphen differs
NO_SEGMENT = "UNSEEN"  # an arrow that no segment makes: nobody can have seen it


@cache
def arrows():
    """All pairs of states that an arrow joins."""
    rows = [line.split() for line in MATRIX.read_text().splitlines() if line.startswith("    ")]
    joined = {(name(row[0]), name(row[1])) for row in rows if NO_SEGMENT not in row}
    return {(before, after) for before, after in joined if after not in ("same", "_")}


def name(rfc):
    return OURS.get(rfc, rfc.replace("-", "_"))


def is_arrow(before, after):
    """Is there an arrow? An end without a connection may do what CLOSED does, and LISTEN: when its
    program opens or closes, no segment tells."""
    if before in IDLE:
        return after in IDLE or any((each, after) in arrows() for each in IDLE)
    return (before, after) in arrows()
