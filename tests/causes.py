#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every cause, and every reason to send again, has a ladder that says it, and a near miss that does not.

    causes.py CAUSES.DEF LADDERS

LADDERS is tests/ladders/causes, or resends for resends.def: NAME.ladder and NAME-not.ladder. ladder_run holds
a ladder to what it says; so it is enough to read it. Exit status: 0 all well, 1 something is missing, which is named.
"""
import pathlib
import re
import sys

NO_ROWS = ("cannot_tell", "nothing")  # what is left where no row holds


def wrong(cause, directory):
    for story, says in ((f"{cause}.ladder", True), (f"{cause}-not.ladder", False)):
        path = directory / story
        if not path.exists():
            yield f"{cause}: there is no {story}"
            continue
        named = re.findall(r"\((?:cause|sent again:) (\w+)", path.read_text(encoding="utf-8"))
        if not named:
            yield f"{story}: it names no cause"
        elif (cause in named) != says:
            yield f"{story}: {cause} is {'not named' if says else 'named in its near miss'}"


def main():
    definition, directory = (pathlib.Path(argument) for argument in sys.argv[1:])
    causes = re.findall(r"^(?:CAUSE|RESEND|RESEND_RULE)\((\w+),", definition.read_text(encoding="utf-8"), re.M)
    causes = [cause for cause in causes if cause not in NO_ROWS]
    found = [line for cause in causes for line in wrong(cause, directory)]
    print("\n".join([*found, f"{len(causes)} causes, {len(found)} wrong"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
