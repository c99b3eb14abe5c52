/* For the files of this directory only: the predicates, and the questions that many of them ask.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A predicate is a question about one segment and the two endpoints before they move. None changes
 * anything. The sentence in checks.def is its comment; where the condition needs more, it is said.
 */
#ifndef TCPSTATE_FIND_H
#define TCPSTATE_FIND_H

#include "find/findings.h"
#include "infer/history.h"
#include "seq.h"

#define CHECK(id, when, on, severity, group, class, cite, text)                                    \
    bool find_##id(const struct moment *m);
#include "tables/checks.def"
#undef CHECK

/* Its own first SYN,ACK, which what it sent later has overtaken. */
bool find_is_overtaken_syn_ack(const struct moment *m);

/* A finding that is worth saying once is said at this count, not before and not after. */
enum { MANY = 10, MANY_FINS = 5, MANY_ALONE = 8 };

static inline bool in_state(const struct endpoint *self, state_set set)
{
    return (self->belief.state & set) != 0;
}

static inline bool can_be(const struct endpoint *self, state_set set)
{
    return (self->belief.possible & set) != 0;
}

static inline bool has(const struct moment *m, unsigned flags)
{
    return segment_is(m->segment, flags);
}

static inline bool has_any(const struct moment *m, unsigned flags)
{
    return segment_any(m->segment, flags);
}

/* SYN and nothing else that matters. */
static inline bool is_syn(const struct moment *m)
{
    return segment_is_syn(m->segment) && !has(m, SEG_FIN);
}

static inline bool is_syn_ack(const struct moment *m)
{
    return segment_is_syn_ack(m->segment);
}

/* A FIN that counts as one. */
static inline bool is_fin(const struct moment *m)
{
    return has(m, SEG_FIN | SEG_ACK) && !has_any(m, SEG_SYN | SEG_RST);
}

/* An ACK and nothing else that moves a state or occupies sequence space. */
static inline bool is_pure_ack(const struct moment *m)
{
    return has(m, SEG_ACK) && !has_any(m, SEG_SYN | SEG_FIN | SEG_RST) && !m->segment->text;
}

/* Any segment of a connection in progress. */
static inline bool is_ordinary(const struct moment *m)
{
    return has(m, SEG_ACK) && !has_any(m, SEG_SYN | SEG_RST);
}

/* Does it show that an earlier segment with one of these flags had not come when it was sent? */
static inline bool refutes(const struct moment *m, unsigned flags)
{
    const struct event *about = m->event ? history_find(m->history, m->event->about) : NULL;
    return about && about->fate.way == CLUE_NOT_YET && about->fate.first == m->segment->frame &&
           segment_any(&about->segment, flags) && about->segment.from != m->segment->from;
}

/* The initial sequence number of a SYN that an end in SYN_SENT waits to be answered. */
static inline uint32_t open_iss(const struct endpoint *self)
{
    return self->attempt_frame ? self->attempt : self->iss;
}

/* Does the segment acknowledge that SYN (section 3.10.7.3 step 1)? */
static inline bool acks_open_syn(const struct moment *m)
{
    const uint32_t nxt =
        m->receiver->attempt_frame ? m->receiver->attempt + 1 : m->receiver->snd_nxt;
    return seq_lt(open_iss(m->receiver), m->segment->ack) && seq_le(m->segment->ack, nxt);
}

#endif
