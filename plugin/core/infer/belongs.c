/* See belongs.h. Two connections of the same sockets differ in their sequence numbers, which begin
 * anywhere (section 3.4.1). It does not judge the segment: one that is forged or out of the window
 * belongs to the connection it was made for.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "infer/belongs.h"

#include "seq.h"

/* Further than most windows; the numbers of another connection come that near once in 1024. */
enum { NEAR = 1 << 20 };

static bool is_near(uint32_t a, uint32_t b)
{
    return a - b < NEAR || b - a < NEAR;
}

static bool is_near_sent(const struct endpoint *self, uint32_t number)
{
    return is_near(number, self->snd_nxt) ||
           (self->attempt_frame && is_near(number, self->attempt));
}

bool belongs_to(const struct connection *c, const struct segment *s)
{
    const struct endpoint *self = &c->end[s->from], *peer = &c->end[!s->from];
    const bool by_seq = self->knows.snd && !(segment_is(s, SEG_RST) && s->seq == 0);
    const bool by_ack = peer->knows.snd && segment_is(s, SEG_ACK);
    if (!by_seq && !by_ack)
        return true;
    return (by_seq && is_near_sent(self, s->seq)) || (by_ack && is_near_sent(peer, s->ack));
}
