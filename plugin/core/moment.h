/* The segment that is being looked at: everything that a step needs, and what it has learnt so far.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_MOMENT_H
#define TCPSTATE_MOMENT_H

#include "connection.h"

struct history;
struct event;

/* Lives as long as one segment is looked at. Predicates (find/) see both ends as they were just
 * before the segment was sent, with the evidence that it carries already taken into account; only
 * `retry` counts it already. */
struct moment {
    struct connection *c;
    struct endpoint *sender, *receiver;
    const struct segment *segment;
    const struct segment *row; /* the one captured now: later than `segment`, if that comes late */
    const struct rules *rules;
    struct verdict *verdict;
    struct history *history; /* where fates are noted, or NULL: then they are told, as in a test */
    struct event *event;     /* the segment's place in it, or NULL */
    const struct owed *owed; /* what the sender owes: of several what the segment gives */
    state_set sender_before, receiver_before; /* headlines before a new connection was opened; 0:
                                                 first ever */
    uint8_t kind;                             /* enum kind: of the segment (kind.h) */
    bool opens, midstream; /* it opens a connection; it is the first seen of an open one */
    bool crossed;          /* a SYN of its peer must have come to it that was not captured */
    bool missing;          /* it fits only if frames before it are missing */
    bool ignored;          /* damaged, captured twice or too late: nobody moves */
    bool stranger;         /* not its sender's own, as later frames show */
    bool duplicate;        /* a matter of the capture: nobody moves */
    bool late;             /* a SYN that the capture has too late: nobody moves */
    bool copy, alien;      /* a copy of the network's, or forged: the sender does not move */
    bool old, overtaken;   /* sent before what its sender has sent already: the same */
    bool unresolved;       /* it contradicts what cannot be told anew any more */
    bool no_arrow;         /* nothing it can be in lets it send this: known after it was sent */
};

/* Write the headline states into `v` as those before the segment. */
static inline void moment_view_before(const struct connection *c, struct verdict *v)
{
    for (unsigned i = 0; i < 2; i++)
        v->end[i].was = (uint8_t)state_number(c->end[i].belief.state);
}

/* A moment of its own: the verdict begins with it. */
static inline struct moment moment_of(struct connection *c, const struct rules *rules,
                                      const struct segment *s, struct verdict *v)
{
    verdict_begin(v, s->from);
    moment_view_before(c, v);
    return (struct moment){.c = c,
                           .sender = &c->end[s->from],
                           .receiver = &c->end[!s->from],
                           .segment = s,
                           .row = s,
                           .rules = rules,
                           .verdict = v};
}

/* Which end is `self`: 0 or 1. */
static inline unsigned moment_end(const struct moment *m, const struct endpoint *self)
{
    return self == &m->c->end[1];
}

#endif
