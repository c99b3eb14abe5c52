/* See closing.h. Along the fates that are known, as all of the machine.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "end/closing.h"

#include "end/outcome.h"
#include "infer/history.h"
#include "rfc/replies.h"
#include "rfc/retries.h"

/* Had the peer's FIN or RST come when this was sent? What it acknowledges had, in any case. */
static bool was_closed(const struct endpoint *self, const struct endpoint *peer,
                       const struct segment *s)
{
    const struct belief *b = &self->belief;
    if (peer->knows.fin && segment_is(s, SEG_ACK) && s->ack == peer->fin)
        return true;
    return (b->state & (CLOSE_WAIT | CLOSING | LAST_ACK | TIME_WAIT)) || belief_has(b, RCV_RST) ||
           belief_has(b, RCV_RST_PASSIVE);
}

/* A RST in reply, from an end that had left before, behind a RST of its peer: that came after all,
 * or another that nobody saw. Nothing tells that it closed by itself. */
static bool had_left(const struct moment *m)
{
    return segment_is(m->segment, SEG_RST) && m->receiver->knows.left &&
           endpoint_is_rst_reply(m->receiver, m->segment);
}

/* A RST in its peer's name has ended it, as far as is known by now. */
static bool was_pushed(const struct moment *m)
{
    const struct history *h = m->history;
    for (const struct event *e = h ? h->event : NULL; e && e < h->event + h->count; e++)
        if (e->fate.origin == CLUE_STRANGER && segment_is(&e->segment, SEG_RST) &&
            e->segment.from != m->segment->from)
            return m->sender->belief.state == CLOSED && !m->sender->closes;
    return false;
}

enum closes closing_before(const struct moment *m)
{
    const struct segment *s = m->segment;
    const bool fin = segment_is(s, SEG_FIN) && !segment_is(s, SEG_SYN);
    if (!fin && !segment_is(s, SEG_RST))
        return CLOSES_NOT;
    if (was_pushed(m))
        return CLOSES_PUSHED;
    return was_closed(m->sender, m->receiver, s) || had_left(m) ? CLOSES_SECOND : CLOSES_FIRST;
}

static int64_t silence_of(const struct endpoint *self, int64_t now)
{
    return self->spoke ? now - self->spoke : NEVER_SPOKE;
}

/* The peer's text from here on found its receiver gone: what the RST answers, where that is known,
 * and all that follows. */
static uint32_t left_at(const struct moment *m)
{
    const bool answers = replies_is_given(m->owed, m->segment);
    const struct event *e = answers ? history_find(m->history, m->owed->frame) : NULL;
    return e && e->segment.text ? e->segment.seq : m->receiver->snd_nxt;
}

void closing_after(struct moment *m, enum closes closes)
{
    struct endpoint *self = m->sender;
    struct connection *c = m->c;
    const struct segment *s = m->segment;
    const bool left = (self->belief.state & (CLOSED | LISTEN)) != 0;
    if (closes == CLOSES_NOT || (segment_is(s, SEG_RST) && !left))
        return; /* a RST that only answers leaves its sender where it is */
    if (segment_is(s, SEG_RST) && !self->knows.left) {
        self->knows.left = true;
        self->left_nxt = left_at(m);
    }
    if (self->closes)
        return;
    self->closes = (uint8_t)closes;
    if (c->closed_in || closes == CLOSES_PUSHED)
        return;
    c->closed_in = s->frame;
    for (unsigned end = 0; end < 2; end++)
        c->silent[end] = silence_of(&c->end[end], s->time);
}

/* A FIN that was not captured shows by what its peer does. */
static bool acts_first(const struct endpoint *self, const struct endpoint *peer)
{
    if (self->closes)
        return self->closes == CLOSES_FIRST;
    return peer->closes == CLOSES_SECOND || (!peer->closes && self->knows.fin);
}

unsigned closing_by(const struct connection *c, int64_t now)
{
    unsigned first = 0, silent = 0;
    for (unsigned end = 0; end < 2; end++) {
        const struct endpoint *self = &c->end[end];
        first |= (unsigned)acts_first(self, &c->end[!end]) << end;
        silent |= (unsigned)retries_have_stopped(self, now) << end;
    }
    return first ? first : silent;
}
