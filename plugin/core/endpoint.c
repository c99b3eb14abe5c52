/* What sending moves. What it proves is evidence.c, what it tells of numbers tcb.c; receiving is
 * arrival.c.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *                                                                        */
#include "endpoint.h"

#include "evidence.h"
#include "seq.h"
#include "tcb.h"

/* Octets that it had not sent before. */
static bool is_new_text(const struct endpoint *x, const struct segment *s)
{
    return s->text && (!(x->knows & KNOWS_SND) || seq_lt(x->snd_nxt, segment_end(s)));
}

bool endpoint_is_rst_reply(const struct endpoint *y, const struct segment *s)
{
    return !segment_is(s, SEG_ACK) && (y->knows & KNOWS_ACKED) &&
           (s->seq == y->acked || s->seq == y->acked_before);
}

/* What a RST tells of the past of its sender (section 3.10.7.1). Without ACK it is the reply of an end
 * that has no connection: what it answers did not move it. With ACK it aborts a connection, so there
 * was one, whatever had been assumed.                                                             */
static void settle_rst(struct endpoint *x, const struct endpoint *y, const struct journal *j)
{
    const struct segment *s = j->segment;
    if (!segment_is(s, SEG_ACK) && endpoint_is_rst_reply(y, s) && s->seq == x->heard_ack)
        evidence_unanswered(x, x->heard_frame, j);
    else if (segment_is(s, SEG_ACK) && s->seq != 0)
        evidence_not_closed(x, j);
}

/* A RST leaves nothing behind, except where it only answers an unacceptable ACK. One whose numbers
 * no conforming end would choose proves nothing: its sender may be CLOSED, or may not have sent it.
 */
static bool follow_rst(struct endpoint *x, const struct endpoint *y, const struct owed *owed,
                       const struct journal *j)
{
    const struct segment *s = j->segment;
    const bool owed_by_number = owed->reply == OWES_RST && owed->seq == s->seq;
    if (owed_by_number && !(x->belief.state & SYNCHRONIZED))
        return evidence_follow(x, SND_RST_OWED, j);
    settle_rst(x, y, j);
    const enum rst_fit fit = endpoint_fits_rst(y, x, s);
    if ((fit == RST_IN_WINDOW || fit == RST_OUTSIDE) && !endpoint_is_rst_reply(y, s)) {
        belief_widen(&x->belief, CLOSED);
        return true;
    }
    /* An end whose first segment is a RST had no listener: the SYN never made it SYN_RCVD. */
    const state_set before = x->belief.state;
    const state_set from = x->belief.base == LISTEN ? LISTEN : before;
    x->undo = x->belief.proven;
    if (!fsm_arrow(from, SND_RST))
        return false;
    belief_resync(&x->belief, fsm_next(from, SND_RST));
    evidence_note(x, before, fsm_arrow(from, SND_RST), SND_RST, STEP_EVENT, s->frame, j);
    return true;
}

/* One state of a set, the least advanced. */
static state_set first_state(state_set set)
{
    return set & (state_set)(~set + 1u);
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

/* The segment does not fit: follow the evidence. Any segment but SYN and RST comes from an end that
 * is synchronized (section 3.5.2, group 3), whatever was believed of it.                         */
static void resync(struct endpoint *x, const struct journal *j)
{
    const struct segment *s = j->segment;
    const state_set before = x->belief.state;
    if (segment_is(s, SEG_SYN)) {
        if (!(x->belief.proven & SYNCHRONIZED) || !(x->knows & KNOWS_ISS))
            belief_resync(&x->belief, segment_is(s, SEG_ACK) ? SYN_RCVD : SYN_SENT);
    } else if (!(before & (SYNCHRONIZED | SYN_RCVD))) {
        const state_set any = before == LISTEN ? SYNCHRONIZED | LISTEN : SYNCHRONIZED;
        const state_set left = x->undo & SYNCHRONIZED ? x->undo & SYNCHRONIZED : any;
        belief_start(&x->belief, left & ESTABLISHED ? ESTABLISHED : first_state(left), left);
    }
    x->undo = 0;
    endpoint_note(x, before, SND_ACK, STEP_RESYNC, s->frame, j);
    if (segment_is(s, SEG_FIN) && !segment_is(s, SEG_SYN))
        evidence_follow(x, SND_FIN, j);
}

bool endpoint_sent(struct endpoint *x, const struct endpoint *y, const struct owed *owed,
                   const struct journal *j)
{
    const struct segment *s = j->segment;
    const bool gap = segment_is(s, SEG_FIN) && !(x->knows & KNOWS_FIN) && (x->knows & KNOWS_SND) &&
                     seq_lt(x->snd_nxt, s->seq);
    if (gap && !segment_any(s, SEG_SYN | SEG_RST)) {
        x->gap_frame = s->frame;
        x->gap_nxt = x->snd_nxt;
        x->gap_undo = x->belief.proven;
    }
    const bool legal = follow_segment(x, y, owed, j);
    if (!legal)
        resync(x, j);
    tcb_sent(x, y, j->segment);
    return legal;
}
