# Writes captures/README.md: the text of readme.head, then a table of all captures from the
# stories beside the scenarios, so that no story is told twice.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of captures."""

import hashlib
import json
import struct
from pathlib import Path

import pcapng
from catalogue import CRAFTED, SCENARIOS

HEAD = Path(__file__).parent / "readme.head"
COLUMNS = ("file", "story", "how recorded", "frames", "sha256")


def write(directory):
    rows = [row(directory, each, recorded(directory, each)) for each in SCENARIOS.values()]
    rows += [row(directory, each, "made up with Scapy") for each in CRAFTED.values()]
    lines = [COLUMNS, ["---"] * len(COLUMNS), *rows]
    table = "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
    (directory / "README.md").write_text(HEAD.read_text() + "\n" + table + "\n")


def row(directory, entry, how):
    file = f"{entry.name}.pcapng"
    data = (directory / file).read_bytes()
    story = entry.story.replace("|", "\\|")
    return f"`{file}`", story, how, frames(data), f"`{hashlib.sha256(data).hexdigest()}`"


def recorded(directory, entry):
    truth = json.loads((directory / f"{entry.name}.truth.json").read_text())
    return f"Linux {truth['kernel']}, at the {truth['vantage']}"


def frames(data):
    """The number of packet blocks in a pcapng file."""
    position = count = 0
    while position < len(data):
        kind, length = struct.unpack_from("<II", data, position)
        count += kind == pcapng.PACKET
        position += length
    return count
