/* Theory of operation.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A bystander sees segments in capture order. Each is two events. Its sender has sent it: that is
 * certain, and it also proves something of the past, since a segment carries the sender's RCV.NXT.
 * Its receiver has received it: that is assumed. So for each end there are two answers. What its
 * own segments prove is `confirmed`; what it is assumed to have received since, applied to that, is
 * the headline `state` (belief.h).
 *
 * This file is the machine. It only runs forward, one segment after the other:
 *
 *   1. time         A timer may have run out since the last segment (TIME_WAIT, section 3.10.8).
 *   2. incarnation  A SYN that its receiver would accept as new starts the connection afresh: there
 *                   was none, or it is CLOSED or LISTEN, or in TIME_WAIT and the SYN is later than
 *                   anything of the old one (3.6.1, MAY-2). Any other SYN with a new number is only
 *                   an attempt: the sender may have lost its memory (3.5.1, Figure 9).
 *   3. evidence     What the segment proves to have arrived at its sender becomes proved. An ACK
 *                   number is exact about SYN, text and FIN. What occupies no sequence space is
 *                   shown by deeds: who sends SYN,ACK again is still in SYN_RCVD; who sends its FIN
 *                   again has not seen the ACK of it; who sends anything but a RST was not reset.
 *   4. findings     Read-only predicates look at the segment before anybody moves (findings.c).
 *   5. sent         The sender follows the arrows of Figure 5 for what it did. Where none leaves a
 *                   state that it can be in, the segment is illegal; the machine re-synchronises on
 *                   the evidence and goes on.
 *   6. received     The receiver takes the steps of section 3.10.7 (receive.c).
 *
 * Where a segment contradicts what was assumed of earlier ones, nothing is taken back. What became
 * of the earlier one - lost, late, refused, not its sender's own - is noted as its fate
 * (stories.def), and the machine runs once more, from where both ends were settled last, along what
 * is known now (history.c). What that shows of the earlier frames is hindsight; where it leads is
 * what is known at once, live.
 *
 * Frames missing from the capture are not the sender's fault. An ACK out of SYN_SENT means that the
 * SYN,ACK was not captured, an ACK number beyond the captured text that the text was not: the
 * machine moves on as if they had been seen, and the finding says so (gaps.c).
 *
 * A capture that starts late has no SYN. Both ends then can be in any synchronized state, the
 * headline is ESTABLISHED, and each segment narrows the set: who sends new text has not closed, and
 * its peer has not received its FIN.
 *
 * Where a segment speaks for something else just as well, the headline follows the simpler story,
 * and `possible` keeps the other one until a segment decides. */
#include "connection.h"

#include "end/closing.h"
#include "end/idle.h"
#include "find/causes.h"
#include "find/findings.h"
#include "infer/evidence.h"
#include "infer/gaps.h"
#include "infer/history.h"
#include "infer/ignore.h"
#include "infer/incarnation.h"
#include "infer/quiet.h"
#include "infer/stories.h"
#include "kind.h"
#include "rfc/receive.h"
#include "rfc/replies.h"
#include "rfc/resends.h"
#include "rfc/retries.h"
#include "rfc/tcb.h"
#include "seq.h"

static struct retries retries_of(const struct endpoint *self)
{
    static const struct retries NONE;
    return self->retry.answered ? NONE : self->retry.is;
}

void connection_view(const struct connection *c, struct verdict *v)
{
    for (unsigned i = 0; i < 2; i++) {
        endpoint_view(&c->end[i], &v->end[i]);
        v->retries[i] = retries_of(&c->end[i]);
    }
    v->client = c->client;
    v->roles = c->roles;
    v->class = (uint8_t)findings_class(&v->checks);
}

/* Midstream: the sender of new text has not closed, so its peer has not received its FIN. */
static void narrow_midstream(struct moment *m)
{
    struct endpoint *self = m->sender, *peer = m->receiver;
    const state_set open = self->belief.proven & (SYN_SENT | SYN_RCVD | ESTABLISHED | CLOSE_WAIT);
    const state_set others =
        peer->belief.proven & (state_set) ~(CLOSE_WAIT | CLOSING | LAST_ACK | TIME_WAIT);
    if (!m->segment->text || self->knows.fin || m->c->roles >= ROLES_SYN_ACK)
        return;
    if (!open || !others || !(self->belief.base & open) || !(peer->belief.base & others))
        return;
    belief_narrow(&self->belief, open);
    belief_narrow(&peer->belief, others);
}

/* Steps 1 to 3. False: the rest is moot. */
static bool take_evidence(struct moment *m)
{
    struct connection *c = m->c;
    const struct segment *s = m->segment;
    if (c->started) {
        evidence_time(m, m->sender);
        evidence_time(m, m->receiver);
        m->sender_before = m->sender->belief.state;
        m->receiver_before = m->receiver->belief.state;
    }
    if (!m->stranger || !c->started)
        incarnation_choose(m);
    m->opens = m->verdict->opens;
    m->midstream = m->opens && c->roles < ROLES_SYN_ACK;
    if (m->stranger)
        return true;
    if (stories_ask(m))
        return false;
    if (segment_is_syn_ack(s))
        incarnation_learn_roles(c, !s->from, ROLES_SYN_ACK);
    tcb_weigh_claim(m->receiver, m->sender, s);
    evidence_settle(m);
    m->crossed = gaps_imply_crossed_syn(m);
    m->missing = gaps_imply_handshake(m) ||
                 (m->opens && segment_is_syn_ack(s) && !m->receiver->knows.segment);
    gaps_imply_fin(m);
    narrow_midstream(m);
    return !history_has_news(m);
}

/* What is sent again, and why, and what an ACK tells of that. */
static void count_again(struct endpoint *self, struct endpoint *peer, const struct segment *s,
                        struct verdict *v)
{
    retries_count(self, peer, s, v);
    resends_find(self, peer, s, v);
    resends_hear(self, peer, s);
}

/* Steps 4 and 5. */
static void follow_sender(struct moment *m)
{
    struct verdict *v = m->verdict;
    if (!m->stranger)
        count_again(m->sender, m->receiver, m->segment, v);
    findings_before(m, &v->checks);
    if (segment_is(m->segment, SEG_RST) && m->segment == m->row)
        causes_find(m);
    if (m->stranger) {
        tcb_imitated(m->sender, m->segment);
        return;
    }
    if (incarnation_is_attempt(m->sender, m->segment)) {
        incarnation_attempt(m); /* its old numbers are kept */
    } else if (!m->opens && incarnation_is_other_answer(m->sender, m->receiver, m->segment)) {
        tcb_imitated(m->sender, m->segment);
    } else {
        const enum closes closes = closing_before(m);
        m->no_arrow = !endpoint_sent(m);
        if (closes != CLOSES_NOT)
            closing_after(m, closes);
        tcb_sent(m->sender, m->receiver, m->segment, find_is_wrong_ack(m));
    }
    findings_after(m, &v->checks);
}

/* A connection that begins with what is ignored in every state: an end that has none answers, if
 * the segment is sound and no RST (section 3.10.7.1). */
static void open_at_nothing(struct moment *m)
{
    const struct segment *s = m->segment;
    incarnation_choose(m);
    m->c->last = s->time;
    if (!segment_any(s, SEG_ACK | SEG_SYN | SEG_RST) &&
        !(s->has & (HAS_BAD_CHECKSUM | HAS_BAD_HEADER)))
        replies_add(&m->c->owed[!s->from], s, OWES_RST_ACK, false);
}

/* A segment that does nothing to its sender: only findings. */
static bool is_nothing(struct moment *m)
{
    m->ignored = ignore_is_due(m);
    if (m->segment == m->row)
        m->verdict->ignored = m->ignored;
    if (!m->ignored && !m->copy && !m->alien && !m->old && !m->overtaken)
        return false;
    if (!m->c->started)
        open_at_nothing(m);
    findings_ignored(m, &m->verdict->checks);
    if (m->late)
        tcb_sent(m->sender, m->receiver, m->segment, false); /* its options count */
    if (m->overtaken)
        closing_after(m, closing_before(m)); /* a FIN that left before the RST */
    if (m->overtaken && segment_is(m->segment, SEG_RST) && m->segment == m->row)
        causes_find(m);
    return true;
}

/* From how far it comes, and how often so in a row. */
static void remember_hops(struct endpoint *self, const struct segment *s)
{
    if (segment_is(s, SEG_RST))
        return;
    enum { ENOUGH = 3 };
    if (self->ttl != s->ttl)
        self->ttl_times = 0;
    if (self->ttl_times < ENOUGH)
        self->ttl_times++;
    self->ttl = s->ttl;
}

/* Does it count its datagrams? Not, where each has a number by chance, or none. */
static void remember_id(struct endpoint *self, const struct segment *s)
{
    enum { FEW = 4, ENOUGH = 3 };
    const uint16_t step = (uint16_t)(s->ip_id - self->ip_id);
    if (segment_is(s, SEG_RST) || !s->ip_id)
        return;
    if (!step || step > FEW)
        self->id_steps = 0;
    else if (self->id_steps < ENOUGH)
        self->id_steps++;
    self->ip_id = s->ip_id;
}

/* What is remembered of every segment. */
static void remember(struct connection *c, const struct segment *s)
{
    struct endpoint *self = &c->end[s->from];
    const struct endpoint *peer = &c->end[!s->from];
    const int64_t answered = s->time - peer->syn.time;
    if (!self->reach && answered < HOUR && peer->knows.iss && peer->syns <= 1 &&
        peer->syn_acks <= 1 && segment_is(s, SEG_ACK) && s->ack == peer->iss + 1)
        self->reach = answered > 0 ? answered : 0;
    remember_hops(self, s);
    remember_id(self, s);
    self->last = endpoint_remembers(s);
    c->end[!s->from].last.flags = 0; /* whatever it sends now is no duplicate */
    c->last = s->time;
}

bool connection_sent(struct moment *m)
{
    const struct segment *s = m->segment;
    struct debts *debts = &m->c->owed[s->from];
    m->kind = (uint8_t)kind_of(s);
    replies_forget(debts, s);
    m->owed = replies_for(debts, s);
    if (!is_nothing(m)) {
        if (!take_evidence(m))
            return false;
        follow_sender(m);
        if (history_has_news(m))
            return false;
        const uint32_t answers = m->stranger ? 0 : replies_answer(debts, m->owed, s);
        if (answers && m->segment == m->row)
            m->verdict->answers = answers;
        else if (answers) /* it was sent after the row, and the capture has it before */
            m->verdict->owes = OWES_NOTHING;
        if (!m->stranger)
            remember(m->c, s);
    }
    if (s == m->row)
        findings_count(m);
    return true;
}

/* A copy of a SYN comes to an end that was done: it listens again. */
static enum reply received_anew(struct moment *m)
{
    const unsigned end = !m->segment->from;
    incarnation_listen(m->receiver, m->segment);
    m->verdict->begins |= (uint8_t)(1u << end);
    m->verdict->end[end].was = STATE_LISTEN;
    return endpoint_received(m, ARRIVES);
}

/* What is remembered of every segment that came. */
static void hear(struct endpoint *self, const struct segment *s, int64_t now)
{
    if (segment_is(s, SEG_ACK))
        self->heard = endpoint_remembers(s);
    self->heard.time = now;
}

void connection_received(struct moment *m, enum arrival_mode mode)
{
    const struct segment *s = m->segment;
    struct connection *c = m->c;
    struct endpoint *self = m->receiver;
    if (!c->started)
        incarnation_passive(c, s);
    const bool anew = mode == ARRIVES && m->segment == m->row && segment_is_syn(s) &&
                      self->belief.state == CLOSED;
    const enum reply reply = anew ? received_anew(m) : endpoint_received(m, mode);
    if (mode == MAY_ARRIVE)
        return;
    hear(self, s, m->row->time);
    if (m->segment == m->row)
        m->verdict->owes = (uint8_t)reply;
    const bool text =
        segment_is(s, SEG_ACK) && !segment_any(s, SEG_SYN | SEG_RST) && segment_len(s);
    if (mode == ARRIVES && self->knows.fin && reply != OWES_RST && text)
        replies_add(&c->owed[!s->from], s, OWES_RST, true);
    replies_add(&c->owed[!s->from], s, reply, mode == ARRIVES_FUTILE);
}

void connection_observe_quietly(struct connection *c, const struct segment *s, struct verdict *v)
{
    struct endpoint *self = &c->end[s->from], *peer = &c->end[!s->from];
    verdict_begin(v, s->from);
    v->idle = idle_since(c->last, s);
    count_again(self, peer, s, v);
    tcb_goes_on(self, peer, s);
    remember(c, s);
    endpoint_received_quietly(peer, s);
    hear(peer, s, s->time);
    for (unsigned i = 0; i < 2; i++) {
        v->end[i].was = STATE_ESTABLISHED;
        endpoint_view(&c->end[i], &v->end[i]);
        v->retries[i] = retries_of(&c->end[i]);
    }
    v->client = c->client;
    v->roles = c->roles;
    v->quiet = !v->retransmitted && !v->resend && !v->needless;
}

/* Has `self` sent what the error quotes, as far as its numbers are known? Otherwise it ignores the
 * error, which anybody may have sent (RFC 5927 section 4.1). */
static bool has_sent(const struct endpoint *self, uint32_t seq)
{
    if (self->attempt_frame && self->attempt == seq)
        return true;
    return !self->knows.snd ||
           (seq_le(seq, self->snd_nxt) && !(self->knows.iss && tcb_begins_after(self, seq)));
}

void connection_icmp(struct moment *m, enum icmp_error error)
{
    struct endpoint *self = m->sender, *peer = m->receiver;
    const struct segment *s = m->segment;
    const uint32_t iss = self->attempt_frame ? self->attempt : self->iss;
    const bool of_syn = m->c->started && self->belief.state == SYN_SENT && s->seq == iss;
    const int syn = belief_find(&peer->belief, RCV_SYN);
    m->verdict->sender = !s->from;
    if (m->c->started && has_sent(self, s->seq))
        findings_icmp(error, &m->verdict->checks);
    if (of_syn && error == ICMP_HARD) {
        if (syn >= 0 && !peer->belief.arrival[syn].doubted) /* what comes back did not get there */
            stories_tell(m, STORY_undeliverable, peer->belief.arrival[syn].frame);
        if (belief_receives(&self->belief, RCV_ICMP_ERROR, &(struct arrival){.frame = s->frame}))
            evidence_move(m, self, RCV_ICMP_ERROR, STEP_EVENT, s->frame);
    }
}
