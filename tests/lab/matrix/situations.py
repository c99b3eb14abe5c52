# The situations in which the kernel's end gets the segment: how it comes there, and what an honest
# peer does some time later, so that the end has to show where it stands.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The states of the matrix."""

import socket
from collections import namedtuple

TEXT = b"twenty octets of it\n"

# `active`: the kernel's end connects. `closed`: its program has called close(), and reads no more.
# `set_up` and `go_on` are functions of the cell.
Situation = namedtuple("Situation", "name state active set_up go_on closed", defaults=[False])


# -- the ways there --------------------------------------------------------------------------------


def listen(cell):
    cell.listen()


def syn_sent(cell):
    cell.connect()


def syn_rcvd(cell):
    cell.listen()
    cell.say("S")


def syn_rcvd_crossing(cell):
    cell.connect()
    cell.say("S")


def established(cell):
    syn_rcvd(cell)
    cell.say("A")
    cell.accept()
    cell.listener.close()
    converse(cell)


def established_active(cell):
    cell.connect()
    cell.say("SA")
    converse(cell)


def converse(cell):
    """Either end says something: old text and old ACKs are such that there has been."""
    cell.say("PA", TEXT)
    cell.act(cell.sock.recv, len(TEXT))
    cell.act(cell.sock.send, TEXT)
    cell.say("A")


def established_outstanding(cell):
    established(cell)
    cell.act(cell.sock.send, TEXT)


def fin_wait_1(cell):
    established_active(cell)
    cell.act(cell.sock.shutdown, socket.SHUT_WR)


def fin_wait_1_closed(cell):
    established_active(cell)
    cell.act(cell.sock.close)


def fin_wait_2(cell):
    fin_wait_1(cell)
    cell.say("A")


def fin_wait_2_closed(cell):
    fin_wait_1_closed(cell)
    cell.say("A")


def close_wait(cell):
    established(cell)
    cell.say("FA")


def closing(cell):
    fin_wait_1(cell)
    cell.say("FA", ack=cell.snd_una)  # the FINs have crossed


def last_ack(cell):
    close_wait(cell)
    cell.act(cell.sock.close)


def time_wait(cell):
    """The listener goes on: a new SYN has somewhere to go."""
    syn_rcvd(cell)
    cell.say("A")
    cell.accept()
    converse(cell)
    cell.act(cell.sock.close)
    cell.say("A")
    cell.say("FA")


# -- and on ----------------------------------------------------------------------------------------


def open_it(cell):
    """The peer connects, as if nothing had been."""
    cell.say("S", seq=cell.irs)
    cell.say("A", seq=cell.irs + 1)


def answer(cell):
    """The listening peer has got the SYN at last."""
    cell.say("SA", seq=cell.irs, ack=cell.iss + 1)


def answer_crossing(cell):
    """The peer has got the SYN that crossed its own."""
    cell.say("SA", seq=cell.irs)


def complete(cell):
    cell.say("A", seq=cell.irs + 1)
    ask(cell)


def ask(cell):
    """The peer asks whether the kernel's end is still there (RFC 9293 section 3.8.4): an ACK shows
    what it has received, a RST that it is gone."""
    cell.say("A", seq=cell.rcv_nxt - 1)


SITUATIONS = {
    each.name: each
    for each in (
        Situation("listen", "LISTEN", False, listen, open_it),
        Situation("syn-sent", "SYN_SENT", True, syn_sent, answer),
        Situation("syn-rcvd", "SYN_RCVD", False, syn_rcvd, complete),
        Situation("syn-rcvd-simultaneous", "SYN_RCVD", True, syn_rcvd_crossing, answer_crossing),
        Situation("established", "ESTABLISHED", False, established, ask),
        Situation("established-active", "ESTABLISHED", True, established_active, ask),
        Situation("established-outstanding", "ESTABLISHED", False, established_outstanding, ask),
        Situation("fin-wait-1", "FIN_WAIT_1", True, fin_wait_1, ask),
        Situation("fin-wait-1-closed", "FIN_WAIT_1", True, fin_wait_1_closed, ask, True),
        Situation("fin-wait-2", "FIN_WAIT_2", True, fin_wait_2, ask),
        Situation("fin-wait-2-closed", "FIN_WAIT_2", True, fin_wait_2_closed, ask, True),
        Situation("close-wait", "CLOSE_WAIT", False, close_wait, ask),
        Situation("closing", "CLOSING", True, closing, ask),
        Situation("last-ack", "LAST_ACK", False, last_ack, ask, True),
        Situation("time-wait", "TIME_WAIT", False, time_wait, ask, True),
    )
}
