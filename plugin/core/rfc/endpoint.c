/* What sending moves. What it proves is evidence.c, what it tells of numbers tcb.c; receiving is
 * receive.c.
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rfc/endpoint.h"

#include "infer/evidence.h"
#include "infer/history.h"
#include "rfc/acceptable.h"
#include "rfc/replies.h"
#include "rfc/tcb.h"
#include "seq.h"

/* Octets that it had not sent before. */
static bool is_new_text(const struct endpoint *self, const struct segment *s)
{
    return s->text && (!self->knows.snd || seq_lt(self->snd_nxt, segment_end(s)));
}

static bool is_unheard(const struct endpoint *self)
{
    return self->belief.proven == LISTEN && !self->knows.segment;
}

uint32_t endpoint_open_since(const struct endpoint *self)
{
    uint32_t since = is_unheard(self) ? 0 : belief_open_since(&self->belief);
    if (self->unsure && self->unsure < since)
        since = self->unsure;
    return self->unproved && self->unproved < since ? self->unproved : since;
}

/* The state that its own segments prove. UNKNOWN: they leave several, or there is none; that an end
 * listens which was never heard is only assumed, too. */
static enum state confirmed(const struct endpoint *self)
{
    const bool open = is_unheard(self) || belief_find(&self->belief, TIMEOUT_USER) >= 0;
    return open ? STATE_UNKNOWN : state_number(self->belief.proven);
}

void endpoint_view(const struct endpoint *self, struct end_view *view)
{
    const struct belief *b = &self->belief;
    view->state = (uint8_t)state_number(b->state);
    view->confirmed = (uint8_t)confirmed(self);
    view->possible = b->possible;
    view->settled = belief_settled(b);
    view->since = self->since;
    view->open_since = endpoint_open_since(self);
    view->found = self->found;
}

void endpoint_leaves_unproved(struct endpoint *self, uint32_t frame)
{
    if (frame != NOTHING_OPEN && (!self->unproved || frame < self->unproved))
        self->unproved = frame;
}

bool endpoint_is_rst_reply(const struct endpoint *peer, const struct segment *s)
{
    return !segment_is(s, SEG_ACK) && peer->knows.acked &&
           (s->seq == peer->acked || s->seq == peer->acked_before);
}

/* <SEQ=0><ACK=SEG.SEQ+SEG.LEN>: the reply of an end without a connection to the SYN that `peer` has
 * sent. */
static bool refuses_syn(const struct endpoint *peer, const struct segment *s)
{
    return segment_is(s, SEG_ACK) && s->seq == 0 && peer->knows.iss && peer->bare_syn_frame &&
           s->ack == peer->iss + 1;
}

bool endpoint_refuses_latest_syn(const struct moment *m)
{
    const struct segment *s = m->segment;
    const struct event *e = history_find(m->history, m->owed->frame);
    return e && segment_is(s, SEG_ACK) && s->seq == 0 && segment_is_syn(&e->segment) &&
           s->ack == segment_end(&e->segment);
}

/* A RST that lacks the timestamps which its sender puts on everything else (RFC 7323 section 3.2),
 * from an end that had no reason to close: who has sent it is open. A system that has forgotten the
 * connection resets like that, and so does a packet filter or a forger in its name. An end that has
 * sent its FIN may well be gone. */
static bool is_of_unknown_origin(const struct endpoint *self, const struct endpoint *peer,
                                 const struct segment *s)
{
    const state_set open = ESTABLISHED | CLOSE_WAIT;
    const bool again =
        self->belief.state == CLOSED && (self->belief.possible & open); /* the same as before */
    return self->knows.timestamps && peer->knows.timestamps && !(s->has & HAS_TIMESTAMPS) &&
           (again || ((self->belief.state & open) && !(self->belief.possible & CLOSED)));
}

/* A RST leaves nothing behind, except where it only answers an unacceptable ACK. One whose numbers
 * no conforming end would choose proves nothing: its sender may be CLOSED, or may not have sent it.
 */
static bool follow_rst(struct moment *m)
{
    struct endpoint *self = m->sender;
    const struct endpoint *peer = m->receiver;
    const struct segment *s = m->segment;
    const struct owed *owed = m->owed;
    const bool owed_by_number = owed->reply == OWES_RST && !owed->if_gone && owed->number == s->seq;
    const bool listens_on = self->belief.state == LISTEN && self->knows.passive &&
                            self->knows.segment && owed->reply == OWES_RST_ACK;
    if ((owed_by_number && !(self->belief.state & SYNCHRONIZED)) ||
        (listens_on && replies_is_given(owed, s)))
        return evidence_follow(m, SND_RST_OWED);
    const enum rst_fit fit = acceptable_fits_rst(peer, self, s);
    const bool aborts = self->knows.snd && s->seq == self->snd_nxt; /* section 3.10.5 */
    if ((fit == RST_IN_WINDOW || fit == RST_OUTSIDE) && !aborts &&
        !endpoint_is_rst_reply(peer, s) && !refuses_syn(peer, s) &&
        !endpoint_refuses_latest_syn(m)) {
        belief_widen(&self->belief, CLOSED);
        return true;
    }
    const state_set before = self->belief.state, may = self->belief.possible;
    const bool unknown = self->belief.proven != CLOSED && is_of_unknown_origin(self, peer, s);
    const state_set from = self->belief.base == LISTEN ? LISTEN : before;
    if (!fsm_arrow(from, SND_RST))
        return false;
    if (self->unsure) /* whoever has no connection sends it, too: it proves nothing of the past */
        endpoint_leaves_unproved(self, self->unsure);
    belief_resync(&self->belief, fsm_next(from, SND_RST));
    if (unknown)
        belief_widen(&self->belief, may);
    evidence_move_along(m, self, fsm_arrow(from, SND_RST), SND_RST, STEP_EVENT, s->frame);
    return true;
}

/* The signals of a segment, for its sender, in order. */
static bool follow_segment(struct moment *m)
{
    const struct endpoint *self = m->sender, *peer = m->receiver;
    const struct segment *s = m->segment;
    if (segment_is(s, SEG_RST))
        return follow_rst(m);
    if (segment_is(s, SEG_SYN))
        return evidence_follow(m, segment_is(s, SEG_ACK) ? SND_SYN_ACK : SND_SYN);
    bool legal = evidence_follow(m, SND_ACK);
    /* With Fast Open a server sends data in SYN_RCVD (RFC 7413 section 4.2). */
    const bool early =
        (self->knows.fast_open || peer->knows.fast_open) && (self->belief.proven & SYN_RCVD);
    if (legal && is_new_text(self, s) && !self->knows.fin && !early)
        legal = evidence_follow(m, SND_TEXT);
    if (legal && segment_is(s, SEG_FIN))
        legal = evidence_follow(m, SND_FIN);
    return legal;
}

/* The segment does not fit: follow the evidence. Any segment but SYN and RST comes from an end that
 * is synchronized (section 3.5.2, group 3), whatever was believed of it.                         */
static void resync(struct moment *m)
{
    struct endpoint *self = m->sender;
    const struct segment *s = m->segment;
    const state_set before = self->belief.state;
    endpoint_leaves_unproved(self, endpoint_open_since(self));
    if (segment_is(s, SEG_SYN)) {
        if (segment_is(s, SEG_ACK) && before == LISTEN)
            self->knows.passive = true;
        if (!(self->belief.proven & SYNCHRONIZED) || !self->knows.iss)
            belief_resync(&self->belief, segment_is(s, SEG_ACK) ? SYN_RCVD : SYN_SENT);
    } else if (!(before & (SYNCHRONIZED | SYN_RCVD))) {
        belief_start(&self->belief, ESTABLISHED, SYNCHRONIZED | (before == LISTEN ? LISTEN : 0));
    }
    evidence_move(m, self, SND_ACK, STEP_RESYNC, s->frame);
    if (segment_is(s, SEG_FIN) && !segment_is(s, SEG_SYN))
        evidence_follow(m, SND_FIN);
}

/* One octet before this ACK was not captured: it can have been its FIN, sent before or after what
 * the ACK is for. */
static bool may_have_closed_unseen(const struct endpoint *self, const struct segment *s)
{
    return self->knows.snd && !self->knows.fin && !segment_len(s) && segment_is(s, SEG_ACK) &&
           !segment_is(s, SEG_RST) && s->seq == self->snd_nxt + 1;
}

bool endpoint_sent(struct moment *m)
{
    struct endpoint *self = m->sender;
    const struct segment *s = m->segment;
    const bool first_fin =
        segment_is(s, SEG_FIN) && !segment_any(s, SEG_SYN | SEG_RST) && !self->knows.fin;
    if (first_fin) {
        self->fin_first = s->frame;
        self->fin_nxt = self->knows.snd ? self->snd_nxt : s->seq;
    }
    const int fin = belief_find(&self->belief, RCV_FIN);
    const bool may_be_second = first_fin && fin >= 0 && self->belief.arrival[fin].doubted;
    const bool again = first_fin && self->knows.snd && seq_le(segment_end(s), self->snd_nxt);
    const bool legal = follow_segment(m);
    if (!legal)
        resync(m);
    else if (may_have_closed_unseen(self, s))
        belief_widen(&self->belief, fsm_image(self->belief.proven, SND_FIN, false) |
                                        (self->belief.proven & CLOSE_WAIT ? CLOSING : 0));
    if (may_be_second)
        belief_widen(&self->belief, LAST_ACK);
    if (again &&
        (self->belief.proven & LAST_ACK)) /* it was sent before, perhaps before the peer's came */
        belief_widen(&self->belief, CLOSING);
    return legal;
}
