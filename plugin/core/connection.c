/* Theory of operation.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A bystander sees segments in capture order. Each is two events. Its sender has sent it: that is
 * certain, and it also proves something of the past, since a segment carries the sender's RCV.NXT.
 * Its receiver has received it: that is assumed. So for each end there are two answers. What its
 * own segments prove is `confirmed`; what it is assumed to have received since, applied to that, is
 * the headline `state` (belief.h). Every segment is handled in this order:
 *
 *   1. time       A timer may have run out since the last segment (TIME_WAIT, section 3.10.8).
 *   2. incarnation  A SYN that its receiver would accept as new starts the connection afresh: there
 *                 was none, or it is CLOSED or LISTEN, or in TIME_WAIT and the SYN is later than
 *                 anything of the old one (3.6.1, MAY-2). Any other SYN with a new sequence number
 * is only an attempt: the sender may have lost its memory (3.5.1, Figure 9) or may not have sent it
 * at all. Its old numbers are kept until that is known.
 *   3. evidence   What the segment proves to have arrived at its sender becomes proved; what it
 *                 shows not to have arrived is taken back, in this very frame (endpoint_settle).
 *                 An ACK number is exact about SYN, text and FIN. What occupies no sequence space
 * is shown by deeds: who sends SYN,ACK again is still in SYN_RCVD; who sends its FIN again has not
 * seen the ACK of it; who sends anything but a RST was not reset.
 *   4. findings   Read-only predicates look at the segment before anybody moves (findings.c).
 *   5. sent       The sender follows the arrows of Figure 5 for what it did. Where no arrow leaves
 * any state that it can be in, the segment is illegal; the machine re-synchronises on the evidence
 * and goes on.
 *   6. received   The receiver takes the steps of section 3.10.7 (arrival.c).
 *
 * Frames missing from the capture are not the sender's fault. An ACK out of SYN_SENT means that the
 * SYN,ACK was not captured, an ACK number beyond the captured text that the text was not: the
 * machine moves on as if they had been seen, and the finding says so.
 *
 * A capture that starts late has no SYN. Both ends then can be in any synchronized state, the
 * headline is ESTABLISHED, and each segment narrows the set: who sends new text has not closed, and
 * its peer has not received its FIN.
 *
 * Where a segment speaks for something else just as well, the headline follows the simpler story
 * and `possible` keeps the other one:
 *
 *   timestamps    They never go back (RFC 7323 section 3.2). A segment with an older one than its
 *                 sender has sent already, and nothing new in it, left before: it is no evidence.
 *                 What a segment echoes tells what had come to its sender where the ACK number
 *                 does not. A RST without them, from an end that had no reason to close, may be
 *                 somebody else's.
 *   missing reply Who goes on without the reply that section 3.10.7 has it owe has not received
 *                 what calls for it (the SYN,ACK of a simultaneous open).
 *   missing text  One octet before an ACK that was not captured may have been the sender's FIN.
 *   MAY-2         TIME_WAIT may take a new SYN, and is assumed to; its answer tells. */
#include "connection.h"

#include "evidence.h"
#include "findings.h"
#include "imply.h"
#include "incarnation.h"
#include "owed.h"
#include "quiet.h"
#include "retries.h"
#include "seq.h"
#include "sift.h"
#include "tcb.h"

static struct end_view view_of(const struct endpoint *x, uint8_t was, enum state state)
{
    const struct belief *b = &x->belief;
    return (struct end_view){.was = was,
                             .state = (uint8_t)state,
                             .confirmed = (uint8_t)endpoint_confirmed(x),
                             .possible = b->possible,
                             .since = x->since};
}

static struct retries retries_of(const struct endpoint *x)
{
    static const struct retries NONE;
    return x->retry.answered ? NONE : x->retry.is;
}

/* What a verdict says of each end once everybody has moved. */
static void view_after(const struct connection *c, struct verdict *v)
{
    for (unsigned i = 0; i < 2; i++) {
        const struct endpoint *x = &c->end[i];
        v->end[i] = view_of(x, v->end[i].was, state_number(x->belief.state));
        v->retries[i] = retries_of(x);
    }
    v->client = c->client;
    v->roles = c->roles;
    v->class = (uint8_t)findings_class(&v->checks);
}

/* Midstream: the sender of new text has not closed, so its peer has not received its FIN. */
static void narrow_midstream(const struct connection *c, struct endpoint *x, struct endpoint *y,
                             const struct segment *s)
{
    const state_set open = x->belief.proven & (SYN_SENT | SYN_RCVD | ESTABLISHED | CLOSE_WAIT);
    const state_set peer =
        y->belief.proven & (state_set) ~(CLOSE_WAIT | CLOSING | LAST_ACK | TIME_WAIT);
    if (!s->text || (x->knows & KNOWS_FIN) || c->roles >= ROLES_SYN_ACK)
        return;
    if (!open || !peer || !(x->belief.base & open) || !(y->belief.base & peer))
        return;
    belief_narrow(&x->belief, open);
    belief_narrow(&y->belief, peer);
}

/* A sender that goes on after a RST in its name shows that the RST was not its own. */
static void weigh_rst(struct endpoint *x, const struct endpoint *y, const struct segment *s,
                      struct verdict *v)
{
    if (!x->rst_frame || segment_any(s, SEG_SYN | SEG_RST) || !(x->belief.possible & CLOSED) ||
        sift_left_before_rst(x, y, s))
        return;
    findings_amend(v, CHECK_forged_rst, x->rst_frame);
    x->rst_frame = 0;
}

/* Steps 4 and 5. */
static void follow_sender(struct connection *c, const struct segment *s, struct verdict *v,
                          struct view *view)
{
    struct endpoint *x = &c->end[s->from];
    const struct journal j = {v, s, s->from};
    retries_count(x, &c->end[!s->from], s, v);
    findings_before(view, &v->checks);
    weigh_rst(x, &c->end[!s->from], s, v);
    if (incarnation_is_attempt(x, s))
        incarnation_attempt(x, &j);
    else
        view->no_arrow = !endpoint_sent(x, &c->end[!s->from], view->owed, &j);
    findings_after(view, &v->checks);
}

/* Steps 1 to 3. Returns what the findings look at. */
static struct view take_evidence(struct connection *c, const struct rules *rules,
                                 const struct segment *s, struct verdict *v)
{
    struct endpoint *x = &c->end[s->from], *y = &c->end[!s->from];
    const struct journal j = {v, s, s->from}, k = {v, s, !s->from};
    struct view view = {
        .c = c, .x = x, .y = y, .s = s, .owed = owed_for(&c->owed[s->from], s), .v = v};
    if (c->started) {
        incarnation_view(c, v);
        endpoint_time(x, rules, &j);
        endpoint_time(y, rules, &k);
        view.x_before = x->belief.state;
        view.y_before = y->belief.state;
    }
    incarnation_choose(c, s, v);
    view.was = x->belief.state;
    view.opens = v->opens;
    view.midstream = v->opens && c->roles < ROLES_SYN_ACK;
    if (segment_is_syn_ack(s))
        incarnation_learn_roles(c, !s->from, ROLES_SYN_ACK);
    if (x->attempt_frame && !segment_any(s, SEG_SYN | SEG_RST)) {
        findings_amend(v, CHECK_forged_syn, x->attempt_frame);
        incarnation_cancel(x, &j);
    }
    if (endpoint_disowns_fin(x, y, s, REORDERING)) {
        findings_amend(v, CHECK_forged_fin, x->fin_first);
        incarnation_cancel_fin(x, y, &j);
    }
    incarnation_still_waits(c, x, &j);
    const uint32_t claim = y->claim_frame;
    if (endpoint_weigh_claim(y, x, REORDERING, s))
        findings_amend(v, CHECK_ack_of_unsent_data, claim);
    evidence_unheard_syn(x, &j);
    endpoint_settle(x, y, &(struct rules){.rtt = c->rtt}, &j);
    view.crossed = imply_crossed_syn(x, y, &j);
    view.missing = imply_handshake(x, y, &j) ||
                   (v->opens && segment_is_syn_ack(s) && !(y->knows & KNOWS_SEGMENT));
    imply_fin(x, y, &j);
    narrow_midstream(c, x, y, s);
    return view;
}

/* A connection that begins with what is ignored in every state: an end that has none answers, if
 * the segment is sound and no RST (section 3.10.7.1). */
static void open_at_nothing(struct connection *c, const struct segment *s, struct verdict *v)
{
    incarnation_choose(c, s, v);
    if (!segment_any(s, SEG_ACK | SEG_SYN | SEG_RST) &&
        !(s->has & (HAS_BAD_CHECKSUM | HAS_BAD_HEADER)))
        owed_add(&c->owed[!s->from], s, OWES_RST_ACK);
}

/* A segment that does nothing to its sender: only findings. */
static bool is_nothing(struct connection *c, const struct segment *s, struct verdict *v)
{
    struct endpoint *x = &c->end[s->from], *y = &c->end[!s->from];
    struct view view = {
        .c = c, .x = x, .y = y, .s = s, .owed = owed_for(&c->owed[s->from], s), .v = v};
    v->ignored = sift(c, &view);
    if (!v->ignored && !view.copy && !view.alien && !view.old && !view.overtaken)
        return false;
    if (c->started)
        incarnation_view(c, v);
    else
        open_at_nothing(c, s, v);
    findings_ignored(&view, &v->checks);
    if (view.late)
        tcb_sent(x, y, s); /* its options count */
    return true;
}

/* The client's first segment after its only SYN: a round trip lies between, wherever it is
 * captured. */
static bool is_handshake_ack(const struct connection *c, const struct endpoint *x,
                             const struct segment *s)
{
    return s->from == c->client && x->segments == 2 && x->syns == 1 && !x->syn_acks &&
           segment_is(s, SEG_ACK) && !segment_any(s, SEG_SYN | SEG_RST);
}

/* What is remembered of every segment. */
static void remember(struct connection *c, const struct segment *s)
{
    struct endpoint *x = &c->end[s->from];
    if (is_handshake_ack(c, x, s))
        c->rtt = s->time - x->syn_time;
    if (x->segments <= 2 && x->syns + x->syn_acks == 1 && x->heard_time && !x->reach)
        x->reach = s->time - x->heard_time;
    x->last = (struct sent){.frame = s->frame,
                            .seq = s->seq,
                            .ack = s->ack,
                            .text = s->text,
                            .flags = s->flags,
                            .time = s->time};
    c->end[!s->from].last.flags = 0; /* whatever it sends now is no duplicate */
    c->last = s->time;
}

void connection_sent(struct connection *c, const struct rules *rules, const struct segment *s,
                     struct verdict *v)
{
    verdict_begin(v, s->from);
    owed_forget(&c->owed[s->from], s);
    if (!is_nothing(c, s, v)) {
        struct view view = take_evidence(c, rules, s, v);
        follow_sender(c, s, v, &view);
        const uint32_t answers = owed_answer(&c->owed[s->from], s);
        if (answers)
            v->answers = answers;
        remember(c, s);
    }
    view_after(c, v);
}

/* A copy of a SYN comes to an end that was done: it listens again, and moves in one step. */
static enum reply received_anew(struct endpoint *x, const struct endpoint *y,
                                const struct rules *rules, const struct journal *j)
{
    struct step *first = &j->verdict->step[j->verdict->steps];
    const unsigned steps = j->verdict->steps;
    incarnation_listen(x, j->segment);
    const enum reply reply = endpoint_received(x, y, rules, j);
    if (j->verdict->steps > steps)
        first->from = STATE_CLOSED;
    return reply;
}

/* What is remembered of every segment that came. */
static void hear(struct endpoint *x, const struct segment *s)
{
    if (segment_is(s, SEG_ACK)) {
        x->heard_frame = s->frame;
        x->heard_ack = s->ack;
        x->heard_text = s->text != 0;
    }
    x->heard_time = s->time;
}

void connection_received(struct connection *c, const struct rules *rules, const struct segment *s,
                         struct verdict *v)
{
    const unsigned end = !s->from;
    struct endpoint *x = &c->end[end], *y = &c->end[s->from];
    const struct journal j = {v, s, (uint8_t)end};
    if (v->ignored)
        return;
    if (!c->started)
        incarnation_passive(c, s);
    const bool anew = segment_is_syn(s) && x->belief.state == CLOSED;
    const bool claimed = endpoint_has_claimed(x, s, REORDERING);
    enum reply reply = anew ? received_anew(x, y, rules, &j) : endpoint_received(x, y, rules, &j);
    hear(x, s);
    if (claimed && evidence_claimed_fin(x, y, x->claim_frame, &j))
        reply = OWES_NOTHING; /* it has given it */
    if ((x->knows & KNOWS_FIN) && reply != OWES_RST)
        owed_add_if_gone(&c->owed[end], s);
    owed_add(&c->owed[end], s, reply);
    v->owes = (uint8_t)reply;
    view_after(c, v);
}

/* Both calls, for a segment that moves nobody: what is left of them. */
static void observe_quietly(struct connection *c, const struct segment *s, struct verdict *v)
{
    struct endpoint *x = &c->end[s->from], *y = &c->end[!s->from];
    verdict_begin(v, s->from);
    retries_count(x, y, s, v);
    tcb_sent(x, y, s);
    remember(c, s);
    endpoint_received_quietly(y, s);
    hear(y, s);
    for (unsigned i = 0; i < 2; i++) {
        v->end[i] = view_of(&c->end[i], STATE_ESTABLISHED, STATE_ESTABLISHED);
        v->retries[i] = retries_of(&c->end[i]);
    }
    v->client = c->client;
    v->roles = c->roles;
    v->quiet = !v->again;
}

void connection_observe(struct connection *c, const struct rules *rules, const struct segment *s,
                        struct verdict *v)
{
    if (quiet_is(c, s)) {
        observe_quietly(c, s, v);
        return;
    }
    connection_sent(c, rules, s, v);
    connection_received(c, rules, s, v);
}

/* The peer did not get what comes back as undeliverable. */
static void take_back_syn(struct endpoint *y, const struct journal *j)
{
    const int syn = belief_find(&y->belief, RCV_SYN);
    const state_set before = y->belief.state;
    if (syn < 0)
        return;
    const uint32_t frame = y->belief.arrival[syn].frame;
    belief_drop(&y->belief, (unsigned)syn);
    endpoint_note(y, before, RCV_SYN, STEP_REVERTED, frame, j);
}

/* Has `x` sent what the error quotes, as far as its numbers are known? Otherwise it ignores the
 * error, which anybody may have sent (RFC 5927 section 4.1). */
static bool has_sent(const struct endpoint *x, uint32_t seq)
{
    if (x->attempt_frame && x->attempt == seq)
        return true;
    return !(x->knows & KNOWS_SND) ||
           (seq_le(seq, x->snd_nxt) && (!(x->knows & KNOWS_ISS) || seq_le(x->iss, seq)));
}

void connection_icmp(struct connection *c, const struct segment *s, enum icmp_error error,
                     struct verdict *v)
{
    struct endpoint *x = &c->end[s->from], *y = &c->end[!s->from];
    const struct journal j = {v, s, s->from}, k = {v, s, !s->from};
    verdict_begin(v, !s->from);
    incarnation_view(c, v);
    const uint32_t iss = x->attempt_frame ? x->attempt : x->iss;
    const bool of_syn = c->started && x->belief.state == SYN_SENT && s->seq == iss;
    if (c->started && has_sent(x, s->seq))
        findings_icmp(error, &v->checks);
    if (of_syn && error == ICMP_HARD) {
        take_back_syn(y, &k);
        const state_set before = x->belief.state;
        if (belief_receives(&x->belief, RCV_ICMP_ERROR, &(struct arrival){.frame = s->frame}))
            endpoint_note(x, before, RCV_ICMP_ERROR, STEP_EVENT, s->frame, &j);
    }
    view_after(c, v);
}

void connection_settle(struct connection *c, const struct rules *rules, int64_t now,
                       struct verdict *v)
{
    const struct segment nothing = {.time = now};
    verdict_begin(v, 0);
    incarnation_view(c, v);
    for (unsigned i = 0; i < 2 && c->started; i++) {
        const struct journal j = {v, &nothing, (uint8_t)i};
        endpoint_time(&c->end[i], rules, &j);
    }
    view_after(c, v);
}
