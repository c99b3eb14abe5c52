/* What sending moves. What it proves is evidence.c, what it tells of numbers tcb.c; receiving is
 * arrival.c.
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "endpoint.h"

#include "accept.h"
#include "evidence.h"
#include "owed.h"
#include "seq.h"
#include "tcb.h"

/* Octets that it had not sent before. */
static bool is_new_text(const struct endpoint *x, const struct segment *s)
{
    return s->text && (!(x->knows & KNOWS_SND) || seq_lt(x->snd_nxt, segment_end(s)));
}

enum state endpoint_confirmed(const struct endpoint *x)
{
    const bool unheard = x->belief.proven == LISTEN && !(x->knows & KNOWS_SEGMENT);
    return unheard ? STATE_UNKNOWN : belief_confirmed(&x->belief);
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

/* What a RST tells of the past of its sender (section 3.10.7.1). Without ACK it is the reply of an
 * end that has no connection: what it answers did not move it. With ACK it aborts a connection, so
 * there was one, whatever had been assumed; and what was captured less than the way there and back
 * before it had not come yet. */
static void settle_rst(struct endpoint *x, const struct endpoint *y, const struct journal *j)
{
    const struct segment *s = j->segment;
    const bool too_soon = s->time - x->heard_time < x->reach - x->reach / 8;
    const bool reply = endpoint_is_rst_reply(y, s);
    if (segment_is(s, SEG_ACK) && too_soon && s->seq != 0)
        evidence_unanswered(x, STEP_REVERTED, j);
    else if (segment_is(s, SEG_ACK) && s->seq == 0 && x->belief.base != LISTEN)
        evidence_refuses(x, j);
    else if (reply && s->seq == x->heard_ack)
        evidence_unanswered(x, STEP_UNMOVED, j);
    else if (reply)
        evidence_answers_older(x, s->seq, j);
    if (segment_is(s, SEG_ACK) && s->seq != 0)
        evidence_not_closed(x, j);
}

/* A RST that lacks the timestamps which its sender puts on everything else (RFC 7323 section 3.2),
 * from an end that had no reason to close: who has sent it is open. A system that has forgotten the
 * connection resets like that, and so does a packet filter or a forger in its name. An end that has
 * sent its FIN may well be gone. */
static bool is_of_unknown_origin(const struct endpoint *x, const struct endpoint *y,
                                 const struct segment *s)
{
    return (x->knows & y->knows & KNOWS_TIMESTAMPS) && !(s->has & HAS_TIMESTAMPS) &&
           (x->undo.state & (ESTABLISHED | CLOSE_WAIT)) && !(x->undo.possible & CLOSED);
}

/* A RST leaves nothing behind, except where it only answers an unacceptable ACK. One whose numbers
 * no conforming end would choose proves nothing: its sender may be CLOSED, or may not have sent it.
 */
static bool follow_rst(struct endpoint *x, const struct endpoint *y, const struct owed *owed,
                       const struct journal *j)
{
    const struct segment *s = j->segment;
    const bool owed_by_number = owed->reply == OWES_RST && owed->number == s->seq;
    if (owed_by_number && !(x->belief.state & SYNCHRONIZED))
        return evidence_follow(x, SND_RST_OWED, j);
    settle_rst(x, y, j);
    const enum rst_fit fit = accept_fits_rst(y, x, s);
    const bool aborts = (x->knows & KNOWS_SND) && s->seq == x->snd_nxt; /* section 3.10.5 */
    if ((fit == RST_IN_WINDOW || fit == RST_OUTSIDE) && !aborts && !endpoint_is_rst_reply(y, s) &&
        !refuses_syn(y, s)) {
        belief_widen(&x->belief, CLOSED);
        return true;
    }
    /* An end whose first segment is a RST had no listener: the SYN never made it SYN_RCVD. */
    const state_set before = x->belief.state;
    const int syn = x->belief.base == LISTEN ? belief_find(&x->belief, RCV_SYN) : -1;
    const bool nobody = owed->reply == OWES_RST_ACK && owed_is_given(owed, s);
    const uint32_t refused = syn >= 0 ? x->belief.arrival[syn].frame : nobody ? owed->frame : 0;
    const state_set from = x->belief.base == LISTEN ? LISTEN : refused ? CLOSED : before;
    const bool gone = x->belief.proven == CLOSED;
    if (before != CLOSED) /* otherwise it has sent a RST before */
        x->undo = endpoint_undo(x);
    if (!fsm_arrow(from, SND_RST))
        return false;
    belief_resync(&x->belief, fsm_next(from, SND_RST));
    if (!gone && is_of_unknown_origin(x, y, s))
        belief_widen(&x->belief, x->undo.possible);
    if (refused)
        j->verdict->answers = refused;
    evidence_note(x, before, fsm_arrow(from, SND_RST), SND_RST, refused ? STEP_UNMOVED : STEP_EVENT,
                  refused ? refused : s->frame, j);
    return true;
}

/* The signals of a segment, for its sender, in order. */
static bool follow_segment(struct endpoint *x, const struct endpoint *y, const struct owed *owed,
                           const struct journal *j)
{
    const struct segment *s = j->segment;
    if (segment_is(s, SEG_RST))
        return follow_rst(x, y, owed, j);
    if (segment_is(s, SEG_SYN))
        return evidence_follow(x, segment_is(s, SEG_ACK) ? SND_SYN_ACK : SND_SYN, j);
    bool legal = evidence_follow(x, SND_ACK, j);
    /* With Fast Open a server sends data in SYN_RCVD (RFC 7413 section 4.2). */
    const bool early = ((x->knows | y->knows) & KNOWS_FAST_OPEN) && (x->belief.proven & SYN_RCVD);
    if (legal && is_new_text(x, s) && !(x->knows & KNOWS_FIN) && !early)
        legal = evidence_follow(x, SND_TEXT, j);
    if (legal && segment_is(s, SEG_FIN))
        legal = evidence_follow(x, SND_FIN, j);
    return legal;
}

struct undo endpoint_undo(const struct endpoint *x)
{
    return (struct undo){.state = x->belief.state, .possible = x->belief.possible};
}

void endpoint_go_back(struct endpoint *x, const struct undo *to, enum signal signal, uint32_t frame,
                      const struct journal *j)
{
    const state_set before = x->belief.state;
    belief_start(&x->belief, to->state, to->possible);
    endpoint_note(x, before, signal, STEP_REVERTED, frame, j);
}

/* The segment does not fit: follow the evidence. Any segment but SYN and RST comes from an end that
 * is synchronized (section 3.5.2, group 3), whatever was believed of it.                         */
static void resync(struct endpoint *x, const struct journal *j)
{
    const struct segment *s = j->segment;
    const state_set before = x->belief.state;
    if (segment_is(s, SEG_SYN)) {
        if (!(x->belief.proven & SYNCHRONIZED) || !(x->knows & KNOWS_ISS))
            belief_resync(&x->belief, segment_is(s, SEG_ACK) ? SYN_RCVD : SYN_SENT);
    } else if (x->undo.state & SYNCHRONIZED) {
        belief_start(&x->belief, x->undo.state, x->undo.possible);
    } else if (!(before & (SYNCHRONIZED | SYN_RCVD))) {
        belief_start(&x->belief, ESTABLISHED, SYNCHRONIZED | (before == LISTEN ? LISTEN : 0));
    }
    x->undo = (struct undo){0};
    endpoint_note(x, before, SND_ACK, STEP_RESYNC, s->frame, j);
    if (segment_is(s, SEG_FIN) && !segment_is(s, SEG_SYN))
        evidence_follow(x, SND_FIN, j);
}

/* One octet before this ACK was not captured: it can have been its FIN, sent before or after what
 * the ACK is for. */
static bool may_have_closed_unseen(const struct endpoint *x, const struct segment *s)
{
    return (x->knows & KNOWS_SND) && !(x->knows & KNOWS_FIN) && !segment_len(s) &&
           segment_is(s, SEG_ACK) && !segment_is(s, SEG_RST) && s->seq == x->snd_nxt + 1;
}

bool endpoint_sent(struct endpoint *x, const struct endpoint *y, const struct owed *owed,
                   const struct journal *j)
{
    const struct segment *s = j->segment;
    const bool first_fin =
        segment_is(s, SEG_FIN) && !segment_any(s, SEG_SYN | SEG_RST) && !(x->knows & KNOWS_FIN);
    if (first_fin && (x->knows & KNOWS_SND)) {
        x->fin_first = s->frame;
        x->fin_nxt = x->snd_nxt;
        x->fin_undo = endpoint_undo(x);
    }
    const bool again = first_fin && (x->knows & KNOWS_SND) && seq_le(segment_end(s), x->snd_nxt);
    const bool legal = follow_segment(x, y, owed, j);
    if (!legal)
        resync(x, j);
    else if (may_have_closed_unseen(x, s))
        belief_widen(&x->belief, fsm_image(x->belief.proven, SND_FIN, false) |
                                     (x->belief.proven & CLOSE_WAIT ? CLOSING : 0));
    if (again &&
        (x->belief.proven & LAST_ACK)) /* it was sent before, perhaps before the peer's came */
        belief_widen(&x->belief, CLOSING);
    tcb_sent(x, y, s);
    return legal;
}
