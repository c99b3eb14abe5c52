# Two exercises of a course: netcat on both hosts, netstat on both at every step, and a packet
# filter that drops a SYN or a SYN,ACK. What netstat and iptables printed goes into the truth.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios ex1 and ex2."""

import signal

from catalogue import scenario
from kerneltrace import PORT
from lab import settle
from nflog import FirewallLog
from paths import (
    ACCEPTED,
    CLIENT_CLOSES,
    CLOSES_FIRST,
    CLOSES_SECOND,
    HANDSHAKE,
    OPENED,
    SERVER_CLOSES,
)

TALK = ">PA <A <PA >A"
STARTED = 0.3  # seconds; programs need a moment to start, and to end
MOST_OF_2_MSL, REST_OF_2_MSL = 55, 10  # seconds; Linux waits for 60, and its timer is coarse


@scenario(
    client=f"{OPENED} {CLOSES_FIRST} CLOSED",
    server=f"{ACCEPTED} {CLOSES_SECOND}( LISTEN CLOSED)?",
    wire=f"{HANDSHAKE} {TALK} (>FA <FA >A|{CLIENT_CLOSES})",
)
def ex1_client_closes_first(lab):
    """Exercise 1: `nc -l 5555` on the server, `nc` on the client, data both ways, then Ctrl-C on
    the client: the client is left in TIME_WAIT for a minute, and the server's connection is gone."""
    client, _ = talk(lab)
    client.send_signal(signal.SIGINT)
    settle(STARTED)
    lab.netstat("after Ctrl-C on the client")
    settle(MOST_OF_2_MSL)
    lab.netstat(f"{MOST_OF_2_MSL} s later")
    settle(REST_OF_2_MSL)
    lab.netstat(f"{MOST_OF_2_MSL + REST_OF_2_MSL} s later")


@scenario(
    client=f"{OPENED} {CLOSES_SECOND}",
    server=f"{ACCEPTED} {CLOSES_FIRST}",
    wire=f"{HANDSHAKE} {TALK} {SERVER_CLOSES}",
)
def ex1_server_closes_first(lab):
    """Exercise 1 the other way round: Ctrl-C on the server. Debian's `nc` on the client does not
    end by itself: it is left in CLOSE_WAIT, the server's end in FIN_WAIT_2, until Ctrl-C on the
    client too; then the server's end is in TIME_WAIT."""
    client, server = talk(lab)
    server.send_signal(signal.SIGINT)
    settle(STARTED)
    lab.netstat("after Ctrl-C on the server")
    client.send_signal(signal.SIGINT)
    settle(STARTED)
    lab.netstat("after Ctrl-C on the client too")


def talk(lab):
    server = lab.server.spawn("nc", "-l", PORT)
    settle(STARTED)
    lab.netstat("server listens")
    client = lab.client.spawn("nc", lab.server.address, PORT)
    settle(STARTED)
    lab.netstat("connected")
    client.stdin.write(b"hello from the client\n")
    settle()
    server.stdin.write(b"hello from the server\n")
    settle()
    lab.netstat("data both ways")
    return client, server


@scenario(
    client="CLOSED SYN_SENT CLOSED",
    server="CLOSED LISTEN",
    wire=">S >S >S >S",
    elsewhere=False,
    impaired=True,
)
def ex2a_client_drops_own_syn(lab):
    """Exercise 2a: the client's own firewall drops its SYN (`iptables -I OUTPUT -p tcp --dport
    5555 --tcp-flags ALL SYN -j DROP`). The client is in SYN_SENT until Ctrl-C, the server only
    listens. A capture on any interface is empty; this one is from the firewall itself, which logs
    (NFLOG) what it is about to drop, its checksum not computed yet."""
    rule = ["OUTPUT", "-p", "tcp", "--dport", PORT, "--tcp-flags", "ALL", "SYN"]
    lab.client.run("iptables", "-I", *rule, "-j", "DROP")
    log = ["-j", "NFLOG", "--nflog-group", FirewallLog.GROUP, "--nflog-threshold", 1]
    lab.client.run("iptables", "-I", *rule, *log)
    lab.client.observe(FirewallLog)
    try_in_vain(lab, lab.client)


@scenario(
    client="CLOSED SYN_SENT CLOSED",
    server="CLOSED LISTEN SYN_RCVD LISTEN SYN_RCVD LISTEN SYN_RCVD LISTEN SYN_RCVD( LISTEN)?",
    wire=">S >S >S >S",
    impaired=True,
)
def ex2b_server_drops_own_syn_ack(lab):
    """Exercise 2b: the server's own firewall drops its SYN,ACK (`iptables -I OUTPUT -p tcp --sport
    5555 --tcp-flags ALL SYN,ACK -j DROP`). netstat shows SYN_SENT and SYN_RECV; the capture shows
    SYNs only. Linux forgets the half-open connection a second later, when its SYN,ACK cannot be
    sent a second time, and the client's next SYN makes a new one."""
    rule = ["OUTPUT", "-p", "tcp", "--sport", PORT, "--tcp-flags", "ALL", "SYN,ACK"]
    lab.server.run("iptables", "-I", *rule, "-j", "DROP")
    try_in_vain(lab, lab.server)


def try_in_vain(lab, filtering):
    """netcat tries to connect for a while, then Ctrl-C; one of the hosts drops."""

    def look(step):
        lab.netstat(step)
        lab.iptables(step, filtering)

    lab.server.spawn("nc", "-l", PORT)
    settle(STARTED)
    look("server listens")
    client = lab.client.spawn("nc", lab.server.address, PORT)
    settle(0.5)
    look("client connects")
    settle(3)
    client.send_signal(signal.SIGINT)
    settle(STARTED)
    look("after Ctrl-C on the client")
