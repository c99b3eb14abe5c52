# Captures that are not whole, made from whole ones: begun late, cut off, of one direction only, or
# with a frame missing. Their truth is that of the whole capture, as far as frames are left to tell.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Partial captures and their truth."""

from itertools import takewhile

import pcapng
from recorder import parse, write_truth
from shown import ENDS, IDLE
from truth import read_truth

# Of these, each over one version of IP.
WHOLE = ["server-closes-first", "fin-answered-at-once", "fin-with-data", "half-close-by-the-server"]
WHOLE += ["simultaneous-close-with-data", "client-aborts", "server-aborts", "simultaneous-open"]
WHOLE += ["client-aborts-in-fin-wait-2", "time-wait-reuse", "keepalive", "far-away"]
WHOLE += ["first-fin-lost-on-the-way", "request-lost-on-arrival"]


def derive_all(directory):
    """Make partial captures of those in `directory` that WHOLE names."""
    for index, name in enumerate(WHOLE):
        for version in (4, 6):
            vantage = ("client", "server")[index % 2]
            capture = directory / f"{name}-ipv{version}@{vantage}.pcapng"
            if capture.exists():
                derive(capture)
                break


def derive(capture):
    frames = pcapng.read(capture)
    segments = parse(frames)
    truth = read_truth(capture)
    for how, kept in selections(segments, truth):
        path = capture.with_name(f"partial-{how}-{capture.name}")
        pcapng.write(path, [frames[number - 1] for number in kept])
        write_truth(path, adapted(truth, kept, how, frames))


def selections(segments, truth):
    """Pairs of a word for people and the frames that are left."""
    count = len(segments)
    everything = range(1, count + 1)
    for first in sorted({2, 4, count // 2 + 1}):
        yield f"from-{first}", everything[first - 1 :]
    for last in sorted({2, count // 2, count - 1}):
        yield f"until-{last}", everything[:last]
    for end in ENDS:
        address = truth[end]["addr"]
        own = [each.number for each in segments if str(each.source[0]) == address]
        yield f"only-of-{end}", own
    for missing in sorted({2, 3, count // 2}):
        yield f"without-{missing}", [number for number in everything if number != missing]


def adapted(truth, kept, how, frames):
    """The truth with the frames that are left. What happened before them is the initial state;
    what came of frames that are missing among them has no frame; and what came after, nobody
    asks."""
    begin, place = kept[0], {old: new for new, old in enumerate(kept, 1)}
    start = frames[begin - 1][0] / 1e9
    before = [move for end in ENDS for move in begun(truth, end, begin, start)]
    after = [move for move in truth["transitions"] if move not in before]
    left = [move for move in after if move["frame"] is None or move["frame"] <= kept[-1]]
    transitions = [renumbered(move, place) for move in left]
    initial = {move["end"]: move["to"] for move in before}
    initial = {end: state for end, state in initial.items() if state not in IDLE}
    sent = [{**each, "frame": place[each["frame"]]} for each in truth["sent"] if each["frame"] in place]
    changed = {"impaired": True, "partial": how, "initial": initial, "transitions": transitions}
    changed["sent"] = sent
    return truth | changed


def renumbered(move, place):
    told = {key: value for key, value in move.items() if key != "still"}
    told["frame"] = place.get(move["frame"])
    still = max((new for old, new in place.items() if old <= move.get("still", 0)), default=0)
    return told | ({"still": still} if told["frame"] and still > told["frame"] else {})


def begun(truth, end, begin, start):
    """One end's moves before the capture begins. They come in order of time, though frames that
    cross can be captured in another: what follows a later move is later."""
    moves = (move for move in truth["transitions"] if move["end"] == end)
    return takewhile(lambda move: earlier(move, begin, start), moves)


def earlier(move, begin, start):
    return float(move["time"]) < start if move["frame"] is None else move["frame"] < begin
