/* See tcb.h. Names are those of RFC 9293 section 3.3.1.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "tcb.h"

#include "seq.h"
#include "sift.h"

static void count(uint8_t *counter)
{
    if (*counter < UINT8_MAX)
        (*counter)++;
}

static void learn(struct endpoint *x, unsigned what, bool known)
{
    x->knows = (uint16_t)(known ? x->knows | what : x->knows & ~what);
}

static void take_syn(struct endpoint *x, const struct endpoint *y, const struct segment *s)
{
    const bool takes_text = segment_is(s, SEG_ACK) && y->syns && seq_lt(y->iss + 1, s->ack);
    if (!(x->knows & KNOWS_ISS) || x->iss != s->seq)
        learn(x, KNOWS_SND | KNOWS_SCALE, false); /* numbers start afresh, and so do options */
    x->iss = s->seq;
    learn(x, KNOWS_ISS, true);
    if (s->has &
        HAS_WSCALE) { /* a client may do without, when nobody answers; the first may come */
        x->wscale = s->wscale;
        learn(x, KNOWS_SCALE, true);
    }
    learn(x, KNOWS_TIMESTAMPS, s->has & HAS_TIMESTAMPS);
    if ((s->has & HAS_FAST_OPEN) || takes_text) /* a cookie need not be asked for */
        learn(x, KNOWS_FAST_OPEN, true);
    x->syn = endpoint_remembers(s);
    if (!segment_is(s, SEG_ACK)) {
        x->bare_syn_frame = s->frame;
        learn(x, KNOWS_PASSIVE, false); /* whoever listened before, this is an active OPEN */
    }
    count(segment_is(s, SEG_ACK) ? &x->syn_acks : &x->syns);
}

static void take_fin(struct endpoint *x, const struct segment *s)
{
    if (!(x->knows & KNOWS_FIN))
        x->fin = segment_end(s);
    learn(x, KNOWS_FIN, true);
    x->closing = endpoint_remembers(s);
    count(&x->fins);
}

/* What is too far off to be of this connection does not count. */
static void take_seq(struct endpoint *x, const struct segment *s)
{
    const int32_t ahead = seq_diff(x->snd_nxt, segment_end(s));
    if (!(x->knows & KNOWS_SND) || (ahead > 0 && ahead < SEQ_FAR))
        x->snd_nxt = segment_end(s);
}

/* The window it offers. Without both SYNs the scale is not known and the edge means nothing. */
static uint32_t window_of(const struct endpoint *x, const struct endpoint *y,
                          const struct segment *s)
{
    return (uint32_t)s->window << (segment_is(s, SEG_SYN) ? 0 : endpoint_window_shift(x, y));
}

static void take_window(struct endpoint *x, uint32_t ack, uint32_t window)
{
    if ((x->knows & KNOWS_ACKED) && seq_lt(ack, x->acked))
        return; /* overtaken by a later one */
    x->window = window;
    x->edge = x->knows & KNOWS_ACKED ? seq_max(x->edge, ack + window) : ack + window;
    if (x->max_window < window)
        x->max_window = window;
}

static void take_ack(struct endpoint *x, uint32_t ack)
{
    if ((x->knows & KNOWS_ACKED) && seq_lt(x->acked, ack))
        x->acked_before = x->acked;
    else if (!(x->knows & KNOWS_ACKED))
        x->acked_before = ack;
    x->acked = x->knows & KNOWS_ACKED ? seq_max(x->acked, ack) : ack;
    x->rcv_nxt = x->knows & KNOWS_RCV ? seq_max(x->rcv_nxt, ack) : ack;
    x->knows |= KNOWS_ACKED | KNOWS_RCV;
}

bool endpoint_acks_beyond(const struct endpoint *y, const struct segment *s)
{
    return segment_is(s, SEG_ACK) && (y->knows & KNOWS_SEGMENT) && (y->knows & KNOWS_SND) &&
           seq_lt(y->snd_nxt, s->ack) &&
           !((y->knows & KNOWS_FOREIGN) && seq_le(s->ack, y->foreign_nxt));
}

bool endpoint_probes(const struct endpoint *x, const struct endpoint *y, const struct segment *s)
{
    return segment_is(s, SEG_ACK) && !segment_any(s, SEG_SYN | SEG_RST | SEG_FIN) && s->text <= 1 &&
           (y->knows & KNOWS_ACKED) && s->seq == y->acked - (s->text ? 0 : 1) &&
           (y->window == 0 || (x->knows & KNOWS_CLOSED));
}

bool endpoint_acks_nothing(const struct endpoint *y, const struct segment *s)
{
    return segment_is(s, SEG_ACK) && (y->knows & KNOWS_ISS) && y->belief.state != SYN_SENT &&
           seq_le(s->ack, y->iss);
}

void tcb_weigh_claim(struct endpoint *y, struct endpoint *x, const struct segment *s)
{
    const struct sent *claim = &y->claim;
    if (!claim->frame || segment_is(s, SEG_RST) ||
        (!seq_le(claim->ack, s->seq) && !seq_le(claim->ack, x->snd_nxt)))
        return;
    x->snd_nxt = seq_max(x->snd_nxt, claim->ack);
    take_window(y, claim->ack, (uint32_t)claim->window << endpoint_window_shift(y, x));
    take_ack(y, claim->ack);
    y->claim.frame = 0;
}

/* Was it sent after the FIN? A later timestamp or ACK says so; so does a while without either. */
static bool sent_after_fin(const struct endpoint *x, const struct segment *s)
{
    static const int64_t LONG_AFTER = 1000000000;
    const int64_t age = s->time - x->closing.time;
    if (s->has & HAS_TIMESTAMPS)
        return age >= REORDERING && seq_lt(x->tsval, s->tsval);
    return age >= LONG_AFTER || (age >= REORDERING && seq_lt(x->closing.ack, s->ack));
}

bool endpoint_keeps_half_alive(const struct endpoint *x, const struct endpoint *y,
                               const struct segment *s)
{
    static const int64_t SILENCE = 1000000000;
    return (x->knows & KNOWS_FIN) && s->text <= 1 && s->seq == x->fin - 1 &&
           (s->flags & ~(unsigned)SEG_PSH) == SEG_ACK && s->ack == x->acked &&
           s->time - x->closing.time >= SILENCE && s->time - y->last.time >= SILENCE;
}

/* A FIN has the last number that its sender uses: who sends text with that number afterwards, or a
 * pure ACK from below it, has not sent it. Text that ends before it is only sent again: what was
 * lost need not have been captured. A FIN that fits what has arrived is better than one beyond a
 * hole. */
bool tcb_disowns_fin(const struct endpoint *x, const struct endpoint *y, const struct segment *s)
{
    if (!x->fin_first || segment_any(s, SEG_SYN | SEG_RST) ||
        s->time - x->closing.time < REORDERING || endpoint_keeps_half_alive(x, y, s))
        return false;
    if (segment_is(s, SEG_FIN))
        return seq_lt(y->rcv_nxt, x->fin - 1) && s->seq == y->rcv_nxt && segment_end(s) != x->fin;
    if (s->text)
        return seq_lt(s->seq, x->fin) && seq_lt(x->fin, segment_end(s)) && sent_after_fin(x, s);
    return !segment_len(s) && seq_le(x->fin_nxt, s->seq) && seq_lt(s->seq, x->fin) &&
           sent_after_fin(x, s);
}

unsigned endpoint_window_shift(const struct endpoint *x, const struct endpoint *y)
{
    if (!(x->knows & y->knows & KNOWS_SCALE))
        return 0;
    return x->wscale < WINDOW_SHIFT_MAX ? x->wscale : WINDOW_SHIFT_MAX;
}

bool endpoint_knows_window(const struct endpoint *x, const struct endpoint *y)
{
    return (x->knows & KNOWS_ISS) && (y->knows & KNOWS_ISS) && (x->knows & KNOWS_ACKED);
}

void tcb_imitated(struct endpoint *x, const struct segment *s)
{
    if (segment_any(s, SEG_SYN | SEG_RST))
        return;
    x->foreign_nxt =
        x->knows & KNOWS_FOREIGN ? seq_max(x->foreign_nxt, segment_end(s)) : segment_end(s);
    learn(x, KNOWS_FOREIGN, true);
    if ((s->has & HAS_TIMESTAMPS) && seq_lt(x->tsval, s->tsval))
        x->tsval = s->tsval;
}

void tcb_sent(struct endpoint *x, const struct endpoint *y, const struct segment *s, bool wrong)
{
    learn(x, KNOWS_SEGMENT, true);
    count(&x->segments);
    if (segment_is(s, SEG_SYN))
        take_syn(x, y, s);
    if (segment_is(s, SEG_RST)) { /* its numbers are chosen for the receiver */
        count(&x->rsts);
        x->rst = endpoint_remembers(s);
        return;
    }
    learn(x, KNOWS_CLOSED, endpoint_probes(x, y, s));
    take_seq(x, s);
    learn(x, KNOWS_SND, true);
    if (segment_is(s, SEG_FIN) && !segment_is(s, SEG_SYN))
        take_fin(x, s);
    if (!segment_is(s, SEG_SYN) && !(s->has & HAS_TIMESTAMPS)) /* they are taken out on the way */
        learn(x, KNOWS_TIMESTAMPS, false);
    if ((s->has & HAS_TIMESTAMPS) && (x->segments == 1 || seq_lt(x->tsval, s->tsval)))
        x->tsval = s->tsval;
    if (endpoint_acks_beyond(y, s)) { /* the capture may have a hole, or the ACK be wrong */
        if (!wrong && !(x->claim.frame && x->claim.ack == s->ack))
            x->claim = endpoint_remembers(s);
    } else if (segment_is(s, SEG_ACK) && !endpoint_acks_nothing(y, s)) {
        take_window(x, s->ack, window_of(x, y, s));
        take_ack(x, s->ack);
    }
}
