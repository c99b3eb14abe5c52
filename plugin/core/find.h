/* For find_*.c and findings.c only: the predicates' names, and the questions that many of them ask.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A predicate is a question about one segment and the two endpoints before they move. None changes
 * anything. The sentence in checks.def is its comment; where the condition needs more, it is said.
 */
#ifndef TCPSTATE_FIND_H
#define TCPSTATE_FIND_H

#include "findings.h"
#include "seq.h"

#define CHECK(id, severity, group, class, cite, text) bool find_##id(const struct view *v);
#include "checks.def"
#undef CHECK

/* A finding that is worth saying once is said at this count, not before and not after. */
enum { MANY = 10, MANY_FINS = 5, MANY_ALONE = 8 };

static inline bool in_state(const struct endpoint *x, state_set set)
{
    return (x->belief.state & set) != 0;
}

static inline bool can_be(const struct endpoint *x, state_set set)
{
    return (x->belief.possible & set) != 0;
}

static inline bool has(const struct view *v, unsigned flags)
{
    return segment_is(v->s, flags);
}

static inline bool has_any(const struct view *v, unsigned flags)
{
    return segment_any(v->s, flags);
}

/* SYN and nothing else that matters. */
static inline bool is_syn(const struct view *v)
{
    return segment_is_syn(v->s) && !has(v, SEG_FIN);
}

static inline bool is_syn_ack(const struct view *v)
{
    return segment_is_syn_ack(v->s);
}

/* A FIN that counts as one. */
static inline bool is_fin(const struct view *v)
{
    return has(v, SEG_FIN | SEG_ACK) && !has_any(v, SEG_SYN | SEG_RST);
}

/* An ACK and nothing else that moves a state or occupies sequence space. */
static inline bool is_pure_ack(const struct view *v)
{
    return has(v, SEG_ACK) && !has_any(v, SEG_SYN | SEG_FIN | SEG_RST) && !v->s->text;
}

/* Any segment of a connection in progress. */
static inline bool is_ordinary(const struct view *v)
{
    return has(v, SEG_ACK) && !has_any(v, SEG_SYN | SEG_RST);
}

/* The initial sequence number of a SYN that an end in SYN_SENT waits to be answered. */
static inline uint32_t open_iss(const struct endpoint *x)
{
    return x->attempt_frame ? x->attempt : x->iss;
}

/* Does the segment acknowledge that SYN (section 3.10.7.3 first)? */
static inline bool acks_open_syn(const struct view *v)
{
    const uint32_t nxt = v->y->attempt_frame ? v->y->attempt + 1 : v->y->snd_nxt;
    return seq_lt(open_iss(v->y), v->s->ack) && seq_le(v->s->ack, nxt);
}

#endif
