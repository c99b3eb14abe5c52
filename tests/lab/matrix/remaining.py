# What is known to be wrong: the cells in which the plugin does not yet show what it should, as
# committed in remaining.table. It knows nothing of why a cell is wrong; judge.py does.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The cells that are known to be wrong, and whether they still are."""

from collections import defaultdict, namedtuple
from pathlib import Path

from kinds import read_kinds
from situations import SITUATIONS

TABLE = Path(__file__).resolve().parent / "remaining.table"
UNEXPLAINED = "?"  # the class of a row that the program has written, and nobody has looked at yet
READINGS = ("live", "hindsight")

# What is wrong in a cell, in one reading: an aspect (state, reply, answers, possible, accused), and
# what is shown instead of what is right.
Wrong = namedtuple("Wrong", "reading aspect situation kind shown")


def read_remaining(path=TABLE):
    """{Wrong: class}, and the lines before the first row."""
    rows, head = {}, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        bare = line.split("#")[0].strip()
        if not bare:
            head += [] if rows else [line]
            continue
        why, readings, aspect, situations, kinds, shown = (part.strip() for part in bare.split("|"))
        for reading in readings.split():
            for situation in situations.split():
                for kind in kinds.split():
                    wrong = Wrong(reading, aspect, situation, kind, shown)
                    check(path, number, wrong, rows)
                    rows[wrong] = why
    return rows, head


def check(path, number, wrong, rows):
    here = f"{path.name}:{number}: "
    if wrong in rows:
        raise ValueError(f"{here}{told(wrong)} stands there twice")
    if wrong.reading not in READINGS:
        raise ValueError(f"{here}there is no reading {wrong.reading}")
    for name, known in ((wrong.situation, SITUATIONS), (wrong.kind, read_kinds())):
        if name not in known:
            raise ValueError(f"{here}there is no {name}")


def compare_remaining(found, judged, known):
    """(worse, better): what is wrong and in no row, and the rows of which that is not true any
    more, among the (situation, kind) that were judged."""
    worse = sorted(found - set(known))
    better = sorted(row for row in set(known) - found if (row.situation, row.kind) in judged)
    return worse, better


def write_remaining(found, path=TABLE):
    """The table anew. What was known keeps its class, what is new gets none."""
    known, head = read_remaining(path)
    rows = by(found, lambda each: (known.get(each, UNEXPLAINED), *each), 1)  # readings in one row
    rows = by(rows, lambda row: row, 4)  # and kinds
    rows = by(rows, lambda row: row, 3)  # and situations
    lines = [" | ".join(row) for row in sorted(rows)]
    path.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")


def by(items, row_of, column):
    """Rows that differ in one column only become one."""
    merged = defaultdict(list)
    for row in map(row_of, items):
        merged[row[:column] + row[column + 1 :]].append(row[column])
    return [
        (*key[:column], " ".join(sorted(values)), *key[column:]) for key, values in merged.items()
    ]


def told(wrong):
    reading, aspect, situation, kind, shown = wrong
    return f"{reading}: {situation}, {kind}: {aspect} {shown or '-'}"
