# Packets that somebody else puts on the link, in the client's or the server's name.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Forged segments, made from what the capture point has seen."""

import logging

from packet import segment

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)  # it would speak of missing routes

MODULUS = 2**32
WINDOW = 500


def forged(host, flags, offset=0, data=b"", ack_offset=0):
    """A segment as `host` would send it next, its numbers so far away from that."""
    from scapy.layers.inet import IP, TCP  # slow to import, and rarely needed
    from scapy.layers.inet6 import IPv6

    last = last_sent(host)
    (source, sport), (target, dport) = last.source, last.target
    network = IPv6 if host.address.version == 6 else IP
    seq, ack = (last.end + offset) % MODULUS, (last.ack + ack_offset) % MODULUS
    return (
        network(src=str(source), dst=str(target))
        / TCP(sport=sport, dport=dport, flags=flags, seq=seq, ack=ack, window=WINDOW)
        / data
    )


def forged_reset(host, offset):
    return forged(host, "R", offset)


def last_sent(host):
    """The latest segment of `host` that its capture point has seen."""
    parsed = (segment(time, frame) for time, frame in reversed(host.capture.frames()))
    return next(each for each in parsed if each and each.source[0] == host.address)


def replayed(host, letters):
    """The first frame of `host` that looks like `letters` (see Segment.letters), once more."""
    sent = ((segment(time, frame), frame) for time, frame in host.capture.frames())
    own = ((found, frame) for found, frame in sent if found and found.source[0] == host.address)
    return next(frame for found, frame in own if found.letters() == letters)
