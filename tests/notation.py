#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""The page of the ladders' notation (tests/ladders/README.md) names each field of a segment that segment.def lets
ladders write. Exit status: 0 it does; 1 it does not, and what is missing is named."""

import pathlib
import re
import sys

import dump


def main():
    page = pathlib.Path(__file__).resolve().parent / "ladders/README.md"
    named = set(re.findall(r"<([A-Z]+)[=>]", page.read_text(encoding="utf-8")))
    missing = [key for key in dump.LADDER if key not in named]
    print(*("%s does not tell of <%s>" % (page, key) for key in missing), sep="\n")
    return 1 if missing or not dump.LADDER else 0


sys.exit(main())
