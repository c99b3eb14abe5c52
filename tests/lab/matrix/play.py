# Plays the cells of one situation and one IP version, all at the same time in one namespace: they
# mostly wait. Writes what passed, and the kernel's truth about it.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Playing cells."""

import heapq
import json
import os
import time

import pcapng
import wire
from cell import Cell
from host import Host
from kinds import read_kinds
from situations import SITUATIONS

SETTLE = 0.08  # seconds; delayed ACKs are over (40 ms on Linux)
STAGGER = 0.004  # between the cells' beginnings, so that no cell waits for another's work
ROOM = 100  # ports for each situation, so that all captures may be read as one
LATER = 1.3  # the SYN, the FIN or the text has been sent again once


class NotThere(Exception):
    """The set-up did not lead where it should."""


class Stage:
    """A host, and the cells that use it."""

    def __init__(self, host):
        self.host, self.cells = host, {}

    def add(self, version, number, active):
        cell = Cell(self, version, number, active)
        self.cells[cell.own, cell.peer] = cell
        return cell

    def __getattr__(self, name):
        return getattr(self.host, name)

    def hand_out(self, timeout=0):
        """Give each packet of the kernel's to the cell that it belongs to."""
        while data := self.host.read(timeout):
            timeout, found = 0, wire.read(data)
            cell = found and self.cells.get(found[:2])
            if cell:
                cell.received(data, found[2])


def course(cell, situation, kind, told):
    """One cell, from the beginning to the end. Yields how long it waits."""
    situation.set_up(cell)
    yield SETTLE
    before = cell.state()
    if before != situation.state:
        raise NotThere(f"{situation.name}, {kind.name}: the kernel is in {before}")
    probe, variables = len(cell.frames), cell.variables()
    cell.send(kind.segment(variables, cell.clock))
    yield SETTLE
    told.update(kind=kind.name, before=before, after=cell.state(), probe=probe)
    told.update(until=len(cell.frames) - 1, variables=variables)
    yield LATER
    situation.go_on(cell)
    yield SETTLE
    cell.close()


def take_turns(stage, courses):
    began = time.monotonic()
    queue = [(began + index * STAGGER, index, each) for index, each in enumerate(courses)]
    while queue:
        due, index, each = heapq.heappop(queue)
        while (wait := due - time.monotonic()) > 0:
            stage.hand_out(wait)
        pause = next(each, None)
        if pause is not None:
            heapq.heappush(queue, (time.monotonic() + pause, index, each))


def play(name, version, directory):
    """All kinds in the situation `name`. Writes NAME-ipvN.pcapng, and the truth beside it."""
    situation, kinds = SITUATIONS[name], read_kinds().values()
    with Host() as host:
        stage = Stage(host)
        first = ROOM * list(SITUATIONS).index(name)
        cells = [stage.add(version, first + n, situation.active) for n, _ in enumerate(kinds)]
        told = [{} for _ in cells]
        parts = zip(cells, kinds, told)
        take_turns(stage, [course(cell, situation, *part) for cell, *part in parts])
    write(directory / f"{name}-ipv{version}.pcapng", situation, cells, told)


def write(path, situation, cells, told):
    """The packets of all cells in the order of time."""
    passed = sorted(
        (each.time, n, i) for n, cell in enumerate(cells) for i, each in enumerate(cell.frames)
    )
    numbers = {(n, i): number for number, (_, n, i) in enumerate(passed, 1)}
    frames = [(when, cells[n].frames[i].packet) for when, n, i in passed]
    pcapng.write(path, frames, pcapng.RAW)
    truth = {
        "situation": situation.name,
        "state": situation.state,
        "kernel": os.uname().release.split("-")[0],
        "cells": [describe(n, cell, told[n], numbers) for n, cell in enumerate(cells)],
    }
    path.with_suffix(".truth.json").write_text(to_text(truth))


def describe(n, cell, told, numbers):
    """The probe's frame, the last one of the kernel's immediate replies (or the probe's again), and
    the frames after which the kernel's state was another than before, with that state."""
    described = {"kernel": cell.own, "peer": cell.peer} | told
    for name in ("probe", "until"):
        described[name] = numbers[n, told[name]]
    states = [""] + [each.state for each in cell.frames]
    moved = (i for i, (old, new) in enumerate(zip(states, states[1:])) if old != new)
    return described | {"moves": [[numbers[n, i], states[i + 1]] for i in moved]}


def to_text(truth):
    """JSON with a line for each cell."""
    cells = ",\n".join("  " + json.dumps(cell) for cell in truth["cells"])
    head = json.dumps(truth | {"cells": []}, indent=1)
    return head.replace('"cells": []', f'"cells": [\n{cells}\n ]') + "\n"
