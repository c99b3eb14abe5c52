/* See delivery.h. All follows from the numbers of both ends (tcb.c); nothing is kept for it but how
 * often they went round.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "end/delivery.h"

#include "connection.h"
#include "seq.h"

/* One direction: `self` sends to `peer`. */
struct stream {
    const struct endpoint *self, *peer;
};

/* Octets of sequence space between ISS + 1 and `n`, which is not far from what is known: SND.NXT,
 * or the peer's ACK where `self` was never captured. */
static int64_t distance(const struct stream *t, uint32_t n)
{
    const bool seen = (t->self->knows & KNOWS_SEGMENT) || !(t->peer->knows & KNOWS_ACKED);
    const uint32_t near = seen ? t->self->snd_nxt : t->peer->acked;
    const uint32_t laps = seen ? t->self->snd_laps : t->peer->ack_laps;
    return ((int64_t)laps << 32) + (uint32_t)(near - (t->self->iss + 1)) + seq_diff(near, n);
}

static bool is_beyond_fin(const struct stream *t, uint32_t n)
{
    return (t->self->knows & KNOWS_FIN) && seq_le(t->self->fin, n);
}

/* Octets of text below `n`. */
static uint64_t text_below(const struct stream *t, uint32_t n)
{
    const int64_t octets = distance(t, n) - is_beyond_fin(t, n);
    return octets > 0 ? (uint64_t)octets : 0;
}

/* The peer's ACK number; that of a RST counts where it tells RCV.NXT (section 3.10.5). */
static uint32_t ack_of(const struct stream *t)
{
    const struct endpoint *peer = t->peer;
    const uint32_t ack = peer->knows & KNOWS_ACKED ? peer->acked : t->self->iss + 1;
    const struct sent *rst = &peer->rst;
    const bool tells = rst->frame && (rst->flags & SEG_ACK) && (peer->knows & KNOWS_SND) &&
                       rst->seq == peer->snd_nxt && seq_le(rst->ack, t->self->snd_nxt);
    return tells ? seq_max(ack, rst->ack) : ack;
}

/* Where its text ends: at its FIN, or at SND.NXT, which is not before what is acknowledged. */
static uint32_t last_of(const struct stream *t, uint32_t ack)
{
    const uint32_t last = seq_max(t->self->snd_nxt, ack);
    return is_beyond_fin(t, last) ? t->self->fin : last;
}

/* ... and the part of it that was sent before the peer left by a RST, or was acknowledged. */
static uint32_t useful_of(const struct stream *t, uint32_t ack)
{
    const uint32_t last = last_of(t, ack), left = seq_max(t->peer->left_nxt, ack);
    return (t->peer->knows & KNOWS_LEFT) && seq_lt(left, last) ? left : last;
}

/* Numbers beyond its FIN are text only where that was captured. */
static uint64_t beyond_fin(const struct endpoint *self)
{
    return self->beyond_fin ? self->beyond_fin - self->fin : 0;
}

/* RCV.NXT of the peer if all that was captured came. Its ACK may have closed a hole of the capture.
 */
static uint32_t edge_of(const struct stream *t)
{
    const struct ranges *held = &t->peer->held;
    uint32_t edge = t->peer->rcv_nxt;
    for (unsigned i = 0; i < held->count && seq_le(held->held[i].start, edge); i++)
        edge = seq_max(edge, held->held[i].end);
    return edge;
}

/* What came behind a hole that nothing has filled. */
static void count_held(const struct stream *t, uint32_t edge, uint32_t end, struct delivery *d)
{
    const struct ranges *held = &t->peer->held;
    for (unsigned i = 0; i < held->count; i++) {
        const struct range r = held->held[i];
        const uint32_t to = seq_lt(end, r.end) ? end : r.end;
        if (seq_lt(edge, r.start) && seq_lt(r.start, to))
            d->held += text_below(t, to) - text_below(t, r.start);
    }
    if (d->held)
        d->hole = text_below(t, edge) + 1;
}

/* An ACK of what was never captured, and nothing after it tells more: that was there. A single
 * octet may have been a FIN. */
static void count_claim(const struct stream *t, struct delivery *d)
{
    const uint32_t claim = t->peer->claim.ack, sent = t->self->snd_nxt;
    if (!t->peer->claim.frame || (t->self->knows & KNOWS_FIN) || seq_le(claim, sent))
        return;
    d->acknowledged_max = text_below(t, claim);
    d->acknowledged = claim == sent + 1 ? d->acknowledged_max - 1 : d->acknowledged_max;
    d->unacknowledged = d->held = d->hole = 0;
}

/* Is it known where its text begins? An end that was there before its peer's SYN has not told. */
static bool has_origin(const struct stream *t)
{
    return (t->self->knows & KNOWS_SND) && ((t->self->knows & KNOWS_ISS) || t->self->iss);
}

struct delivery delivery_of(const struct connection *c, unsigned end)
{
    const struct stream t = {&c->end[end], &c->end[!end]};
    struct delivery d = {.from_start = (t.self->knows & KNOWS_ISS) != 0};
    if (!has_origin(&t) || !(t.peer->knows & KNOWS_SEGMENT))
        return d;
    uint32_t ack = ack_of(&t);
    if ((t.self->knows & KNOWS_FOREIGN) && seq_lt(t.self->snd_nxt, ack))
        ack = t.self->snd_nxt; /* it also acknowledges what others sent in this one's name */
    const uint32_t useful = useful_of(&t, ack), edge = edge_of(&t);
    d.is_known = true;
    d.acknowledged = d.acknowledged_max = text_below(&t, ack);
    if ((t.peer->knows & KNOWS_RCV) && seq_lt(ack, edge))
        d.acknowledged_max = text_below(&t, seq_lt(edge, useful) ? edge : useful);
    d.unacknowledged = text_below(&t, useful) - d.acknowledged;
    d.beyond_fin = beyond_fin(t.self);
    d.in_vain = text_below(&t, last_of(&t, ack)) - text_below(&t, useful) + d.beyond_fin;
    count_held(&t, edge, useful, &d);
    count_claim(&t, &d);
    return d;
}
