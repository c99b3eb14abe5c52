/* See quiet.h. Text and its ACKs in an open connection, in order or a little out of it.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * It decides nothing: each condition keeps a segment away for which some step of connection.c would
 * have something to do, and which then takes all of them. That both ways agree is tested by random
 * conversations (tests/quiet.c), by every ladder and capture, damaged in every way
 * (tests/metamorph.c), and by fuzzing (tests/fuzz/core.c). */
#include "quiet.h"

#include "accept.h"
#include "retries.h"
#include "seq.h"

static bool is_near(uint32_t a, uint32_t b)
{
    const int32_t off = seq_diff(a, b);
    return off < SEQ_FAR && off > -SEQ_FAR;
}

/* ACK and perhaps PSH; no option but timestamps, which are there exactly when both SYNs had them.
 */
static bool is_plain(const struct endpoint *x, const struct endpoint *y, const struct segment *s)
{
    const bool stamped = (s->has & HAS_TIMESTAMPS) != 0;
    return (s->flags & ~(unsigned)SEG_PSH) == SEG_ACK && !(s->has & ~(unsigned)HAS_TIMESTAMPS) &&
           stamped == ((x->knows & y->knows & KNOWS_TIMESTAMPS) != 0) &&
           (!stamped || (seq_le(x->tsval, s->tsval) && seq_le(s->tsecr, y->tsval) &&
                         !accept_paws_rejects(y, x, s)));
}

/* In ESTABLISHED, with nothing assumed and no FIN on either side, and its numbers are known. */
static bool is_settled(const struct endpoint *x)
{
    enum {
        NEEDED = KNOWS_SEGMENT | KNOWS_SND | KNOWS_RCV | KNOWS_ACKED,
        UNWANTED = KNOWS_FIN | KNOWS_PEER_FIN
    };
    return x->belief.state == ESTABLISHED && !x->belief.count && (x->belief.proven & ESTABLISHED) &&
           !(x->belief.proven & (state_set)~SYNCHRONIZED) &&
           (x->knows & (NEEDED | UNWANTED)) == NEEDED;
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
static bool acks_quietly(const struct endpoint *x, const struct endpoint *y,
                         const struct segment *s)
{
    const uint32_t edge = s->ack + ((uint32_t)s->window << endpoint_window_shift(x, y));
    return is_near(x->acked, s->ack) && seq_le(x->acked, s->ack) && seq_le(s->ack, y->snd_nxt) &&
           seq_le(x->acked + x->window, edge);
}

/* Nothing that was just sent before, no probe (one octet, or none from below), within the window.
 */
static bool carries_quietly(const struct endpoint *x, const struct endpoint *y,
                            const struct segment *s)
{
    const uint32_t end = s->seq + s->text, edge = seq_max(y->edge, y->rcv_nxt);
    if (!s->text)
        return s->seq == x->snd_nxt && accept_by_window(y, x, s);
    return s->text > 1 && s->seq != x->retry.seq && y->window && seq_lt(y->acked, end) &&
           (!endpoint_knows_window(y, x) || (seq_lt(s->seq, edge) && seq_le(end, edge)));
}

/* Midstream, text tells more: its sender has not closed, and its receiver has not seen a FIN. */
static bool narrows(const struct endpoint *x, const struct endpoint *y, const struct segment *s)
{
    return s->text && ((x->belief.proven & (state_set) ~(ESTABLISHED | CLOSE_WAIT)) ||
                       (y->belief.proven & (CLOSE_WAIT | CLOSING | LAST_ACK | TIME_WAIT)));
}

bool quiet_is(const struct connection *c, const struct segment *s)
{
    enum { FEW = 2 }; /* segments from which round trips are learnt */
    const struct endpoint *x = &c->end[s->from], *y = &c->end[!s->from];
    return quiet_is_settled(c) && is_plain(x, y, s) && !c->owed[s->from].count &&
           is_near(y->rcv_nxt, s->seq) && acks_quietly(x, y, s) && carries_quietly(x, y, s) &&
           !narrows(x, y, s) && x->segments >= FEW && !retries_may_be_over(x, s->time) &&
           !retries_may_be_over(y, s->time) && s->time - c->last < HOUR;
}
