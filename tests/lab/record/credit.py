# Which frame does a transition belong to? To the one that announced it (a SYN, FIN or RST that
# the endpoint sent) or the one that caused it (a segment that the endpoint received). Timers and
# silent closes have none.
#
# Works on the frames of the endpoint's own capture point, where cause and effect are
# microseconds apart; a frame that was lost on the way is then never taken for a cause.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Transitions -> frames."""

from packet import ACK, FIN, RST, SYN, covers

NEAR = 5_000_000  # ns: what a CLOSED has to do with, it has to do with at once
BURST = 500_000  # ns: frames this close may all have been stamped before TCP saw the first
CLOCK_ERROR = 2_000  # ns

ANNOUNCED_BY = {"SYN_SENT": SYN, "FIN_WAIT_1": FIN, "LAST_ACK": FIN}


def credit(transition, segments, me):
    """The segments of `segments` that made `transition` of the endpoint `me`, an (address, port):
    none, one, or a FIN and the text that it has waited for. The last one is to be credited."""
    sent = [segment for segment in segments if segment.source == me]
    received = [segment for segment in segments if segment.target == me]
    if transition.new in ANNOUNCED_BY:
        found = first_after(transition.time, sent, flags_wanted(ANNOUNCED_BY[transition.new]))
    elif transition.new in ("CLOSED", "LISTEN"):
        found = credit_end(transition, sent, received)
    else:
        found = last_before(transition.time, received, cause(transition, sent))
        if found and found.has(FIN):
            filler = hole_filler(found, transition.time, received)
            return [found, filler] if filler else [found]
    return [found] if found else []


def hole_filler(fin, time, received):
    """The text that came after a FIN although it belongs before it: the FIN has waited for it."""
    later = [each for each in received if each.time > fin.time]
    return last_before(time, later, lambda each: belongs_before(each, fin))


def belongs_before(one, other):
    return one.length > 0 and one.seq != other.seq and covers(other.seq, one.seq)


def cause(transition, sent):
    """What a received segment must be, to have caused `transition`."""
    old, new = transition.old, transition.new
    if new == "SYN_RCVD":
        return flags_wanted(SYN)
    if new == "ESTABLISHED":
        return flags_wanted(SYN | ACK if old == "SYN_SENT" else ACK)
    if new == "FIN_WAIT_2" or old in ("CLOSING", "LAST_ACK"):
        return acknowledges_fin(transition.time, sent)
    return flags_wanted(FIN)


def credit_end(transition, sent, received):
    """CLOSED has many reasons: a RST received, the last ACK, a new SYN into TIME_WAIT, an abort,
    a timer, or the application giving up unheard, which a RST may announce much later."""
    if transition.old in ("CLOSED", "LISTEN"):
        return None  # a program begins to listen, or ceases to
    wanted = [flags_wanted(RST)]
    if transition.old == "LAST_ACK":
        wanted.append(acknowledges_fin(transition.time, sent))
    if transition.old == "TIME_WAIT":
        wanted.append(flags_wanted(SYN))
    nearby = [segment for segment in received if transition.time - segment.time < NEAR]
    for condition in wanted:
        found = last_before(transition.time, nearby, condition)
        if found:
            return found
    if transition.new == "LISTEN":
        return None
    return first_after(transition.time - NEAR, sent, flags_wanted(RST))


def flags_wanted(flags):
    return lambda segment: segment.has(flags)


def acknowledges_fin(time, sent):
    fins = [segment for segment in sent if segment.has(FIN) and segment.time <= time]
    if not fins:
        return lambda segment: False
    return lambda segment: segment.has(ACK) and covers(segment.ack, fins[-1].end)


def first_after(time, segments, wanted):
    return next((s for s in segments if s.time >= time - CLOCK_ERROR and wanted(s)), None)


def last_before(time, segments, wanted):
    """The last one wanted; or, in a burst before `time`, the first: TCP looked at it first. A RST
    may have been refused for its number; but what the last one has done, the first like it did."""
    found = [s for s in segments if s.time <= time + CLOCK_ERROR and wanted(s)]
    near = [s for s in found if time - s.time < BURST]
    burst = [s for s in near if not s.has(RST) or s.seq == near[-1].seq]
    return (burst or found[-1:] or [None])[0]


def credit_all(transitions, segments, me):
    """Pairs (transition, segments). A frame after the endpoint's next transition away from the
    new state cannot have announced it."""
    limits = [later.time for later in transitions[1:]] + [float("inf")]
    for transition, limit in zip(transitions, limits):
        credited = credit(transition, segments, me)
        if credited and transition.new == "CLOSED" and credited[-1].time > limit:
            credited = []
        yield transition, credited
