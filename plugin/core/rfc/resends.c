/* See resends.h. TCP has two ways to learn of a loss: what its peer acknowledges, and that nothing
 * is acknowledged in time. Which one it was follows from what came just before.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "rfc/resends.h"

#include "patience.h"
#include "rfc/tcb.h"
#include "seq.h"

enum { THRESHOLD = 3 }; /* duplicate ACKs */

/* What the predicates are asked about. */
struct sending {
    const struct endpoint *self, *peer;
    const struct segment *s;
    const struct verdict *v;
};

/* Was any of it captured before? */
static bool was_captured(const struct endpoint *peer, const struct segment *s)
{
    if (seq_lt(s->seq, peer->rcv_nxt))
        return true;
    for (unsigned i = 0; i < peer->held.count; i++)
        if (seq_le(peer->held.held[i].start, s->seq) && seq_lt(s->seq, peer->held.held[i].end))
            return true;
    return false;
}

static bool is_stamped(const struct sending *a)
{
    return (a->s->has & HAS_TIMESTAMPS) && a->self->knows.timestamps;
}

/* Has it come so soon after its peer's last word that this made it, and no timer? Where the capture
 * is not beside it, that word was still on its way to it. */
static bool is_at_once(const struct sending *a)
{
    const int64_t reach = a->self->reach + a->self->reach / 2,
                  soon = patience(PATIENCE_SOONEST_TIMER);
    return a->peer->last.frame && a->s->time - a->peer->last.time < (reach > soon ? reach : soon);
}

static bool is_earliest(const struct sending *a)
{
    return !a->peer->knows.acked || seq_le(a->s->seq, a->peer->acked);
}

static bool is_tail(const struct sending *a)
{
    return segment_end(a->s) == a->self->snd_nxt;
}

static bool is_window_probe(const struct sending *a)
{
    return tcb_probes(a->self, a->peer, a->s);
}

/* From one below what its peer has acknowledged, which is all; after a pause (section 3.8.4). */
static bool is_keep_alive(const struct sending *a)
{
    return a->s->seq == a->self->snd_nxt - 1 && a->s->text <= 1 && a->self->knows.snd &&
           segment_is(a->s, SEG_ACK) && !segment_any(a->s, SEG_SYN | SEG_FIN | SEG_RST) &&
           a->peer->knows.acked && a->peer->acked == a->self->snd_nxt &&
           a->s->time - a->peer->last.time >= patience(PATIENCE_KEEP_ALIVE);
}

/* Has its timestamp moved on since all that its sender has sent? Then it was sent after that, where
 * otherwise the network may have doubled or delayed it. */
static bool is_stamped_later(const struct sending *a)
{
    return is_stamped(a) && seq_lt(a->self->tsval, a->s->tsval);
}

static bool is_needless(const struct sending *a)
{
    return (is_stamped_later(a) || !is_stamped(a)) && a->peer->knows.acked && segment_len(a->s) &&
           seq_le(segment_end(a->s), a->peer->acked);
}

static bool is_asked_again(const struct sending *a)
{
    return segment_is_syn_ack(a->s) && a->v->retransmitted &&
           (a->peer->last.flags & (SEG_SYN | SEG_ACK)) == SEG_SYN && is_at_once(a);
}

static bool is_duplicate_acks(const struct sending *a)
{
    return (a->peer->sacked || a->peer->dup_acks >= THRESHOLD) && a->s->text && is_at_once(a);
}

/* ACKs of what the timer had it send open the window for the rest. */
static bool is_after_timeout(const struct sending *a)
{
    return a->self->timed_out && a->s->text && is_at_once(a);
}

static bool is_tail_probe(const struct sending *a)
{
    return a->s->text && is_tail(a) && !is_earliest(a);
}

/* A timer it was; but where there is only one segment to send again, the first time may as well be
 * a probe of the tail. */
static bool is_timeout(const struct sending *a)
{
    const bool probes = !segment_is(a->s, SEG_SYN) && is_tail(a) && a->self->retry.is.times < 2;
    return a->v->retransmitted && is_earliest(a) && !is_at_once(a) && !probes;
}

static bool is_cannot_tell(const struct sending *a)
{
    return a != NULL;
}

static bool (*const predicates[RESEND_COUNT])(const struct sending *) = {
#define RESEND(id, sentence, cite, states)
#define RESEND_RULE(id, sentence, cite, states) [RESEND_##id] = is_##id,
#include "tables/resends.def"
};

#ifdef TCPSTATE_MUTANTS
int mutant_resend = -1;
#define IS_MUTED(resend) ((int)(resend) == mutant_resend)
#else
#define IS_MUTED(resend) ((void)(resend), false)
#endif

/* Timestamps never go back: what is older than the latest was sent before it, and came late. */
static bool is_of_before(const struct sending *a)
{
    return is_stamped(a) && seq_lt(a->s->tsval, a->self->tsval);
}

/* Text that begins at SND.NXT; but one octet there may ask whether the window is open. */
static bool is_new(const struct sending *a)
{
    return a->self->knows.snd && a->s->seq == a->self->snd_nxt && a->s->text > 1;
}

static bool is_sent_again(const struct sending *a)
{
    if (!a->v->retransmitted && is_new(a))
        return false;
    const bool text = a->s->text && !segment_any(a->s, SEG_SYN | SEG_RST) && a->self->knows.snd &&
                      a->peer->knows.rcv && seq_le(segment_end(a->s), a->self->snd_nxt) &&
                      was_captured(a->peer, a->s);
    return (a->v->retransmitted || text || is_window_probe(a) || is_keep_alive(a)) &&
           !is_of_before(a);
}

/* Its peer has acknowledged a part of it. Whoever sends again sends what he sent, or begins with
 * what is not acknowledged: the first octets were perhaps somebody else's. */
static bool is_acked_in_part(const struct sending *a)
{
    return a->peer->knows.acked && seq_lt(a->s->seq, a->peer->acked) &&
           seq_lt(a->peer->acked, segment_end(a->s));
}

/* Text that was not captured before may only have come late; and what has the timestamp of
 * something new may be a copy of the network's. */
static bool is_unclear(const struct sending *a)
{
    const bool in_a_row = a->self->resent_frame == a->self->last.frame;
    const bool copied = is_stamped(a) && !in_a_row;
    return a->s->text > 1 && (is_acked_in_part(a) ||
                              (!is_stamped_later(a) && (!was_captured(a->peer, a->s) || copied)));
}

static uint8_t cause_of(const struct sending *a)
{
    if (is_unclear(a))
        return RESEND_cannot_tell;
    for (uint8_t i = RESEND_nothing + 1; i < RESEND_COUNT; i++)
        if (!IS_MUTED(i) && predicates[i](a))
            return i;
    return RESEND_cannot_tell;
}

static void remember(struct endpoint *self, const struct segment *s, bool timed_out)
{
    self->resent_frame = s->frame;
    self->resent_end = (uint16_t)segment_end(s);
    self->timed_out |= timed_out;
}

void resends_find(struct endpoint *self, const struct endpoint *peer, const struct segment *s,
                  struct verdict *v)
{
    const struct sending a = {self, peer, s, v};
    if ((s->has & HAS_DSACK) && peer->resent_frame && peer->resent_end == s->dsack)
        v->needless = peer->resent_frame;
    if (!is_sent_again(&a))
        return;
    v->resend = cause_of(&a);
    const bool surely = v->resend != RESEND_cannot_tell || is_stamped_later(&a);
    if (surely && v->resend > RESEND_keep_alive)
        remember(self, s, v->retransmitted && is_earliest(&a) && !is_at_once(&a));
}

/* A duplicate ACK (RFC 5681 section 2) carries and opens nothing, while something is open. */
void resends_hear(struct endpoint *self, struct endpoint *peer, const struct segment *s)
{
    const uint32_t window = (uint32_t)s->window << tcb_window_shift(self, peer);
    if (!segment_is(s, SEG_ACK) || segment_any(s, SEG_SYN | SEG_RST))
        return;
    self->sacked = (s->has & HAS_SACK) != 0;
    if (s->ack != self->acked)
        self->dup_acks = 0;
    else if (!segment_len(s) && window == self->window && seq_lt(s->ack, peer->snd_nxt) &&
             self->dup_acks < THRESHOLD)
        self->dup_acks++;
    if (s->ack == peer->snd_nxt)
        peer->timed_out = false;
}
