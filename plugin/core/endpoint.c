/* What sending moves. What it proves is evidence.c, what it tells of numbers tcb.c; receiving is
 * arrival.c.
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "endpoint.h"

#include "accept.h"
#include "evidence.h"
#include "history.h"
#include "owed.h"
#include "seq.h"
#include "tcb.h"

/* Octets that it had not sent before. */
static bool is_new_text(const struct endpoint *x, const struct segment *s)
{
    return s->text && (!(x->knows & KNOWS_SND) || seq_lt(x->snd_nxt, segment_end(s)));
}

static bool is_unheard(const struct endpoint *x)
{
    return x->belief.proven == LISTEN && !(x->knows & KNOWS_SEGMENT);
}

enum state endpoint_confirmed(const struct endpoint *x)
{
    const bool open = is_unheard(x) || belief_find(&x->belief, TIMEOUT_USER) >= 0;
    return open ? STATE_UNKNOWN : belief_confirmed(&x->belief);
}

uint32_t endpoint_open_since(const struct endpoint *x)
{
    uint32_t since = is_unheard(x) ? 0 : belief_open_since(&x->belief);
    if (x->unsure && x->unsure < since)
        since = x->unsure;
    return x->unproved && x->unproved < since ? x->unproved : since;
}

void endpoint_leaves_unproved(struct endpoint *x, uint32_t frame)
{
    if (frame != NOTHING_OPEN && (!x->unproved || frame < x->unproved))
        x->unproved = frame;
}

bool endpoint_is_rst_reply(const struct endpoint *y, const struct segment *s)
{
    return !segment_is(s, SEG_ACK) && (y->knows & KNOWS_ACKED) &&
           (s->seq == y->acked || s->seq == y->acked_before);
}

/* <SEQ=0><ACK=SEG.SEQ+SEG.LEN>: the reply of an end without a connection to the SYN that `y` has
 * sent. */
static bool refuses_syn(const struct endpoint *y, const struct segment *s)
{
    return segment_is(s, SEG_ACK) && s->seq == 0 && (y->knows & KNOWS_ISS) && y->bare_syn_frame &&
           s->ack == y->iss + 1;
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
static bool is_of_unknown_origin(const struct endpoint *x, const struct endpoint *y,
                                 const struct segment *s)
{
    const state_set open = ESTABLISHED | CLOSE_WAIT;
    const bool again =
        x->belief.state == CLOSED && (x->belief.possible & open); /* the same as before */
    return (x->knows & y->knows & KNOWS_TIMESTAMPS) && !(s->has & HAS_TIMESTAMPS) &&
           (again || ((x->belief.state & open) && !(x->belief.possible & CLOSED)));
}

/* A RST leaves nothing behind, except where it only answers an unacceptable ACK. One whose numbers
 * no conforming end would choose proves nothing: its sender may be CLOSED, or may not have sent it.
 */
static bool follow_rst(struct moment *m)
{
    struct endpoint *x = m->sender;
    const struct endpoint *y = m->receiver;
    const struct segment *s = m->segment;
    const struct owed *owed = m->owed;
    const bool owed_by_number = owed->reply == OWES_RST && !owed->if_gone && owed->number == s->seq;
    const bool listens_on = x->belief.state == LISTEN && (x->knows & KNOWS_PASSIVE) &&
                            (x->knows & KNOWS_SEGMENT) && owed->reply == OWES_RST_ACK;
    if ((owed_by_number && !(x->belief.state & SYNCHRONIZED)) ||
        (listens_on && owed_is_given(owed, s)))
        return evidence_follow(m, SND_RST_OWED);
    const enum rst_fit fit = accept_fits_rst(y, x, s);
    const bool aborts = (x->knows & KNOWS_SND) && s->seq == x->snd_nxt; /* section 3.10.5 */
    if ((fit == RST_IN_WINDOW || fit == RST_OUTSIDE) && !aborts && !endpoint_is_rst_reply(y, s) &&
        !refuses_syn(y, s) && !endpoint_refuses_latest_syn(m)) {
        belief_widen(&x->belief, CLOSED);
        return true;
    }
    const state_set before = x->belief.state, may = x->belief.possible;
    const bool unknown = x->belief.proven != CLOSED && is_of_unknown_origin(x, y, s);
    const state_set from = x->belief.base == LISTEN ? LISTEN : before;
    if (!fsm_arrow(from, SND_RST))
        return false;
    if (x->unsure) /* whoever has no connection sends it, too: it proves nothing of the past */
        endpoint_leaves_unproved(x, x->unsure);
    belief_resync(&x->belief, fsm_next(from, SND_RST));
    if (unknown)
        belief_widen(&x->belief, may);
    evidence_note(m, x, before, fsm_arrow(from, SND_RST), SND_RST, STEP_EVENT, s->frame);
    return true;
}

/* The signals of a segment, for its sender, in order. */
static bool follow_segment(struct moment *m)
{
    const struct endpoint *x = m->sender, *y = m->receiver;
    const struct segment *s = m->segment;
    if (segment_is(s, SEG_RST))
        return follow_rst(m);
    if (segment_is(s, SEG_SYN))
        return evidence_follow(m, segment_is(s, SEG_ACK) ? SND_SYN_ACK : SND_SYN);
    bool legal = evidence_follow(m, SND_ACK);
    /* With Fast Open a server sends data in SYN_RCVD (RFC 7413 section 4.2). */
    const bool early = ((x->knows | y->knows) & KNOWS_FAST_OPEN) && (x->belief.proven & SYN_RCVD);
    if (legal && is_new_text(x, s) && !(x->knows & KNOWS_FIN) && !early)
        legal = evidence_follow(m, SND_TEXT);
    if (legal && segment_is(s, SEG_FIN))
        legal = evidence_follow(m, SND_FIN);
    return legal;
}

/* The segment does not fit: follow the evidence. Any segment but SYN and RST comes from an end that
 * is synchronized (section 3.5.2, group 3), whatever was believed of it.                         */
static void resync(struct moment *m)
{
    struct endpoint *x = m->sender;
    const struct segment *s = m->segment;
    const state_set before = x->belief.state;
    endpoint_leaves_unproved(x, endpoint_open_since(x));
    if (segment_is(s, SEG_SYN)) {
        if (segment_is(s, SEG_ACK) && before == LISTEN)
            x->knows |= KNOWS_PASSIVE;
        if (!(x->belief.proven & SYNCHRONIZED) || !(x->knows & KNOWS_ISS))
            belief_resync(&x->belief, segment_is(s, SEG_ACK) ? SYN_RCVD : SYN_SENT);
    } else if (!(before & (SYNCHRONIZED | SYN_RCVD))) {
        belief_start(&x->belief, ESTABLISHED, SYNCHRONIZED | (before == LISTEN ? LISTEN : 0));
    }
    endpoint_note(m, x, before, SND_ACK, STEP_RESYNC, s->frame);
    if (segment_is(s, SEG_FIN) && !segment_is(s, SEG_SYN))
        evidence_follow(m, SND_FIN);
}

/* One octet before this ACK was not captured: it can have been its FIN, sent before or after what
 * the ACK is for. */
static bool may_have_closed_unseen(const struct endpoint *x, const struct segment *s)
{
    return (x->knows & KNOWS_SND) && !(x->knows & KNOWS_FIN) && !segment_len(s) &&
           segment_is(s, SEG_ACK) && !segment_is(s, SEG_RST) && s->seq == x->snd_nxt + 1;
}

bool endpoint_sent(struct moment *m)
{
    struct endpoint *x = m->sender;
    const struct segment *s = m->segment;
    const bool first_fin =
        segment_is(s, SEG_FIN) && !segment_any(s, SEG_SYN | SEG_RST) && !(x->knows & KNOWS_FIN);
    if (first_fin) {
        x->fin_first = s->frame;
        x->fin_nxt = x->knows & KNOWS_SND ? x->snd_nxt : s->seq;
    }
    const int fin = belief_find(&x->belief, RCV_FIN);
    const bool may_be_second = first_fin && fin >= 0 && x->belief.arrival[fin].doubted;
    const bool again = first_fin && (x->knows & KNOWS_SND) && seq_le(segment_end(s), x->snd_nxt);
    const bool legal = follow_segment(m);
    if (!legal)
        resync(m);
    else if (may_have_closed_unseen(x, s))
        belief_widen(&x->belief, fsm_image(x->belief.proven, SND_FIN, false) |
                                     (x->belief.proven & CLOSE_WAIT ? CLOSING : 0));
    if (may_be_second)
        belief_widen(&x->belief, LAST_ACK);
    if (again &&
        (x->belief.proven & LAST_ACK)) /* it was sent before, perhaps before the peer's came */
        belief_widen(&x->belief, CLOSING);
    return legal;
}
