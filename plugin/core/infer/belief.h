/* What is believed of one endpoint's state: what it proved, and what it is assumed to have
 * received.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * `state` is a fold, not a second variable: the signals assumed to have arrived, applied in order
 * to what is proved. Evidence moves a signal into what is proved; nothing is ever taken back here
 * (history.h). It knows nothing of sequence numbers: evidence.c decides what a segment proves. */
#ifndef TCPSTATE_BELIEF_H
#define TCPSTATE_BELIEF_H

#include "rfc/fsm.h"

/* A segment that the endpoint is assumed to have received. */
struct arrival {
    uint32_t frame;     /* where it was captured */
    uint32_t proof;     /* an ACK number from here on proves its receipt */
    uint32_t tsval;     /* its timestamp, when `stamped` */
    signal_set signals; /* what it said, to this endpoint */
    bool stamped;
    bool exact;   /* the proof counts its own text or FIN, not what came later */
    bool doubted; /* it may have arrived: possible, but the headline does not count on it */
};

enum { ARRIVALS_MAX = 8 };
_Static_assert(CALL_PASSIVE_OPEN - RCV_RST <= 16, "belief.open is too narrow");
#define OPEN(signal) (SIG(signal) >> RCV_RST)

struct belief {
    state_set proven;   /* what the endpoint's own segments leave possible */
    state_set base;     /* the one of them that the headline starts from */
    state_set state;    /* the headline: base after all arrivals that are not doubted */
    state_set possible; /* proven after any selection of the arrivals */
    signal_set proved;  /* RCV signals proved since the belief started */
    uint16_t open;      /* ... and those that an arrival carries: a bit for each, from RCV_RST on */
    uint8_t count;
    struct arrival arrival[ARRIVALS_MAX];
};

/* Start afresh: the headline is `base`, one state of the set `proven`. */
void belief_start(struct belief *b, state_set base, state_set proven);

/* The endpoint has sent `signal`, legal in its headline state. False, and no change: no arrow. */
bool belief_sent(struct belief *b, enum signal signal);

/* The endpoint has certainly left for `base` (evidence outside of the arrows). */
void belief_resync(struct belief *b, state_set base);

/* It started from `base`, not from where it was thought to; what it has received stays assumed. */
void belief_rebase(struct belief *b, state_set base);

/* The endpoint may also be in `also`, though the headline does not say so. */
void belief_widen(struct belief *b, state_set also);

/* What is proved leaves only states of `set`, which must hold the base. */
void belief_narrow(struct belief *b, state_set set);

/* It has received `signal` by the segment that `by` describes; or may have, where that is doubted.
 * False: nothing new.                                                                            */
bool belief_receives(struct belief *b, enum signal signal, const struct arrival *by);

/* The last arrival, when it is of `frame`, carries `signal` as well as an earlier one did. */
void belief_carries(struct belief *b, enum signal signal, uint32_t frame);

/* Arrival `i` is proved: its signals become part of what is proved. */
void belief_prove(struct belief *b, unsigned i);

/* Arrival `i` did not happen. */
void belief_drop(struct belief *b, unsigned i);

/* The arrival that carries `signal`, or -1. */
static inline int belief_find(const struct belief *b, enum signal signal)
{
    int i = b->open & OPEN(signal) ? 0 : -1;
    while (i >= 0 && !(b->arrival[i].signals & SIG(signal)))
        i++;
    return i;
}

/* True when `signal` is assumed (and not doubted) or proved to have been received. */
static inline bool belief_has(const struct belief *b, enum signal signal)
{
    const int i = belief_find(b, signal);
    return (b->proved & SIG(signal)) || (i >= 0 && !b->arrival[i].doubted);
}

/* The frame of the oldest arrival that the headline counts on and nothing proves, or since which
 * the end may have given up; NOTHING_OPEN: there is none. */
uint32_t belief_open_since(const struct belief *b);
#define NOTHING_OPEN UINT32_MAX

/* What is possible once all that the headline counts on is proved. */
state_set belief_settled(const struct belief *b);

#endif
