# SPDX-License-Identifier: GPL-2.0-or-later
"""A captured segment as a line of numbers (dump.h), for scripts: the columns, a line, and lines read."""

import pathlib
import re

TABLE = (pathlib.Path(__file__).resolve().parents[1] / "plugin/core/tables/segment.def").read_text(encoding="utf-8")
SAID = re.findall(r"^(?:HEADER|OPTION)\(\w+, (\w+),", TABLE, re.M)
COLUMNS = ["frame", "time", "since", "icmp", "from", *SAID, "client", "client_port", "server", "server_port"]
HAS = {name: int(bit, 16) for name, bit in re.findall(r"^HAS\((\w+), (\w+),", TABLE, re.M)}
LADDER = re.findall(r"^(?:HEADER|OPTION|HAS)\(.*?\"([A-Z]+)\"", TABLE, re.M)
FLAG = {name: int(bit, 16) for name, bit in re.findall(r"^FLAG\((\w+), (\w+)\)", TABLE, re.M)}


def line(**values):
    """Whatever is not given is 0; 'from', which is a word of Python's, is 'sender'."""
    values["from"] = values.pop("sender", 0)
    unknown = values.keys() - set(COLUMNS)
    assert not unknown, unknown
    ends = {"client": "192.0.2.1", "server": "192.0.2.2"}
    return " ".join(str(values.get(name, ends.get(name, 0))) for name in COLUMNS)


def rows(text):
    for row in text.splitlines():
        words = dict(zip(COLUMNS, row.split(), strict=True))
        yield {name: int(word) if re.fullmatch(r"-?\d+", word) else word for name, word in words.items()}
