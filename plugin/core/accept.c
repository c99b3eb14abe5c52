/* See accept.h. The exact RCV.NXT of a receiver is not known: it lies between what it has
 * acknowledged and what was captured. A test that depends on it passes when some value in that
 * range passes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "accept.h"

#include "seq.h"

/* The lowest RCV.NXT that the receiver can have. */
static uint32_t lowest_rcv_nxt(const struct endpoint *x)
{
    return x->knows & KNOWS_ACKED ? x->acked : x->rcv_nxt;
}

bool accept_by_window(const struct endpoint *x, const struct endpoint *y, const struct segment *s)
{
    const uint32_t low = lowest_rcv_nxt(x);
    const uint32_t last = segment_len(s) ? segment_end(s) - 1 : s->seq;
    if (!(x->knows & KNOWS_RCV))
        return true;
    if (seq_lt(last, low))
        return false;
    if (!endpoint_knows_window(x, y))
        return true;
    return seq_lt(s->seq, seq_max(x->edge, x->rcv_nxt)) || s->seq == x->rcv_nxt || s->seq == low;
}

bool accept_paws_rejects(const struct endpoint *x, const struct endpoint *y,
                         const struct segment *s)
{
    static const int64_t OUTDATED = INT64_C(24) * 86400 * 1000000000;
    return (x->knows & y->knows & KNOWS_TIMESTAMPS) && (s->has & HAS_TIMESTAMPS) &&
           (x->knows & KNOWS_TS_RECENT) && !segment_is(s, SEG_RST) &&
           seq_lt(s->tsval, x->ts_recent) && s->time - x->ts_time < OUTDATED;
}

bool accept_ack_is_too_old(const struct endpoint *y, const struct segment *s)
{
    return segment_is(s, SEG_ACK) && (y->knows & KNOWS_ACKED) && (y->knows & KNOWS_ISS) &&
           seq_lt(s->ack, y->acked - y->max_window);
}

bool accept_acks_syn(const struct endpoint *x, const struct segment *s)
{
    const uint32_t iss = x->attempt_frame ? x->attempt : x->iss;
    const uint32_t nxt = x->attempt_frame ? x->attempt + 1 : x->snd_nxt;
    return seq_lt(iss, s->ack) && seq_le(s->ack, nxt);
}

enum rst_fit accept_fits_rst(const struct endpoint *x, const struct endpoint *y,
                             const struct segment *s)
{
    const uint32_t low = lowest_rcv_nxt(x);
    if (x->belief.state == SYN_SENT)
        return segment_is(s, SEG_ACK) && accept_acks_syn(x, s) ? RST_EXACT : RST_OUTSIDE;
    if (!(x->belief.possible & (SYN_RCVD | SYNCHRONIZED)) || x->belief.state == LISTEN)
        return RST_IGNORED;
    if (!(x->knows & KNOWS_RCV) || s->seq == x->rcv_nxt || s->seq == low ||
        (x->claim.frame && s->seq == x->claim.ack))
        return RST_EXACT;
    if (seq_lt(low, s->seq) && seq_lt(s->seq, x->rcv_nxt))
        return RST_BETWEEN;
    if (!endpoint_knows_window(x, y))
        return RST_UNJUDGED;
    return seq_lt(low, s->seq) && seq_lt(s->seq, x->edge) ? RST_IN_WINDOW : RST_OUTSIDE;
}
