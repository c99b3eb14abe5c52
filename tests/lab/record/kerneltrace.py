# What the Linux kernel says about the state of every TCP endpoint, in the words of RFC 9293.
#
# The tracepoint sock:inet_sock_set_state speaks of full sockets only. Two states live in other
# objects: SYN_RCVD of a passive opener in a "request sock", TIME_WAIT (and FIN_WAIT_2 once the
# application has closed) in a "timewait sock". Their birth and death show as allocations from
# slab caches of their own, and what they stand for in the timer that lies inside them.
#
# An endpoint's timeline is then a fold: several objects, one after the other, own its state.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Trace events -> timelines of RFC 9293 states, one for each endpoint; its RSTs, and what it sent
again, with the kernel's reasons."""

from collections import namedtuple
from dataclasses import dataclass, field
from ipaddress import ip_address

PORT = 5555  # the servers' port, as in the course

# The kernel's numbers (include/net/tcp_states.h).
STATES = {
    1: "ESTABLISHED",
    2: "SYN_SENT",
    3: "SYN_RCVD",
    4: "FIN_WAIT_1",
    5: "FIN_WAIT_2",
    6: "TIME_WAIT",
    7: "CLOSED",
    8: "CLOSE_WAIT",
    9: "LAST_ACK",
    10: "LISTEN",
    11: "CLOSING",
    12: "SYN_RCVD",
}

# A timewait sock lives 60 s when it stands for TIME_WAIT, a constant of the kernel. To tell it
# from FIN_WAIT_2 by its timer, tcp_fin_timeout must differ (and by more than the timer wheel's
# granularity, or the step from one to the other would not be traced): lab.py sets this value.
TIME_WAIT_SECONDS = 60
FIN_TIMEOUT_SECONDS = 55
TICKS_PER_SECOND = (100, 250, 300, 1000)  # whatever CONFIG_HZ is, no two products are near

AT_ONCE = 5_000_000  # ns; what is done in one go, even if an interrupt comes between

SERVER_PORT_ONLY = f"sport == {PORT} || dport == {PORT}"
SLABS = 'name ~ "request_sock_TCP*" || name ~ "tw_sock_TCP*"'
EVENTS = {
    "sock/inet_sock_set_state": "protocol == 6",
    "kmem/kmem_cache_alloc": SLABS,
    "kmem/kmem_cache_free": SLABS,
    "timer/timer_start": "function.function == tw_timer_handler"
    " || function.function == reqsk_timer_handler",
    "fib/fib_table_lookup": SERVER_PORT_ONLY,
    "fib6/fib6_table_lookup": SERVER_PORT_ONLY,
    "tcp/tcp_send_reset": "",  # its ports stand in socket addresses, where no filter looks
    "tcp/tcp_cong_state_set": SERVER_PORT_ONLY,
    "tcp/tcp_retransmit_skb": SERVER_PORT_ONLY,
    "tcp/tcp_retransmit_synack": SERVER_PORT_ONLY,
}

# In which of its states a sender sends again (enum tcp_ca_state): as it is probing a tail, after
# duplicate ACKs or SACK, or since its timer ran out.
CONGESTION = ("open", "disorder", "reduced", "recovery", "loss")

Flow = namedtuple("Flow", "addr port peer_addr peer_port")
Flow.__doc__ = "One endpoint of one connection: its own address and port first."

Transition = namedtuple("Transition", "time old new source")

Sending = namedtuple("Sending", "time flow why")
Sending.__doc__ = "A RST and the kernel's reason, or a segment sent again and the sender's state."


@dataclass(eq=False)
class Owner:
    """A kernel object that holds an endpoint's state. The flow may become known late."""

    source: str
    flow: Flow = None
    start: int = 0
    size: int = 0
    born: int = 0
    moves: list = field(default_factory=list)  # (time, state); None: the object is gone

    def holds(self, address):
        return self.start <= address < self.start + self.size

    def move(self, time, state):
        self.moves.append((time, state))


class Kernel:
    """Reads events in order of time; `timeline(flow)` then tells one endpoint's transitions."""

    def __init__(self, events):
        self.owners = []  # all objects ever seen
        self.listeners = []
        self.sockets = {}  # by address, alive only
        self.slabs = {}  # request and timewait socks by address, alive only
        self.nameless = {}  # by CPU: the slab object whose flow the next event there will tell
        self.congestion = {}  # by address of a socket, as it was told last
        self.resets, self.retransmissions = [], []  # each a Sending
        for event in events:
            getattr(self, "on_" + event.kind)(event)

    def new_owner(self, **known):
        owner = Owner(**known)
        self.owners.append(owner)
        return owner

    def on_inet_sock_set_state(self, event):
        old, new = STATES[event.oldstate], STATES[event.newstate]
        if "LISTEN" in (old, new) and event.dport == 0 and new != "SYN_RCVD":
            self.listeners.append((event.time, new, socket_flow(event)))
            return
        sock = self.sockets.get(event.skaddr)
        if sock is None:
            sock = self.sockets[event.skaddr] = self.new_owner(source="tracepoint")
        if event.sport and event.dport:  # unset in connect() and in a child just made
            sock.flow = socket_flow(event)
        sock.move(event.time, None if new == "CLOSED" else new)
        if new == "CLOSED":
            del self.sockets[event.skaddr]
            heir = self.nameless.get(event.cpu)
            if heir and heir.source == "timewait":
                self.nameless.pop(event.cpu).flow = sock.flow

    def on_kmem_cache_alloc(self, event):
        source = "timewait" if event.name.startswith("tw_") else "reqsk"
        owner = self.new_owner(source=source, start=event.ptr, size=event.bytes_alloc)
        self.slabs[event.ptr] = self.nameless[event.cpu] = owner
        owner.born = event.time

    def on_kmem_cache_free(self, event):
        owner = self.slabs.pop(event.ptr, None)
        if owner:
            self.name_no_more(owner)
            owner.move(event.time, None)

    def name_no_more(self, owner):
        for cpu in [cpu for cpu, each in self.nameless.items() if each is owner]:
            del self.nameless[cpu]

    def on_fib_table_lookup(self, event):
        owner = self.nameless.get(event.cpu)
        if owner and owner.source == "reqsk" and event.time - owner.born < AT_ONCE:
            self.nameless.pop(event.cpu).flow = Flow(
                ip_address(event.src), event.sport, ip_address(event.dst), event.dport
            )

    on_fib6_table_lookup = on_fib_table_lookup

    def on_timer_start(self, event):
        owner = next((slab for slab in self.slabs.values() if slab.holds(event.timer)), None)
        if owner and owner.source == "reqsk":
            # Only now is it hashed. A SYN cookie's request sock never is.
            self.name_no_more(owner)
            owner.move(event.time, "SYN_RCVD")
        elif owner:
            owner.move(event.time, timewait_state(event.expires - event.now))

    def on_tcp_send_reset(self, event):
        flow = Flow(*socket_address(event.saddr), *socket_address(event.daddr))
        self.resets.append(Sending(event.time, flow, event.reason_word))

    def on_tcp_cong_state_set(self, event):
        self.congestion[event.skaddr] = CONGESTION[event.cong_state]

    def on_tcp_retransmit_skb(self, event):
        why = self.congestion.get(event.skaddr, "open")
        self.retransmissions.append(Sending(event.time, socket_flow(event), why))

    def on_tcp_retransmit_synack(self, event):
        self.retransmissions.append(Sending(event.time, socket_flow(event), "loss"))

    def timeline(self, flow):
        """The transitions of the endpoint `flow`, in order."""
        moves = [
            (time, state, owner)
            for owner in self.owners
            if owner.flow == flow
            for time, state in owner.moves
        ]
        moves += [
            (time, state, None)
            for time, state, listener in self.listeners
            if listener.port == flow.port
            and (listener.addr == flow.addr or listener.addr.is_unspecified)
        ]
        return list(fold(sorted(moves, key=lambda move: move[0])))


def fold(moves):
    """One object owns the state at a time; a younger one takes over; the end of an object that
    has been taken over from means nothing."""
    state, owner, listening = "CLOSED", None, "CLOSED"
    for time, new, mover in moves:
        if mover is None:  # a listener: the endpoint's state while there is no connection
            listening = new
            if owner or (new == "CLOSED" and state != "LISTEN"):
                continue
            source = "tracepoint"
        elif new is None:
            if owner is not mover:
                continue
            # The RFC's passive opener returns to LISTEN when SYN_RCVD comes to nothing.
            new = listening if state == "SYN_RCVD" and mover.source == "reqsk" else "CLOSED"
            owner, source = None, mover.source
        else:
            owner, source = mover, mover.source
        if new != state:
            yield Transition(time, state, new, source)
            state = new


def timewait_state(ticks):
    """What a timewait sock stands for, from its timer."""
    durations = (TIME_WAIT_SECONDS * hertz for hertz in TICKS_PER_SECOND)
    return "TIME_WAIT" if any(abs(ticks - each) <= 2 for each in durations) else "FIN_WAIT_2"


def socket_flow(event):
    if event.family == 10:
        local, remote = event.saddr_v6, event.daddr_v6
    else:
        local, remote = event.saddr, event.daddr
    return Flow(plain_address(local), event.sport, plain_address(remote), event.dport)


def socket_address(raw):
    """Address and port of a struct sockaddr."""
    address = raw[8:24] if raw[0] == 10 else raw[4:8]
    return plain_address(bytes(address)), int.from_bytes(raw[2:4], "big")


def plain_address(raw):
    address = ip_address(raw)
    return getattr(address, "ipv4_mapped", None) or address

