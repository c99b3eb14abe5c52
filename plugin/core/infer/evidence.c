/* See evidence.h. An ACK number tells exactly which SYN, text and FIN had arrived; what occupies no
 * sequence space is told by deeds. What had not arrived is noted (history.h), never taken back
 * here.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "infer/evidence.h"

#include "find/findings.h"
#include "infer/incarnation.h"
#include "infer/stories.h"
#include "rfc/retries.h"
#include "rfc/tcb.h"
#include "seq.h"

enum {
    /* Signals whose receipt an ACK number tells exactly: they occupy sequence space. */
    NUMBERED = SIG(RCV_SYN) | SIG(RCV_SYN_ACK) | SIG(RCV_FIN),
    /* ... those of which the echo of a timestamp tells ... */
    TOLD_BY_ECHO = SIG(RCV_ACK_OF_SYN) | SIG(RCV_ACK_OF_FIN) | SIG(RCV_SYN_ACK),
    /* ... and those that nothing ever acknowledges. */
    NEVER_PROVED = SIG(RCV_RST) | SIG(RCV_RST_PASSIVE) | SIG(RCV_BAD_SYN) | SIG(RCV_ICMP_ERROR) |
                   SIG(TIMEOUT_2MSL) | SIG(TIMEOUT_USER)
};

void evidence_move_along(struct moment *m, struct endpoint *self, const struct arrow *arrow,
                         enum signal signal, enum step_why why, uint32_t frame)
{
    struct verdict *v = m->verdict;
    const state_set before = self->told;
    if (self->belief.state == before)
        return;
    self->told = self->belief.state;
    self->since = m->row->frame;
    self->entered = m->row->time;
    const bool moves = arrow && arrow->to != SAME;
    if (why != STEP_RESYNC && (moves ? arrow->to : before) != self->belief.state) {
        why = STEP_RESYNC;
        findings_add(v, CHECK_frames_missing);
    }
    if (v->steps == STEPS_MAX)
        return;
    v->step[v->steps++] = (struct step){
        .end = (uint8_t)moment_end(m, self),
        .from = (uint8_t)state_number(before),
        .to = (uint8_t)state_number(self->belief.state),
        .signal = (uint8_t)signal,
        .why = (uint8_t)why,
        .cite = arrow ? arrow->cite : "3.10.7",
        .frame = frame,
    };
}

void evidence_move(struct moment *m, struct endpoint *self, enum signal signal, enum step_why why,
                   uint32_t frame)
{
    if (self->belief.state != self->told)
        evidence_move_along(m, self, fsm_arrow(self->told, signal), signal, why, frame);
}

/* The last signal of an arrival, to name it by. */
static enum signal last_signal(signal_set signals)
{
    int last = SIGNAL_COUNT - 1;
    while (!(signals & SIG(last)))
        last--;
    return (enum signal)last;
}

/* The sender moves as this arrival is proved or refuted; mostly it was taken to be there. */
static void move_by(struct moment *m, const struct arrival *a, enum step_why why)
{
    if (m->sender->belief.state != m->sender->told)
        evidence_move(m, m->sender, last_signal(a->signals), why, a->frame);
}

static void prove(struct moment *m, unsigned i)
{
    struct endpoint *self = m->sender;
    const struct arrival a = self->belief.arrival[i];
    if (!m->verdict->shows) /* evidence against says more than evidence for */
        m->verdict->evidence = a.frame;
    belief_prove(&self->belief, i);
    move_by(m, &a, STEP_PROVED);
}

/* Arrival `i` had not come when this segment was sent. Where that can be told nowhere any more, the
 * machine goes on without it, and a finding says so. */
static void refute(struct moment *m, unsigned i, enum story story)
{
    struct endpoint *self = m->sender;
    const struct arrival a = self->belief.arrival[i];
    /* In TIME_WAIT it may have come, and have been ignored (RFC 1337). */
    if ((a.signals & (SIG(RCV_RST) | SIG(RCV_RST_PASSIVE))) && self->belief.base == TIME_WAIT)
        story = STORY_ignored;
    if (a.signals & SIG(RCV_BAD_SYN)) /* some only challenge it */
        story = STORY_ignored;
    if (a.signals & SIG(TIMEOUT_2MSL) ? history_stays_awake(m, moment_end(m, self))
                                      : stories_tell(m, story, a.frame))
        return;
    m->unresolved = true;
    endpoint_leaves_unproved(self, a.frame);
    belief_drop(&self->belief, i);
    move_by(m, &a, STEP_RESYNC);
}

/* An ACK proves an arrival when it is at or beyond its proof, and not beyond what can be: for a
 * SYN exactly what its sender has sent, since any other number is of another incarnation. Who still
 * sends SYN,ACK has not received one. Neither a RST nor a timer is ever acknowledged. */
static bool acks(const struct arrival *a, const struct endpoint *peer, const struct segment *s)
{
    if ((a->signals & NEVER_PROVED) || !seq_le(a->proof, s->ack) ||
        (segment_is(s, SEG_SYN) && (a->signals & SIG(RCV_SYN_ACK))))
        return false;
    if ((a->signals & (SIG(RCV_SYN) | SIG(RCV_SYN_ACK))) || peer->knows.fin)
        return !peer->knows.snd || seq_le(s->ack, peer->snd_nxt);
    return true;
}

/* The timestamp that a segment echoes is the latest that its sender had received in order (RFC 7323
 * section 4.3): what carried a later one had not come, what was sent before it had. */
static int tell_by_echo(const struct arrival *a, const struct endpoint *self,
                        const struct endpoint *peer, const struct segment *s)
{
    if (!(self->knows.timestamps && peer->knows.timestamps) || !(s->has & HAS_TIMESTAMPS) ||
        !a->stamped)
        return 0;
    return seq_lt(s->tsecr, a->tsval) ? -1 : seq_lt(a->tsval, s->tsecr) ? 1 : 0;
}

/* Does it tell RCV.NXT? Any ACK does; also that of a RST that aborts, whose SEQ is SND.NXT, but not
 * that of a RST which refuses what came to no connection (section 3.10.7.1, SEQ=0). */
static bool tells_rcv_nxt(const struct endpoint *self, const struct segment *s)
{
    return segment_is(s, SEG_ACK) &&
           (!segment_is(s, SEG_RST) || (s->seq != 0 && self->knows.snd && s->seq == self->snd_nxt));
}

/* A SYN,ACK whose SYN had come before by itself: the ACK number is the same with it and without. */
static bool is_told_by_echo(const struct arrival *a, const struct endpoint *self)
{
    return (a->signals & SIG(RCV_SYN_ACK)) && (self->belief.proved & SIG(RCV_SYN));
}

/* A SYN,ACK to an end that has sent one, and no SYN that was captured: it may be in SYN_RCVD still,
 * and challenge that. */
static bool may_be_challenge(const struct arrival *a, const struct endpoint *self)
{
    return (a->signals & SIG(RCV_SYN_ACK)) && self->syn_acks && !self->bare_syn_frame;
}

/* The last SYN or FIN that was thought to be lost, and that this segment acknowledges. */
static void acknowledge_after_all(struct moment *m)
{
    const struct segment *s = m->segment;
    const struct history *h = m->verdict->opens ? NULL : m->history; /* it is of none before */
    for (unsigned i = h && h->notes ? h->count : 0u; i-- > m->c->first;) {
        const struct event *e = &h->event[i];
        if (e->segment.from == s->from || e->segment.frame >= s->frame ||
            !segment_any(&e->segment, SEG_SYN | SEG_FIN) || segment_is(&e->segment, SEG_RST) ||
            e->ignored || e->fate.origin == CLUE_STRANGER ||
            (segment_is_syn_ack(&e->segment) && /* whose number the SYN has, too */
             (segment_is(s, SEG_SYN) || belief_has(&m->sender->belief, RCV_SYN))) ||
            (segment_is(&e->segment, SEG_FIN) && /* whose first copy was acknowledged before */
             (m->sender->belief.proved & SIG(RCV_FIN))) ||
            !seq_le(segment_end(&e->segment), s->ack) || seq_lt(m->receiver->snd_nxt, s->ack))
            continue;
        if (e->fate.proved || e->fate.way == CLUE_NONE ||
            stories_tell(m, STORY_acknowledged_after_all, e->segment.frame))
            return;
    }
}

void evidence_settle(struct moment *m)
{
    struct endpoint *self = m->sender;
    const struct endpoint *peer = m->receiver;
    const struct segment *s = m->segment;
    if (!tells_rcv_nxt(self, s) || tcb_acks_nothing(peer, s) ||
        (!m->opens && incarnation_is_other_answer(self, peer, s)))
        return;
    acknowledge_after_all(m);
    /* An ACK below an earlier one is an old segment that was overtaken, one beyond the peer's FIN
     * is wrong: no evidence against. */
    const bool wild = (peer->knows.fin || peer->knows.iss) && tcb_acks_beyond(peer, s);
    const bool fresh = !wild && (!self->knows.acked || seq_le(self->acked, s->ack));
    /* What had not come when it aborted or closed moved it no more; of other segments it may still
     * be on its way. */
    const bool leaves = segment_is(s, SEG_RST) || (segment_is(s, SEG_FIN) && !self->knows.fin);
    for (unsigned i = 0; i < self->belief.count;) {
        const struct arrival *a = &self->belief.arrival[i];
        const unsigned count = self->belief.count;
        const bool numbered = (a->signals & NUMBERED) && !is_told_by_echo(a, self);
        const int echo = numbered || !fresh ? 0 : tell_by_echo(a, self, peer, s);
        const bool not_yet = echo < 0 && leaves && (a->signals & TOLD_BY_ECHO);
        const bool of_unseen = a->doubted && (a->signals & SIG(RCV_FIN)) && !peer->knows.fin;
        if (of_unseen && fresh && seq_lt(a->proof, s->ack))
            belief_drop(&self->belief, i); /* there is more: it was no FIN */
        else if (of_unseen ||
                 (a->doubted && !(((a->signals & NUMBERED) || a->exact) && acks(a, peer, s))))
            ; /* a later copy, or acknowledge_after_all() */
        else if (!not_yet && ((!may_be_challenge(a, self) && acks(a, peer, s)) ||
                              (echo > 0 && (a->signals & TOLD_BY_ECHO))))
            prove(m, i);
        else if ((numbered && fresh) || not_yet)
            refute(m, i, STORY_not_acknowledged);
        if (self->belief.count == count)
            i++;
    }
}

/* How many of the arrivals, from the first, leave a headline from which `signal` can be sent;
 * -1: none does. What was assumed beyond them had not arrived when it was sent.                  */
static int arrivals_before(const struct belief *b, enum signal signal)
{
    if (fsm_arrow(b->state, signal)) /* most segments */
        return b->count;
    struct belief trial = *b;
    while (!fsm_arrow(trial.state, signal)) {
        if (!trial.count)
            return -1;
        belief_drop(&trial, trial.count - 1u);
    }
    return trial.count;
}

/* Could `signal` not have been sent if arrival `i` had come? */
static bool contradicts(const struct belief *b, unsigned i, enum signal signal)
{
    struct belief trial = *b;
    trial.arrival[i].doubted = false;
    belief_widen(&trial, 0);
    return !fsm_arrow(trial.state, signal);
}

/* What only may have come, and is contradicted, did not. */
static void give_up_doubted(struct moment *m, enum signal signal)
{
    struct belief *b = &m->sender->belief;
    for (unsigned i = b->count; i-- > 0;)
        if (b->arrival[i].doubted && contradicts(b, i, signal))
            belief_drop(b, i);
}

/* What only may have come, and without which this could not be done, has come. */
static bool prove_doubted(struct moment *m, enum signal signal)
{
    const struct belief *b = &m->sender->belief;
    for (unsigned i = 0; i < b->count; i++) {
        struct belief trial = *b;
        trial.arrival[i].doubted = false;
        belief_widen(&trial, 0);
        if (b->arrival[i].doubted && fsm_arrow(trial.state, signal)) {
            prove(m, i);
            return true;
        }
    }
    return false;
}

bool evidence_follow(struct moment *m, enum signal signal)
{
    struct endpoint *self = m->sender;
    struct belief *b = &self->belief;
    int keep = arrivals_before(b, signal);
    if (keep < 0 && prove_doubted(m, signal))
        keep = arrivals_before(b, signal);
    if (keep < 0)
        return false;
    for (int i = b->count - 1; i >= keep; i--)
        if (!b->arrival[i].doubted)
            refute(m, (unsigned)i, STORY_contradicted);
    give_up_doubted(m, signal);
    /* The deed itself proves what had to arrive before it could be done. */
    for (unsigned i = 0; i < b->count && !fsm_image(b->proven, signal, false);)
        if (b->arrival[i].doubted)
            i++;
        else
            prove(m, i);
    if (!belief_sent(b, signal))
        return false;
    evidence_move(m, self, signal, STEP_EVENT, m->segment->frame);
    return true;
}

void evidence_time(struct moment *m, struct endpoint *self)
{
    const struct history *h = m->history;
    if (retries_may_be_over(self, m->row->time))
        belief_receives(&self->belief, TIMEOUT_USER,
                        &(struct arrival){.frame = m->row->frame, .doubted = true});
    if (self->told != TIME_WAIT || m->row->time - self->entered < m->rules->two_msl ||
        (h && m->row->frame <= h->awake[moment_end(m, self)]))
        return;
    belief_receives(&self->belief, TIMEOUT_2MSL, &(struct arrival){.frame = m->row->frame});
    evidence_move(m, self, TIMEOUT_2MSL, STEP_TIMED, m->row->frame);
}
