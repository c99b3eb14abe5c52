# What the kernel said about the two ends (NAME.truth.json), as steps that a plugin can show.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel's word."""

import json
from collections import namedtuple
from itertools import product

from shown import without_idle_beginnings

KernelStep = namedtuple("KernelStep", "state frame until")

MANY = 12  # steps without a frame; all readings of more would take too long


def read_truth(capture):
    return json.loads(capture.with_suffix(".truth.json").read_text())


def kernel_steps(truth, end, count):
    """All steps, in order of time, as a capture of so many frames can show them. Those without a
    frame need not be shown, but may be; so may the state in which a capture that begins late finds
    an end."""
    initial = truth.get("initial", {}).get(end)
    moves = in_order(truth, end)
    limits = [move["frame"] for move in moves[1:]] + [None]
    first = [KernelStep(initial, None, None)] if initial else []
    return first + [step(move, limit, count) for move, limit in zip(moves, limits)]


def step(move, limit, count):
    if not move["crossed"]:
        return KernelStep(move["to"], move["frame"], move["frame"])
    return KernelStep(move["to"], move["frame"] if move["frame"] < count else None, limit)


def visible(steps):
    return without_idle_beginnings([step for step in steps if step.frame is not None])


def readings(steps):
    """All sequences of states that agree with `steps`."""
    silent = [step.frame is None for step in steps]
    choices = product((False, True), repeat=sum(silent)) if sum(silent) <= MANY else [()]
    for chosen in choices:
        choice = iter(chosen)
        told = [step for step, quiet in zip(steps, silent) if not quiet or next(choice, False)]
        yield [step.state for step in without_idle_beginnings(told)]


def kernel_states(truth, end, frames):
    """The kernel's state after each frame: {number: (as far as frames tell, really)}."""
    moves = in_order(truth, end)
    states, position = {}, 0
    told = real = truth.get("initial", {}).get(end, "CLOSED")
    for frame in frames:
        while position < len(moves) and happened(moves[position], frame):
            real = moves[position]["to"]
            if moves[position]["frame"] is not None:
                told = real
            position += 1
        states[frame.number] = (told, real)
    return states


def in_order(truth, end):
    """One end's transitions, their frames in the order of time (rule 4 of compare.py)."""
    last, moves = 0, []
    for move in truth["transitions"]:
        if move["end"] == end:
            crossed = bool(move["frame"]) and move["frame"] < last
            last = max(last, move["frame"] or 0)
            moves.append({**move, "frame": move["frame"] and last, "crossed": crossed})
    return moves


def happened(move, frame):
    if move["frame"] is None:
        return float(move["time"]) < frame.time
    return move["frame"] <= frame.number
