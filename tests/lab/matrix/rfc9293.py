# What RFC 9293 has one end do with one segment, read off the text of section 3.10.7 and nothing
# else: the third opinion, beside the kernel's and the plugin's. The mitigations of RFC 5961 are on,
# as section 3.10.7.4 describes them; RFC 7323 is in force where both SYNs had timestamps.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""SEGMENT ARRIVES. A FIN beyond a hole waits like text: step 8 is for the one that fits."""

from dataclasses import dataclass

from wire import ACK, FIN, RST, SYN, distance

TEXT_STATES = ("ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2")
AFTER_FIN = {"ESTABLISHED": "CLOSE_WAIT", "FIN_WAIT_1": "CLOSING", "FIN_WAIT_2": "TIME_WAIT"}


@dataclass(frozen=True)
class Tcb:
    """One end before the segment arrives. `active`: its SYN was not an answer. `closed`: its
    program has called CLOSE, and cannot read any more (MAY-1)."""

    state: str
    active: bool
    closed: bool
    iss: int
    snd_una: int
    snd_nxt: int
    rcv_nxt: int
    rcv_wnd: int
    max_snd_wnd: int
    ts_recent: int = None  # None: no timestamps were agreed on


@dataclass(frozen=True)
class Outcome:
    """The state after it, the flags of what is sent in reply, and the text that says so."""

    state: str
    reply: str
    section: str


def arrives(tcb, segment):
    if tcb.state == "LISTEN":
        return in_listen(segment)
    if tcb.state == "SYN_SENT":
        return in_syn_sent(tcb, segment)
    return elsewhere(tcb, segment)


def in_listen(segment):
    if segment.has(RST):
        return Outcome("LISTEN", "", "3.10.7.2 step 1")
    if segment.has(ACK):
        return Outcome("LISTEN", "R", "3.10.7.2 step 2")
    if segment.has(SYN):
        return Outcome("SYN_RCVD", "SA", "3.10.7.2 step 3")
    return Outcome("LISTEN", "", "3.10.7.2 step 4")


def in_syn_sent(tcb, segment):
    if segment.has(ACK) and not is_new(tcb, segment.ack):
        return Outcome("SYN_SENT", "" if segment.has(RST) else "R", "3.10.7.3 step 1")
    if segment.has(RST):
        return Outcome("CLOSED" if segment.has(ACK) else "SYN_SENT", "", "3.10.7.3 step 2")
    if not segment.has(SYN):
        return Outcome("SYN_SENT", "", "3.10.7.3 step 5")
    if not segment.has(ACK):
        return Outcome("SYN_RCVD", "SA", "3.10.7.3 step 4")
    if segment.has(FIN):
        return Outcome("CLOSE_WAIT", "A", "3.10.7.4 step 8")
    return Outcome("ESTABLISHED", "A", "3.10.7.3 step 4")


def elsewhere(tcb, segment):
    """Section 3.10.7.4, step by step: the first that has something to say ends it."""
    steps = (renewed, too_old, crossed, outside, reset, opened, unacknowledging, in_vain)
    for step in steps:
        if outcome := step(tcb, segment):
            return outcome
    return acknowledged(tcb, segment)


def renewed(tcb, segment):
    """A SYN in TIME-WAIT (MAY-2; RFC 6191 section 2: by its timestamp or its number)."""
    if tcb.state != "TIME_WAIT" or not is_bare_syn(segment):
        return None
    beyond = distance(segment.seq, tcb.rcv_nxt) > 0 and not is_stale(tcb, segment)
    if beyond or is_later(tcb, segment):
        return Outcome("SYN_RCVD", "SA", "3.6.1")
    return Outcome("TIME_WAIT", "A", "3.10.7.4 step 1")


def too_old(tcb, segment):
    """RFC 7323: section 5.3 R1 about an old timestamp, section 3.2 about a missing one."""
    if segment.has(RST) or tcb.ts_recent is None:
        return None
    if segment.timestamps is None:
        return Outcome(tcb.state, "", "RFC 7323 3.2")
    return Outcome(tcb.state, "A", "RFC 7323 5.3") if is_stale(tcb, segment) else None


def crossed(tcb, segment):
    """The answer to a SYN that crossed the other one on the way. Its number is old, but its ACK is
    taken."""
    if tcb.state != "SYN_RCVD" or not tcb.active or not is_answer(segment):
        return None
    if segment.end != tcb.rcv_nxt or not is_new(tcb, segment.ack):
        return None
    return Outcome("ESTABLISHED", "A", "3.5 Figure 7")


def outside(tcb, segment):
    if is_acceptable(tcb, segment):
        return None
    return Outcome(tcb.state, "" if segment.has(RST) else "A", "3.10.7.4 step 1")


def reset(tcb, segment):
    if not segment.has(RST):
        return None
    if segment.seq != tcb.rcv_nxt:
        return Outcome(tcb.state, "A", "3.10.7.4 step 2")
    return Outcome(gone(tcb), "", "3.10.7.4 step 2")


def opened(tcb, segment):
    if not segment.has(SYN):
        return None
    if tcb.state == "SYN_RCVD" and not tcb.active:
        return Outcome("LISTEN", "", "3.10.7.4 step 4")
    return Outcome(tcb.state, "A", "3.10.7.4 step 4")


def unacknowledging(tcb, segment):
    if not segment.has(ACK):
        return Outcome(tcb.state, "", "3.10.7.4 step 5")
    if tcb.state == "SYN_RCVD":
        return None if is_new(tcb, segment.ack) else Outcome("SYN_RCVD", "R", "3.10.7.4 step 5")
    if distance(segment.ack, tcb.snd_nxt) > 0:
        return Outcome(tcb.state, "A", "3.10.7.4 step 5")
    if distance(segment.ack, tcb.snd_una - tcb.max_snd_wnd) < 0:
        return Outcome(tcb.state, "A", "3.10.7.4 step 5")
    return None


def in_vain(tcb, segment):
    """New text that nobody will read (SHLD-3)."""
    if not tcb.closed or tcb.state not in TEXT_STATES or not segment.text:
        return None
    if distance(segment.seq + len(segment.text), tcb.rcv_nxt) <= 0:
        return None
    return Outcome("CLOSED", "R", "3.6.1")


def acknowledged(tcb, segment):
    """The ACK is acceptable: what it acknowledges, then text and FIN."""
    state, whole = tcb.state, segment.ack == tcb.snd_nxt
    if state == "LAST_ACK" and whole:
        return Outcome("CLOSED", "", "3.10.7.4 step 5")
    if state == "CLOSING" and not whole:
        return Outcome(state, "", "3.10.7.4 step 5")
    if state in ("CLOSING", "FIN_WAIT_1") and whole:
        state = {"CLOSING": "TIME_WAIT", "FIN_WAIT_1": "FIN_WAIT_2"}[state]
    if state == "SYN_RCVD":
        state = "ESTABLISHED"
    if segment.has(FIN) and is_complete(tcb, segment):
        return Outcome(AFTER_FIN.get(state, state), "A", "3.10.7.4 step 8")
    if segment.length:
        return Outcome(state, "A" if state in TEXT_STATES else "", "3.10.7.4 step 7")
    return Outcome(state, "", "3.10.7.4 step 5")


# -- what the steps ask ----------------------------------------------------------------------------


def is_new(tcb, ack):
    """SND.UNA < SEG.ACK =< SND.NXT"""
    return distance(ack, tcb.snd_una) > 0 >= distance(ack, tcb.snd_nxt)


def is_acceptable(tcb, segment):
    """Table 6."""
    if not tcb.rcv_wnd:
        return not segment.length and segment.seq == tcb.rcv_nxt
    ends = [segment.seq] + ([segment.end - 1] if segment.length else [])
    return any(0 <= distance(each, tcb.rcv_nxt) < tcb.rcv_wnd for each in ends)


def is_complete(tcb, segment):
    """Does it fill all up to its FIN, which is in the window?"""
    last = distance(segment.end - 1, tcb.rcv_nxt)
    return distance(segment.seq, tcb.rcv_nxt) <= 0 <= last < tcb.rcv_wnd


def is_answer(segment):
    return segment.has(SYN | ACK) and not segment.has(RST) and not segment.has(FIN)


def is_bare_syn(segment):
    return segment.has(SYN) and not segment.has(ACK) and not segment.has(RST)


def is_stale(tcb, segment):
    stamped = tcb.ts_recent is not None and segment.timestamps is not None
    return stamped and distance(segment.timestamps[0], tcb.ts_recent) < 0


def is_later(tcb, segment):
    stamped = tcb.ts_recent is not None and segment.timestamps is not None
    return stamped and distance(segment.timestamps[0], tcb.ts_recent) > 0


def gone(tcb):
    """Where an acceptable RST leads."""
    return "LISTEN" if tcb.state == "SYN_RCVD" and not tcb.active else "CLOSED"
