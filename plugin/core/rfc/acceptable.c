/* See acceptable.h. The exact RCV.NXT of a receiver is not known: it lies between what it has
 * acknowledged and what was captured. A test that depends on it passes when some value in that
 * range passes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rfc/acceptable.h"

#include "rfc/tcb.h"
#include "seq.h"

/* The lowest RCV.NXT that the receiver can have. */
static uint32_t lowest_rcv_nxt(const struct endpoint *self)
{
    return self->knows.acked ? self->acked : self->rcv_nxt;
}

bool acceptable_by_window(const struct endpoint *self, const struct endpoint *peer,
                          const struct segment *s)
{
    const uint32_t low = lowest_rcv_nxt(self);
    const uint32_t last = segment_len(s) ? segment_end(s) - 1 : s->seq;
    if (!self->knows.rcv)
        return true;
    if (seq_lt(last, low))
        return false;
    if (!tcb_knows_window(self, peer))
        return true;
    return seq_lt(s->seq, seq_max(self->edge, self->rcv_nxt)) || s->seq == self->rcv_nxt ||
           s->seq == low;
}

bool acceptable_paws_rejects(const struct endpoint *self, const struct endpoint *peer,
                             const struct segment *s)
{
    static const int64_t OUTDATED = INT64_C(24) * 86400 * 1000000000;
    return self->knows.timestamps && peer->knows.timestamps && (s->has & HAS_TIMESTAMPS) &&
           self->knows.ts_recent && !segment_is(s, SEG_RST) && seq_lt(s->tsval, self->ts_recent) &&
           s->time - self->ts_time < OUTDATED;
}

bool acceptable_ack_is_too_old(const struct endpoint *peer, const struct segment *s)
{
    return segment_is(s, SEG_ACK) && peer->knows.acked && peer->knows.iss &&
           seq_lt(s->ack, peer->acked - peer->max_window);
}

bool acceptable_acks_syn(const struct endpoint *self, const struct segment *s)
{
    const uint32_t iss = self->attempt_frame ? self->attempt : self->iss;
    const uint32_t nxt = self->attempt_frame ? self->attempt + 1 : self->snd_nxt;
    return seq_lt(iss, s->ack) && seq_le(s->ack, nxt);
}

enum rst_fit acceptable_fits_rst(const struct endpoint *self, const struct endpoint *peer,
                                 const struct segment *s)
{
    const uint32_t low = lowest_rcv_nxt(self);
    if (self->belief.state == SYN_SENT)
        return segment_is(s, SEG_ACK) && acceptable_acks_syn(self, s) ? RST_EXACT : RST_OUTSIDE;
    if (!(self->belief.possible & (SYN_RCVD | SYNCHRONIZED)) || self->belief.state == LISTEN)
        return RST_IGNORED;
    if (!self->knows.rcv || s->seq == self->rcv_nxt || s->seq == low ||
        (self->claim.frame && s->seq == self->claim.ack))
        return RST_EXACT;
    if (seq_lt(low, s->seq) && seq_lt(s->seq, self->rcv_nxt))
        return RST_BETWEEN;
    if (!tcb_knows_window(self, peer))
        return RST_UNJUDGED;
    return seq_lt(low, s->seq) && seq_lt(s->seq, self->edge) ? RST_IN_WINDOW : RST_OUTSIDE;
}
