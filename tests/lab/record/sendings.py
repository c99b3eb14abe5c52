# Which captured segments the kernel's word is about: why it sent a RST, and in which state a sender
# was that sent something again.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Events of sending, and the frames that they sent."""

from packet import FIN, RST, SYN, covers

NEAR = 3_000_000  # ns between an event and the capture of what it sent; either may come first
TRAIN = 100_000  # ns between two segments that the kernel has sent as one, and cut on the way out


def pair(events, segments):
    """{segment: why} of those that an event sent. Both are in the order of time."""
    found, events = {}, list(events)
    for each in segments:
        while events and events[0].time < each.time - NEAR:
            events.pop(0)
        if events and events[0].time <= each.time + NEAR:
            found[each] = events.pop(0).why
    return found


def is_reset(segment):
    return bool(segment.flags & RST)


def repeated(segments):
    """Those with nothing new in them."""
    end = None
    for each in segments:
        if (each.length or each.flags & (SYN | FIN)) and not is_reset(each):
            if end is not None and covers(end, each.end):
                yield each
            else:
                end = each.end


def resets(sent, events):
    """The kernel's reason for each RST; None where it has not sent it."""
    of = [each for each in sent if is_reset(each)]
    return dict.fromkeys(of) | pair(events, of)


def retransmissions(sent, events):
    """The sender's state at each segment that it sent again, as far as the kernel told of it: once for
    what it sent at once, however many segments that became."""
    again, last = list(repeated(sent)), None
    found = pair(events, again)
    for each in again:
        if each not in found and last and each.seq == last.end and each.time - last.time <= TRAIN:
            found[each] = found[last]
        last = each if each in found else None
    return found
