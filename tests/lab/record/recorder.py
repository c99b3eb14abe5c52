# Plays one scenario in a lab, under trace and capture, checks that it became what it is named
# after, and writes the capture and the kernel's truth about it.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Recording one scenario."""

import json
import os
import re
from copy import copy
from functools import cached_property

import pcapng
from capture import clock_offset
from credit import BURST, credit_all
from kerneltrace import EVENTS, PORT, Flow, Kernel
from lab import Lab, undisturbed
from link import Link
from packet import FIN, RST, SYN, is_icmp_error, same_packet, segment
from ringbuffer import Trace
from sendings import is_reset, resets, retransmissions
from steady import STANDSTILL, StoodStill, Watch

ROLES = ("client", "server")
CROSSING = 10**9  # ns that a packet may at most take from one capture point to the other


class NotAsNamed(Exception):
    """The recording does not show what the scenario says."""


def record(scenario, vantages, directory, network=0):
    """Record `scenario`: write a capture from each of the `vantages`, and the truth beside it."""
    recording = play(scenario, network)
    if recording.tracing.watch.longest > STANDSTILL:
        raise StoodStill(f"the machine stood still for {recording.tracing.watch.longest:.2f} s")
    truth = recording.truth(scenario.vantage)
    check(scenario, truth, wire(recording.segments[scenario.vantage], truth))
    for vantage in vantages:
        suffix = f"@{vantage}" if len(vantages) > 1 else ""
        recording.write(directory / f"{scenario.name}{suffix}.pcapng", vantage, about(scenario))


def play(scenario, network):
    link = None if scenario.delay is None else Link(scenario.delay)
    with Lab(scenario.ip_version, link, network) as lab:
        with Tracing() as tracing:
            port = scenario.play(lab)
            tracing.stop()
        recording = Recording(lab, tracing)
    return recording.only(port) if port else recording


def about(scenario):
    """What a truth says first."""
    return {
        "scenario": scenario.name,
        "story": scenario.story,
        "impaired": scenario.impaired,
        "kernel": kernel_version(),
    }


class Recording:
    """What was captured at both hosts, and what the kernel said meanwhile."""

    def __init__(self, lab, tracing):
        self.tracing = tracing
        self.points = {host.role: host.capture for host in lab.hosts}
        self.printed = {"netstat": lab.netstat_log, "iptables": lab.iptables_log}
        self.keep({host.role: kept(host.capture.frames()) for host in lab.hosts})

    def keep(self, frames):
        self.frames = frames
        self.segments = {role: parse(frames[role]) for role in ROLES}

    def only(self, port):
        """The part of it that is about one port of the client."""
        part = copy(self)
        part.keep({role: about_port(port, frames) for role, frames in self.frames.items()})
        return part

    def truth(self, vantage):
        return {"vantage": vantage} | tell(self.segments, vantage, self.tracing)

    def write(self, path, vantage, first):
        """Write the capture, and the truth beside it, unless nothing is to be seen there."""
        if not self.segments[vantage]:
            return
        truth = first | self.truth(vantage)
        truth |= {command: lines for command, lines in self.printed.items() if lines}
        point = self.points[vantage]
        pcapng.write(path, self.frames[vantage], point.link, point.interface)
        write_truth(path, truth)


def write_truth(capture, truth):
    text = one_line_each(json.dumps(truth, indent=1))
    capture.with_suffix(".truth.json").write_text(text + "\n")


class Tracing:
    """The trace of a scenario together with the clock that leads to the captures' time."""

    def __init__(self):
        self.trace = Trace(f"tcpstate-{os.getpid()}", EVENTS)
        self.watch = Watch()
        self.events = None
        self.offset, self.uncertainty = clock_offset()

    def __enter__(self):
        self.watch.begin()
        return self

    def __exit__(self, *_):
        with undisturbed():
            self.watch.end()
            self.trace.close()

    def stop(self):
        """Before the lab is taken down, which would close the sockets under trace."""
        self.watch.end()
        self.events = self.trace.events()
        offset, uncertainty = clock_offset()
        self.step, self.offset = offset - self.offset, (offset + self.offset) // 2
        self.uncertainty = max(uncertainty, self.uncertainty)

    @cached_property
    def kernel(self):
        return Kernel(self.events)

    def clock(self):
        return {
            "source": "CLOCK_REALTIME",
            "offset_ns": self.offset,
            "uncertainty_ns": self.uncertainty,
            "step_ns": self.step,
        }


def kept(frames):
    """What belongs into a capture: TCP, and ICMP errors about it. Neighbour discovery does not."""
    return [(time, frame) for time, frame in frames if segment(time, frame) or is_icmp_error(frame)]


def about_port(port, frames):
    parsed = ((time, frame, segment(time, frame)) for time, frame in frames)
    return [(t, f) for t, f, s in parsed if s and port in (s.source[1], s.target[1])]


def parse(frames):
    """The TCP segments among `frames`, numbered as Wireshark will number them."""
    found = []
    for number, (time, frame) in enumerate(frames, 1):
        parsed = segment(time, frame)
        if parsed:
            parsed.number = number
            found.append(parsed)
    return found


def tell(segments, vantage, tracing):
    """Addresses, clock, transitions and final states."""
    ends = endpoints(segments)
    transitions, final = [], {}
    for role, other in (ROLES, ROLES[::-1]):
        timeline = tracing.kernel.timeline(Flow(*ends[role], *ends[other]))
        timeline = [move._replace(time=move.time + tracing.offset) for move in timeline]
        final[role] = timeline[-1].new if timeline else "CLOSED"
        for move, credited in credit_all(timeline, segments[role], ends[role]):
            after = []
            if role != vantage:
                here, there = segments[role], segments[vantage]
                seen = [seen_elsewhere(each, ends[role], here, there) for each in credited]
                seen = seen if all(seen) else []
                after = sent_before(last(credited), last(seen), ends[role], here, there)
                credited = seen
            transitions.append(describe(move, role, last(credited), last(after)))
    transitions.sort(key=lambda transition: transition["time"])
    described = {role: {"addr": str(ends[role][0]), "port": ends[role][1]} for role in ROLES}
    described |= {"clock": tracing.clock(), "transitions": transitions, "final": final}
    return described | {"sent": tell_sendings(segments, ends, vantage, tracing)}


def tell_sendings(segments, ends, vantage, tracing):
    """Of each RST why the kernel sent it, and of what was sent again in which state."""
    told = []
    for role, other in (ROLES, ROLES[::-1]):
        flow = Flow(*ends[role], *ends[other])
        mine = [each for each in segments[role] if each.source == ends[role]]
        known = resets(mine, of_flow(tracing.kernel.resets, flow, tracing.offset))
        known |= retransmissions(mine, of_flow(tracing.kernel.retransmissions, flow, tracing.offset))
        for each in (s for s in segments[vantage] if s.source == ends[role]):
            here = role == vantage
            twin = each if here else counterpart(each, segments[vantage], segments[role], ends[vantage])
            if twin in known or is_reset(each):
                what = "reset" if is_reset(each) else "again"
                told.append({"frame": each.number, "end": role, what: known.get(twin)})
    return sorted(told, key=lambda each: each["frame"])


def of_flow(sendings, flow, offset):
    """A listener that sends a RST names no peer."""
    listener = flow._replace(peer_port=0)
    mine = (each for each in sendings if each.flow == flow or alike(each.flow, listener))
    return [each._replace(time=each.time + offset) for each in mine]


def alike(flow, listener):
    return flow._replace(peer_addr=listener.peer_addr) == listener


def last(segments):
    """The one that a capture has last: where several made a move, it took all of them."""
    return max(segments, key=lambda each: each.number, default=None)


def sent_before(cause, seen, me, here, there):
    """What the other capture has of `me` after the frame that made it move, although it was sent
    before that had come: the frame was still on its way. `cause` here is `seen` there."""
    if not seen or cause.source == me:
        return []
    later = [each for each in there if each.number > seen.number and each.source == me]
    return [each for each in later if any(s.time < cause.time for s in origins(each, here))]


def origins(segment, where):
    """As `where` has it that was sent there: of identical ones the last that can be it."""
    times = [each for each in copies(segment, where) if 0 <= segment.time - each.time < CROSSING]
    return times[-1:]


def describe(move, role, credited, after):
    """`still`: the last frame that was sent before the move, where that is later than `frame`."""
    told = {
        "time": epoch(move.time),
        "end": role,
        "from": move.old,
        "to": move.new,
        "frame": credited.number if credited else None,
        "source": move.source,
    }
    return told | ({"still": after.number} if after else {})


def endpoints(segments):
    """Who is who: the server is at the server's port."""
    first = next(s for role in ROLES for s in segments[role])
    pair = sorted((first.source, first.target), key=lambda end: end[1] == PORT)
    return dict(zip(ROLES, pair))


def seen_elsewhere(credited, me, here, there):
    """`credited` as the other host's capture has it. What an end sent to announce its move may be
    lost or overtaken on the way there; then the first of what it sent again, as that capture has
    it, announced it."""
    candidates = [credited]
    if credited.source == me:
        candidates += [each for each in here if repeats(each, credited)]
    found = [counterpart(each, here, there, me) for each in candidates]
    return min(filter(None, found), key=lambda each: each.number, default=None)


def repeats(later, earlier):
    """Does it say the same once more (a SYN, a FIN at the same place, a RST)?"""
    what = (SYN | FIN | RST) & earlier.flags
    same = later.end == earlier.end if what == FIN else later.seq == earlier.seq
    mine = later.source == earlier.source and later.number > earlier.number
    return mine and same and later.has(what)


def counterpart(segment, here, there, me):
    """The same packet at the other capture point: earlier there when `me` received it, later
    when `me` sent it. None when it never got there."""
    direction = 1 if segment.source == me else -1
    twins, others = (copies(segment, where) for where in (here, there))
    waits = [((other.time - segment.time) * direction, other) for other in others]
    near = [(wait, other.number, other) for wait, other in waits if 0 <= wait < CROSSING]
    if not near:
        return None
    if len(twins) == len(others):
        in_turn = others[twins.index(segment)]
        if any(other is in_turn for _, _, other in near):
            return in_turn
    run, turn = burst(min(near)[2], others), burst(segment, twins).index(segment)
    return run[min(turn, len(run) - 1)]


def burst(one, segments):
    """`one` and what comes with it. RSTs have no number of their own: only their order tells which
    is which, and the first here is the first there, unless just that one was lost."""
    place = segments.index(one)
    begin = end = place
    while begin and segments[begin].time - segments[begin - 1].time < BURST:
        begin -= 1
    while end + 1 < len(segments) and segments[end + 1].time - segments[end].time < BURST:
        end += 1
    return segments[begin : end + 1]


def copies(segment, where):
    return [s for s in where if s.source == segment.source and same_packet(s, segment)]


def wire(segments, truth):
    """The capture in short: `>S <SA >A`, the client's segments after `>`."""
    server = truth["server"]["port"]
    return " ".join("<>"[s.source[1] != server] + s.letters() for s in segments)


def path(truth, role):
    """One endpoint's states, from the first on: nobody listens yet when tracing begins."""
    return " ".join(["CLOSED"] + [m["to"] for m in truth["transitions"] if m["end"] == role])


def check(scenario, truth, arrows):
    """Fail, with what was seen, if the recording is not exactly the named situation."""
    seen = {"client": path(truth, "client"), "server": path(truth, "server"), "wire": arrows}
    for what, text in seen.items():
        expected = getattr(scenario, what)
        if not re.fullmatch(expected, text):
            raise NotAsNamed(f"{what}\n  expected {expected}\n  recorded {text}")


def kernel_version():
    """Without what a distribution or a builder appends."""
    return os.uname().release.split("-")[0]


def epoch(nanoseconds):
    return f"{nanoseconds // 10**9}.{nanoseconds % 10**9:09d}"


def one_line_each(text):
    """Indented JSON with its innermost objects on one line each, as people read tables."""
    return re.sub(r"\{[^{}\[\]]*\}", lambda match: re.sub(r"\n *", " ", match.group()), text)
