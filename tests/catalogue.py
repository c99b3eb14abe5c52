#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every check has a ladder in which it fires and a near miss in which it does not.

    catalogue.py CHECKS.DEF LADDERS CHECKS-LEFT-OUT.MD

LADDERS is the directory tests/ladders/checks: NAME.ladder and NAME-not.ladder; NAME-WORD.ladder may tell more of the same check.
A ladder announces exactly what fires in it, in hindsight and live, and ladder_run holds it to that; so it is enough to read
what it announces. In a near miss the check fires in neither reading.
CHECKS-LEFT-OUT.MD has a row for each number of the catalogue, and names only checks that exist.
Exit status: 0 all well, 1 something is missing, which is named.
"""
import pathlib
import re
import sys

CATALOGUE = range(1, 103)


def announced(ladder):
    """The names in (! name, name) and (live A STATE ! name)."""
    found = re.findall(r"\((?:live (?:[AB] )?[\w-]*\??\s*)?! ([\w, ]+)\)", ladder.read_text(encoding="utf-8"))
    return {name for remark in found for name in re.findall(r"\w+", remark)}


def wrong_ladders(checks, directory):
    ladders = sorted(directory.glob("*.ladder"))
    have = {ladder.stem for ladder in ladders}
    for check in checks:
        for name in (check, check + "-not"):
            if name not in have:
                yield f"{check}: there is no {name}.ladder"
    for ladder in ladders:
        check, _, story = ladder.stem.partition("-")
        if check not in checks:
            yield f"{ladder.name}: there is no check {check}"
        elif story.startswith("not") and check in announced(ladder):
            yield f"{ladder.name}: {check} fires in its near miss"
        elif not story.startswith("not") and check not in announced(ladder):
            yield f"{ladder.name}: {check} does not fire"


def wrong_rows(checks, table):
    rows = re.findall(r"^\| *(\d+) \|([^|]*)\|(.*)\|$", table.read_text(encoding="utf-8"), re.M)
    numbers = [int(number) for number, _, _ in rows]
    for number in CATALOGUE:
        if numbers.count(number) != 1:
            yield f"{table.name}: number {number} has {numbers.count(number)} rows"
    named = set()
    for number, _, here in rows:
        names = set(re.findall(r"`(\w+)`", here))
        named |= names
        for name in sorted(names - set(checks)):
            yield f"{table.name}: number {number} names {name}, which is no check"
        if not names and not here.strip().startswith(("left out: ", "shown otherwise: ")):
            yield f"{table.name}: number {number} names no check and gives no reason"
    for check in checks:
        if check not in named:
            yield f"{table.name}: {check} is in no row"


def main():
    definition, directory, table = (pathlib.Path(argument) for argument in sys.argv[1:])
    checks = re.findall(r"^CHECK\((\w+),", definition.read_text(encoding="utf-8"), re.M)
    wrong = [*wrong_ladders(checks, directory), *wrong_rows(checks, table)]
    print("\n".join([*wrong, f"{len(checks)} checks, {len(wrong)} wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
