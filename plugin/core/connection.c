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
 * its peer has not received its FIN.                                                             */
#include "connection.h"

#include "findings.h"
#include "seq.h"

static bool is_syn_only(const struct segment *s)
{
    return segment_is(s, SEG_SYN) && !segment_any(s, SEG_ACK | SEG_RST);
}

static bool is_syn_ack(const struct segment *s)
{
    return segment_is(s, SEG_SYN | SEG_ACK) && !segment_any(s, SEG_RST);
}

/* No receiver takes it, and no conforming sender sends it, so nobody is believed to have moved: a
 * damaged segment (section 3.1), and one without ACK that neither opens nor resets (3.10.7.4
 * fifth). */
static bool moves_nobody(const struct segment *s)
{
    return (s->has & (HAS_BAD_CHECKSUM | HAS_BAD_HEADER)) ||
           !segment_any(s, SEG_SYN | SEG_ACK | SEG_RST);
}

static struct journal journal(struct verdict *v, const struct segment *s, unsigned end)
{
    return (struct journal){.verdict = v, .segment = s, .end = (uint8_t)end};
}

static void learn_roles(struct connection *c, unsigned client, enum roles how)
{
    if (c->roles > how)
        return;
    c->client = (uint8_t)client;
    c->roles = (uint8_t)how;
}

/* Views before and after: what a verdict says of each end. */
static void view_before(const struct connection *c, struct verdict *v)
{
    for (unsigned i = 0; i < 2; i++)
        v->end[i].was = (uint8_t)state_number(c->end[i].belief.state);
}

static void view_after(const struct connection *c, struct verdict *v)
{
    for (unsigned i = 0; i < 2; i++) {
        const struct belief *b = &c->end[i].belief;
        v->end[i].state = (uint8_t)state_number(b->state);
        v->end[i].confirmed = (uint8_t)belief_confirmed(b);
        v->end[i].possible = b->possible;
        v->end[i].since = c->end[i].since;
    }
    v->client = c->client;
    v->roles = c->roles;
    v->class = (uint8_t)findings_class(&v->checks);
}

static void start_end(struct endpoint *x, state_set base, state_set proven, const struct segment *s)
{
    *x = (struct endpoint){.entered = s->time};
    belief_start(&x->belief, base, proven);
}

/* A new incarnation: the sender of the SYN was CLOSED, or has sent this SYN before to a peer that
 * would not take it then; and it is taken that the peer listens.                                 */
static void open_connection(struct connection *c, const struct segment *s, struct verdict *v)
{
    const struct endpoint *x = &c->end[s->from];
    const bool again = (x->attempt_frame && x->attempt == s->seq) ||
                       ((x->knows & KNOWS_ISS) && x->iss == s->seq && x->belief.state == SYN_SENT);
    const state_set before = again ? SYN_SENT : CLOSED;
    const uint32_t since = again ? x->since : 0;
    *c = (struct connection){.started = true, .client = s->from, .roles = ROLES_SYN};
    start_end(&c->end[s->from], before, before, s);
    c->end[s->from].since = since;
    start_end(&c->end[!s->from], LISTEN, LISTEN, s);
    v->opens = true;
    view_before(c, v);
}

/* The first segment is a SYN,ACK: the SYN before it was not captured. */
static void open_at_syn_ack(struct connection *c, const struct segment *s, struct verdict *v)
{
    struct endpoint *y = &c->end[!s->from];
    *c = (struct connection){.started = true, .client = !s->from, .roles = ROLES_SYN_ACK};
    start_end(&c->end[s->from], SYN_RCVD, SYN_RCVD, s);
    start_end(y, SYN_SENT, SYN_SENT, s);
    c->end[s->from].knows |= KNOWS_PASSIVE;
    y->iss = s->ack - 1;
    y->snd_nxt = s->ack;
    y->knows |= KNOWS_SND;
    v->opens = true;
    view_before(c, v);
}

static void open_midstream(struct connection *c, const struct segment *s, struct verdict *v)
{
    struct endpoint *y = &c->end[!s->from];
    const bool by_port = s->server_port_hint != 0;
    const unsigned server = by_port ? s->server_port_hint - 1u : !s->from;
    *c = (struct connection){.started = true};
    learn_roles(c, !server, by_port ? ROLES_PORT : ROLES_FIRST);
    start_end(&c->end[s->from], ESTABLISHED, SYNCHRONIZED, s);
    start_end(y, ESTABLISHED, SYNCHRONIZED, s);
    if (segment_is(s, SEG_ACK)) {
        y->snd_nxt = s->ack;
        y->knows |= KNOWS_SND;
    }
    v->opens = true;
    view_before(c, v);
}

/* Would the receiver take this SYN as the beginning of a new connection? */
static bool opens_anew(const struct endpoint *x, const struct endpoint *y, const struct segment *s)
{
    const bool repeated = (x->knows & KNOWS_ISS) && x->iss == s->seq;
    const bool gone = (y->belief.state & CLOSED) ||
                      (y->belief.state == LISTEN && !belief_has(&y->belief, RCV_SYN));
    if (repeated)
        return (y->belief.state & CLOSED) != 0;
    if (y->belief.state == TIME_WAIT)
        return seq_lt(y->rcv_nxt, s->seq) || !(y->knows & KNOWS_RCV);
    return gone || y->belief.base == LISTEN;
}

/* A SYN with a new number from an end that already has one, and that its receiver refuses. */
static bool is_attempt(const struct endpoint *x, const struct segment *s)
{
    if (!is_syn_only(s) || (x->belief.state & (CLOSED | LISTEN)))
        return false;
    return !(x->knows & KNOWS_ISS) ? (x->belief.proven & SYNCHRONIZED) != 0 : x->iss != s->seq;
}

static void begin_attempt(struct endpoint *x, const struct journal *j)
{
    const state_set before = x->belief.state;
    if (!x->attempt_frame)
        x->undo = x->belief.proven;
    x->attempt = j->segment->seq;
    x->attempt_frame = j->segment->frame;
    belief_resync(&x->belief, SYN_SENT);
    endpoint_note(x, before, SND_SYN, STEP_EVENT, j->segment->frame, j);
}

/* The sender goes on with its old numbers: it never sent the SYN, or gave it up. */
static void cancel_attempt(struct endpoint *x, const struct journal *j)
{
    const state_set before = x->belief.state;
    const state_set base = state_number(x->undo) ? x->undo : ESTABLISHED;
    j->verdict->evidence = x->attempt_frame;
    j->verdict->refutes = true;
    belief_start(&x->belief, base, x->undo);
    endpoint_note(x, before, SND_SYN, STEP_REVERTED, x->attempt_frame, j);
    x->attempt_frame = 0;
}

/* The peer has accepted the attempt after all: it was a new connection from its SYN on. */
static void accept_attempt(struct connection *c, const struct segment *s, struct verdict *v)
{
    const uint32_t iss = c->end[!s->from].attempt, frame = c->end[!s->from].attempt_frame;
    struct endpoint *y = &c->end[!s->from];
    open_at_syn_ack(c, s, v);
    c->roles = ROLES_SYN;
    y->iss = iss;
    y->knows |= KNOWS_ISS;
    y->syn_frame = y->since = frame;
}

/* Step 2: which incarnation does the segment belong to? */
static void choose_incarnation(struct connection *c, const struct segment *s, struct verdict *v)
{
    const struct endpoint *x = &c->end[s->from], *y = &c->end[!s->from];
    const bool restarts = is_syn_ack(s) && (x->belief.state & (CLOSED | TIME_WAIT)) &&
                          !(belief_find(&x->belief, RCV_SYN) >= 0) && s->seq != x->iss;
    if (is_syn_only(s)) {
        if (!c->started || opens_anew(x, y, s))
            open_connection(c, s, v);
    } else if (is_syn_ack(s)) {
        if (!c->started || restarts)
            open_at_syn_ack(c, s, v);
        else if (y->attempt_frame && s->ack == y->attempt + 1)
            accept_attempt(c, s, v);
    } else if (!c->started) {
        open_midstream(c, s, v);
    }
}

/* A segment that is no SYN from an end whose SYN,ACK (or whose peer's) was not captured. */
static bool imply_handshake(struct endpoint *x, struct endpoint *y, const struct journal *j)
{
    const struct segment *s = j->segment;
    const state_set before = x->belief.state;
    if (segment_any(s, SEG_SYN | SEG_RST) || !segment_is(s, SEG_ACK))
        return false;
    if (before == SYN_SENT && y->belief.base == LISTEN && !(y->knows & KNOWS_ISS)) {
        belief_resync(&x->belief, ESTABLISHED);
        belief_resync(&y->belief, SYN_RCVD);
        y->iss = s->ack - 1;
        y->snd_nxt = s->ack;
        y->knows |= KNOWS_SND;
    } else if (x->belief.proven == SYN_RCVD && !(x->knows & KNOWS_ISS) &&
               (x->knows & KNOWS_PASSIVE) && y->belief.state == SYN_SENT && segment_len(s)) {
        belief_resync(&x->belief, ESTABLISHED);
        belief_resync(&y->belief, ESTABLISHED);
    } else if (x->belief.proven == SYN_RCVD && before == SYN_RCVD && s->text &&
               !((x->knows | y->knows) & KNOWS_FAST_OPEN)) {
        belief_resync(&x->belief, ESTABLISHED); /* the handshake's ACK was not captured */
    } else {
        return false;
    }
    endpoint_note(x, before, SND_ACK, STEP_RESYNC, s->frame, j);
    return true;
}

/* Midstream: the sender of new text has not closed, so its peer has not received its FIN. */
static void narrow_midstream(struct endpoint *x, struct endpoint *y, const struct segment *s)
{
    const state_set open = x->belief.proven & (SYN_SENT | SYN_RCVD | ESTABLISHED | CLOSE_WAIT);
    const state_set peer =
        y->belief.proven & (state_set) ~(CLOSE_WAIT | CLOSING | LAST_ACK | TIME_WAIT);
    if (!s->text || (x->knows & KNOWS_FIN) || state_number(x->belief.proven | y->belief.proven))
        return;
    if (!open || !peer || !(x->belief.base & open) || !(y->belief.base & peer))
        return;
    belief_narrow(&x->belief, open);
    belief_narrow(&y->belief, peer);
}

/* Does the segment give the reply that its sender owes? */
static bool is_reply(const struct owed *owed, const struct segment *s)
{
    switch ((enum reply)owed->reply) {
    case OWES_SYN_ACK:
        return is_syn_ack(s);
    case OWES_ACK:
    case OWES_CHALLENGE_ACK:
        return segment_is(s, SEG_ACK) && !segment_any(s, SEG_SYN | SEG_RST | SEG_FIN);
    case OWES_RST:
        return segment_is(s, SEG_RST) && s->seq == owed->seq;
    case OWES_RST_ACK:
        return segment_is(s, SEG_RST | SEG_ACK) && s->ack == owed->seq;
    case OWES_NOTHING:
    case REPLY_COUNT:
        break;
    }
    return false;
}

static void note_answer(struct connection *c, const struct segment *s, struct verdict *v)
{
    if (!is_reply(&c->owed[s->from], s))
        return;
    v->answers = c->owed[s->from].frame;
    c->owed[s->from] = (struct owed){0};
}

/* Steps 4 and 5. */
static void follow_sender(struct connection *c, const struct segment *s, struct verdict *v,
                          struct view *view)
{
    struct endpoint *x = &c->end[s->from];
    const struct journal j = journal(v, s, s->from);
    findings_before(view, &v->checks);
    if (is_attempt(x, s))
        begin_attempt(x, &j);
    else
        view->no_arrow = !endpoint_sent(x, &c->end[!s->from], &c->owed[s->from], &j);
    findings_after(view, &v->checks);
}

void connection_sent(struct connection *c, const struct rules *rules, const struct segment *s,
                     struct verdict *v)
{
    struct endpoint *x = &c->end[s->from], *y = &c->end[!s->from];
    const struct journal j = journal(v, s, s->from), k = journal(v, s, !s->from);
    *v = (struct verdict){.sender = s->from};
    if (c->started) {
        view_before(c, v);
        endpoint_time(x, rules, &j);
        endpoint_time(y, rules, &k);
    }
    if (moves_nobody(s)) {
        if (!c->started)
            open_midstream(c, s, v);
        findings_before(&(struct view){.x = x, .y = y, .s = s, .v = v}, &v->checks);
        view_after(c, v);
        return;
    }
    const state_set reopened = c->started ? y->belief.state : 0;
    choose_incarnation(c, s, v);
    const bool midstream = v->opens && c->roles < ROLES_SYN_ACK;
    if (is_syn_ack(s))
        learn_roles(c, !s->from, ROLES_SYN_ACK);
    struct view view = {.x = x,
                        .y = y,
                        .s = s,
                        .owed = &c->owed[s->from],
                        .v = v,
                        .opens = v->opens,
                        .midstream = midstream,
                        .reopened = reopened,
                        .was = x->belief.state};
    if (x->attempt_frame && !segment_any(s, SEG_SYN | SEG_RST))
        cancel_attempt(x, &j);
    endpoint_weigh_claim(y, x, &j);
    endpoint_settle(x, y, &j);
    view.missing = imply_handshake(x, y, &j) || (v->opens && is_syn_ack(s));
    narrow_midstream(x, y, s);
    follow_sender(c, s, v, &view);
    note_answer(c, s, v);
    view_after(c, v);
}

/* What a RST in reply must carry: SEG.ACK, or SEG.SEQ+SEG.LEN where the segment has no ACK. */
static struct owed owed_for(const struct segment *s, enum reply reply)
{
    return (struct owed){.frame = s->frame,
                         .seq = reply == OWES_RST_ACK ? segment_end(s) : s->ack,
                         .reply = (uint8_t)reply};
}

/* The third SYN or SYN,ACK in a row that nothing has answered: the peer, which would have answered
 * at once, may well not have seen any of them. */
static void doubt_unanswered_syn(struct endpoint *x, const struct endpoint *y,
                                 const struct journal *j)
{
    const struct segment *s = j->segment;
    const enum signal signal = segment_is(s, SEG_ACK) ? RCV_SYN_ACK : RCV_SYN;
    const int i = belief_find(&x->belief, signal);
    const state_set before = x->belief.state;
    if (!segment_is(s, SEG_SYN) || y->syns < 3 || i < 0)
        return;
    belief_doubt(&x->belief, (unsigned)i, s->frame);
    if (x->belief.state == before)
        return;
    j->verdict->evidence = y->syn_frame;
    j->verdict->refutes = true;
    endpoint_note(x, before, signal, STEP_REVERTED, s->frame, j);
}

void connection_received(struct connection *c, const struct rules *rules, const struct segment *s,
                         struct verdict *v)
{
    const unsigned end = !s->from;
    struct endpoint *x = &c->end[end], *y = &c->end[s->from];
    const struct journal j = journal(v, s, end);
    if (!c->started) { /* a segment that nobody was seen to send: both ends are passive */
        start_end(x, LISTEN, LISTEN, s);
        start_end(y, LISTEN, LISTEN, s);
        c->started = true;
    }
    if (moves_nobody(s))
        return;
    const enum reply reply = endpoint_received(x, y, rules, &j);
    doubt_unanswered_syn(x, y, &j);
    if (reply != OWES_NOTHING)
        c->owed[end] = owed_for(s, reply);
    v->owes = (uint8_t)reply;
    view_after(c, v);
}

void connection_observe(struct connection *c, const struct rules *rules, const struct segment *s,
                        struct verdict *v)
{
    connection_sent(c, rules, s, v);
    connection_received(c, rules, s, v);
}

void connection_settle(struct connection *c, const struct rules *rules, int64_t now,
                       struct verdict *v)
{
    const struct segment nothing = {.time = now};
    *v = (struct verdict){0};
    view_before(c, v);
    for (unsigned i = 0; i < 2 && c->started; i++) {
        const struct journal j = journal(v, &nothing, i);
        endpoint_time(&c->end[i], rules, &j);
    }
    view_after(c, v);
}
