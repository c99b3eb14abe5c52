# Reads kinds.table, and makes a kind a segment when the variables are known.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The kinds of segment that are sent."""

import re
from dataclasses import dataclass
from pathlib import Path

from wire import MODULUS, Segment, flags_of

TABLE = Path(__file__).resolve().parent / "kinds.table"
UNITS = {"K": 1000, "M": 2**20, "G": 2**30}
SYN_OPTIONS = {"mss": 1400, "scale": 7}
WINDOW, SYN_WINDOW = 500, 64000  # the same, scaled and not


@dataclass(frozen=True)
class Kind:
    """One row of the table."""

    name: str
    flags: int
    seq: str
    ack: str  # empty: no ACK field
    octets: int
    options: frozenset

    def segment(self, variables, clock):
        """The segment that it is for an end with these variables (names as in the RFC). `clock`
        gives the peer's timestamps: (TSval, TSecr) for "now", "copy" or "stale"."""
        age = next(iter(self.options & {"copy", "stale"}), "now")
        opening = "SYN" in self.options
        return Segment(
            flags=self.flags,
            seq=value(self.seq, variables),
            ack=value(self.ack, variables) if self.ack else 0,
            window=SYN_WINDOW if opening else WINDOW,
            text=b"x" * self.octets,
            timestamps=None if "bare" in self.options else clock(age),
            urgent=self.octets if "urgent" in self.options else 0,
            **(SYN_OPTIONS if opening else {}),
        )


def value(expression, variables):
    """A sum of names and numbers."""
    terms = re.findall(r"([+-]?)([A-Z.]+|\d+)", expression)
    known = UNITS | variables
    total = sum(
        (-1 if sign == "-" else 1) * (known[name] if name in known else int(name))
        for sign, name in terms
    )
    return total % MODULUS


def read_kinds(path=TABLE):
    """The kinds by their names, in the table's order."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    kinds = [read_kind(line) for line in lines if line]
    return {kind.name: kind for kind in kinds}


def read_kind(line):
    name, letters, seq, ack, octets, options = (cell.strip() for cell in line.split("|"))
    flags = flags_of(letters.strip("-"))
    return Kind(name, flags, seq, ack.strip("-"), int(octets), frozenset(options.split()))
