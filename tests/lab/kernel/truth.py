# What the kernel said about the two ends (NAME.truth.json), as steps that a plugin can show.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel's word."""

import json
from collections import namedtuple
from itertools import product

from shown import without_absences

KernelStep = namedtuple("KernelStep", "state frame until")

MANY = 12  # steps without a frame; all readings of more would take too long


def read_truth(capture):
    return json.loads(capture.with_suffix(".truth.json").read_text())


def with_truth(directory):
    """The captures in `directory` that a truth lies beside."""
    found = [truth.with_name(truth.name.replace(".truth.json", ".pcapng"))
             for truth in sorted(directory.glob("*.truth.json"))]
    if not found:
        raise RuntimeError(f"no truth in {directory}")
    return found


def kernel_steps(truth, end, last, crossing=True):
    """All steps, in order of time, as a capture can show them whose last frame is `last`. Those
    without a frame need not be shown, but may be; so may the state in which a capture that begins
    late finds an end. Without `crossing`, each belongs to its own frame, whatever crossed it."""
    initial = truth.get("initial", {}).get(end)
    first = [KernelStep(initial, None, None)] if initial else []
    moves = in_order(truth, end)
    if not crossing:
        return first + [KernelStep(move["to"], move["own"], move["own"]) for move in moves]
    limits = [move["frame"] for move in moves[1:]] + [None]
    return first + [step(move, limit, last) for move, limit in zip(moves, limits)]


def step(move, limit, last):
    if not move["crossed"]:
        return KernelStep(move["to"], move["frame"], move["frame"])
    return KernelStep(move["to"], move["frame"] if move["frame"] < last else None, limit)


def visible(steps):
    """Those that must be shown."""
    return without_absences([step for step in steps if step.frame is not None])


def readings(steps):
    """All sequences of steps that agree with `steps`: those without a frame may be left out."""
    silent = [step.frame is None for step in steps]
    choices = product((False, True), repeat=sum(silent)) if sum(silent) <= MANY else [()]
    for chosen in choices:
        choice = iter(chosen)
        yield [step for step, quiet in zip(steps, silent) if not quiet or next(choice, False)]


def kernel_states(truth, end, frames):
    """The kernel's state after each frame: {number: (as far as frames tell, really, and those that
    it was still in because the frame that ended them was on its way)}."""
    moves = in_order(truth, end)
    states, position = {}, 0
    told = real = truth.get("initial", {}).get(end, "CLOSED")
    left = []  # (state, until)
    for frame in frames:
        while position < len(moves) and happened(moves[position], frame):
            left.append((real, moves[position].get("still", 0)))
            real = moves[position]["to"]
            if moves[position]["frame"] is not None:
                told = real
            position += 1
        still = [state for state, until in left if frame.number <= until]
        states[frame.number] = (told, real, *still)
    return states


def in_order(truth, end):
    """One end's transitions, their frames in the order of time (rule 4 of compare.py)."""
    last, moves = 0, []
    for move in truth["transitions"]:
        if move["end"] == end:
            crossed = bool(move["frame"]) and move["frame"] < last
            last = max(last, move["frame"] or 0)
            frames = {"own": move["frame"], "frame": move["frame"] and last}
            moves.append({**move, **frames, "crossed": crossed})
    return moves


def happened(move, frame):
    if move["frame"] is None:
        return float(move["time"]) < frame.time
    return move["frame"] <= frame.number
