/* See quiet.h. Text and its ACKs in an open connection, in order or a little out of it.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * It decides nothing: each condition keeps a segment away for which some step of connection.c would
 * have something to do, and which then takes all of them. That both ways agree is tested by random
 * conversations (tests/quiet.c), by every ladder and capture, damaged in every way
 * (tests/metamorph.c), and by fuzzing (tests/fuzz/core.c). */
#include "infer/quiet.h"

#include "rfc/acceptable.h"
#include "rfc/retries.h"
#include "rfc/tcb.h"
#include "seq.h"

static bool is_near(uint32_t a, uint32_t b)
{
    const int32_t off = seq_diff(a, b);
    return off < SEQ_FAR && off > -SEQ_FAR;
}

/* ACK and perhaps PSH; no option but SACK, and timestamps, which are there exactly when both SYNs
 * had them. */
static bool is_plain(const struct endpoint *self, const struct endpoint *peer,
                     const struct segment *s)
{
    const bool stamped = (s->has & HAS_TIMESTAMPS) != 0;
    return (s->flags & ~(unsigned)SEG_PSH) == SEG_ACK &&
           !(s->has & ~(unsigned)(HAS_TIMESTAMPS | HAS_SACK | HAS_DSACK)) &&
           stamped == (self->knows.timestamps && peer->knows.timestamps) &&
           (!stamped || (seq_le(self->tsval, s->tsval) && seq_le(s->tsecr, peer->tsval) &&
                         !acceptable_paws_rejects(peer, self, s)));
}

/* In ESTABLISHED, with nothing assumed and no FIN on either side, and its numbers are known. */
static bool is_settled(const struct endpoint *self)
{
    return self->belief.state == ESTABLISHED && !self->belief.count &&
           (self->belief.proven & ESTABLISHED) &&
           !(self->belief.proven & (state_set)~SYNCHRONIZED) && self->knows.segment &&
           self->knows.snd && self->knows.rcv && self->knows.acked && !self->knows.fin &&
           !self->knows.peer_fin;
}

bool quiet_is_settled(const struct connection *c)
{
    for (unsigned i = 0; i < 2; i++)
        if (!is_settled(&c->end[i]) || c->end[i].attempt_frame || c->end[i].claim.frame ||
            c->held[i])
            return false;
    return true;
}

/* It acknowledges what was sent and no less than before, and takes nothing back of its window. */
static bool acks_quietly(const struct endpoint *self, const struct endpoint *peer,
                         const struct segment *s)
{
    const uint32_t edge = s->ack + ((uint32_t)s->window << tcb_window_shift(self, peer));
    return is_near(self->acked, s->ack) && seq_le(self->acked, s->ack) &&
           seq_le(s->ack, peer->snd_nxt) && seq_le(self->acked + self->window, edge);
}

/* Nothing that was just sent before, no probe (one octet, or none from below), within the window.
 */
static bool carries_quietly(const struct endpoint *self, const struct endpoint *peer,
                            const struct segment *s)
{
    const uint32_t end = s->seq + s->text, edge = seq_max(peer->edge, peer->rcv_nxt);
    if (!s->text)
        return s->seq == self->snd_nxt && acceptable_by_window(peer, self, s);
    return s->text > 1 && s->seq != self->retry.seq && peer->window && seq_lt(peer->acked, end) &&
           (!tcb_knows_window(peer, self) || (seq_lt(s->seq, edge) && seq_le(end, edge)));
}

/* Midstream, text tells more: its sender has not closed, and its receiver has not seen a FIN. */
static bool narrows(const struct endpoint *self, const struct endpoint *peer,
                    const struct segment *s)
{
    return s->text && ((self->belief.proven & (state_set) ~(ESTABLISHED | CLOSE_WAIT)) ||
                       (peer->belief.proven & (CLOSE_WAIT | CLOSING | LAST_ACK | TIME_WAIT)));
}

bool quiet_goes_on(const struct connection *c, const struct segment *s)
{
    enum { FEW = 2 }; /* segments from which round trips are learnt */
    const struct endpoint *self = &c->end[s->from], *peer = &c->end[!s->from];
    return is_plain(self, peer, s) && !c->owed[s->from].count && is_near(peer->rcv_nxt, s->seq) &&
           acks_quietly(self, peer, s) && carries_quietly(self, peer, s) &&
           !narrows(self, peer, s) && self->segments >= FEW &&
           !retries_may_be_over(self, s->time) && !retries_may_be_over(peer, s->time) &&
           s->time - c->last < HOUR;
}

bool quiet_is(const struct connection *c, const struct segment *s)
{
    return quiet_is_settled(c) && quiet_goes_on(c, s);
}
