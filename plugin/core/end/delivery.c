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

/* Places are octets of sequence space from ISS + 1 on, so they do not go round. This one is `n`'s,
 * which is less than half a round from `near`. */
static int64_t place_near(const struct stream *t, uint32_t laps, uint32_t near, uint32_t n)
{
    return ((int64_t)laps << 32) + (uint32_t)(near - (t->self->iss + 1)) + seq_diff(near, n);
}

static bool is_seen(const struct stream *t)
{
    return t->self->knows.segment;
}

static int64_t place_by_ack(const struct stream *t, uint32_t n)
{
    return place_near(t, t->peer->ack_laps, t->peer->acked, n);
}

static int64_t place_of(const struct stream *t, uint32_t n)
{
    return is_seen(t) || !t->peer->knows.acked
               ? place_near(t, t->self->snd_laps, t->self->snd_nxt, n)
               : place_by_ack(t, n);
}

/* The peer's ACK may be rounds behind, if the capture lacks all later ones; it is not rounds ahead,
 * but may lie before ISS. */
static int64_t place_of_ack(const struct stream *t)
{
    const int64_t place = place_by_ack(t, t->peer->acked);
    const bool ahead = is_seen(t) && place_of(t, t->self->snd_nxt) < place;
    return ahead ? place_of(t, t->peer->acked) : place;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a < b ? b : a;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The octets of text before a place: the FIN is none. */
static uint64_t text_before(const struct stream *t, int64_t place)
{
    const bool fin = t->self->knows.fin && place_of(t, t->self->fin) <= place;
    return (uint64_t)larger(place - fin, 0);
}

/* What the peer has acknowledged. The ACK of a RST counts where it tells RCV.NXT (section 3.10.5).
 */
static int64_t acknowledged(const struct stream *t)
{
    const struct endpoint *peer = t->peer;
    const struct sent *rst = &peer->rst;
    const bool tells = rst->frame && (rst->flags & SEG_ACK) && peer->knows.snd &&
                       rst->seq == peer->snd_nxt && seq_le(rst->ack, t->self->snd_nxt);
    const int64_t ack = peer->knows.acked ? place_of_ack(t) : 0,
                  most = tells ? larger(ack, place_of(t, rst->ack)) : ack;
    /* It also acknowledges what others have sent in this one's name. */
    return t->self->knows.foreign ? smaller(most, place_of(t, t->self->snd_nxt)) : most;
}

/* Where its text ends: at its FIN, or at SND.NXT, which is not before what is acknowledged. */
static int64_t last_of(const struct stream *t, int64_t ack)
{
    const int64_t last = larger(ack, is_seen(t) ? place_of(t, t->self->snd_nxt) : 0);
    return t->self->knows.fin ? smaller(last, place_of(t, t->self->fin)) : last;
}

/* ... and the part of it that was sent before the peer left by a RST, or was acknowledged. */
static int64_t useful_of(const struct stream *t, int64_t ack)
{
    const int64_t last = last_of(t, ack);
    return t->peer->knows.left ? smaller(last, larger(ack, place_of(t, t->peer->left_nxt))) : last;
}

/* Numbers beyond its FIN are text only where that was captured. */
static uint64_t beyond_fin(const struct endpoint *self)
{
    return self->beyond_fin ? self->beyond_fin - self->fin : 0;
}

/* RCV.NXT of the peer if all that was captured came. Its ACK may have closed a hole of the capture.
 */
static uint32_t edge_of(const struct endpoint *peer)
{
    const struct ranges *held = &peer->held;
    uint32_t edge = peer->rcv_nxt;
    for (unsigned i = 0; i < held->count && seq_le(held->held[i].start, edge); i++)
        edge = seq_max(edge, held->held[i].end);
    return edge;
}

/* What came behind a hole that nothing has filled. */
static void count_held(const struct stream *t, int64_t useful, struct delivery *d)
{
    const struct ranges *held = &t->peer->held;
    const int64_t edge = place_of(t, edge_of(t->peer));
    for (unsigned i = 0; i < held->count; i++) {
        const int64_t from = place_of(t, held->held[i].start),
                      to = smaller(useful, place_of(t, held->held[i].end));
        if (edge < from && from < to)
            d->held += text_before(t, to) - text_before(t, from);
    }
    if (d->held)
        d->hole = text_before(t, edge) + 1;
}

/* An ACK of what was never captured, and nothing after it tells more: that was there. A single
 * octet may have been a FIN. */
static void count_claim(const struct stream *t, struct delivery *d)
{
    const uint32_t claim = t->peer->claim.ack, sent = t->self->snd_nxt;
    if (!t->peer->claim.frame || t->self->knows.fin || seq_le(claim, sent))
        return;
    d->acknowledged_max = text_before(t, place_of(t, claim));
    d->acknowledged = claim == sent + 1 ? d->acknowledged_max - 1 : d->acknowledged_max;
    d->unacknowledged = d->held = d->hole = 0;
}

/* Is it known where its text begins? An end that was there before its peer's SYN has not told. */
static bool has_origin(const struct endpoint *self)
{
    return self->knows.snd && (self->knows.iss || self->iss);
}

struct delivery delivery_of(const struct connection *c, unsigned end)
{
    const struct stream t = {&c->end[end], &c->end[!end]};
    struct delivery d = {.from_start = t.self->knows.iss};
    if (!has_origin(t.self) || !t.peer->knows.segment)
        return d;
    const int64_t ack = acknowledged(&t), useful = useful_of(&t, ack);
    const bool came = t.peer->knows.rcv;
    const int64_t edge = came ? smaller(useful, place_of(&t, edge_of(t.peer))) : ack;
    d.is_known = true;
    d.acknowledged = text_before(&t, ack);
    d.acknowledged_max = text_before(&t, larger(ack, edge));
    d.unacknowledged = text_before(&t, useful) - d.acknowledged;
    d.beyond_fin = beyond_fin(t.self);
    d.in_vain = text_before(&t, last_of(&t, ack)) - text_before(&t, useful) + d.beyond_fin;
    count_held(&t, useful, &d);
    count_claim(&t, &d);
    return d;
}
