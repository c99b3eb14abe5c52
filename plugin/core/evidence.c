/* See evidence.h. An ACK number tells exactly which SYN, text and FIN had arrived; what occupies no
 * sequence space is told by deeds.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "evidence.h"

#include "seq.h"

/* Signals whose receipt an ACK number tells exactly: they occupy sequence space. */
#define NUMBERED (SIG(RCV_SYN) | SIG(RCV_SYN_ACK) | SIG(RCV_FIN))
/* ... and those of which the echo of a timestamp tells. */
#define TOLD_BY_ECHO (SIG(RCV_ACK_OF_SYN) | SIG(RCV_ACK_OF_FIN) | SIG(RCV_SYN_ACK))

void evidence_note(struct endpoint *x, state_set before, const struct arrow *arrow,
                   enum signal signal, enum step_why why, uint32_t frame, const struct journal *j)
{
    struct verdict *v = j->verdict;
    if (x->belief.state == before)
        return;
    x->since = j->segment->frame;
    x->entered = j->segment->time;
    if (v->steps == STEPS_MAX)
        return;
    v->step[v->steps++] = (struct step){
        .end = j->end,
        .from = (uint8_t)state_number(before),
        .to = (uint8_t)state_number(x->belief.state),
        .signal = (uint8_t)signal,
        .why = (uint8_t)why,
        .cite = arrow ? arrow->cite : "3.10.7",
        .frame = frame,
    };
}

void endpoint_note(struct endpoint *x, state_set before, enum signal signal, enum step_why why,
                   uint32_t frame, const struct journal *j)
{
    evidence_note(x, before, fsm_arrow(before, signal), signal, why, frame, j);
}

/* The last signal of an arrival, to name it by. */
static enum signal last_signal(signal_set signals)
{
    enum signal last = SIGNAL_COUNT;
    for (int signal = RCV_RST; signal < SIGNAL_COUNT; signal++)
        if (signals & SIG(signal))
            last = (enum signal)signal;
    return last;
}

static void prove(struct endpoint *x, unsigned i, const struct journal *j)
{
    const struct arrival a = x->belief.arrival[i];
    const state_set before = x->belief.state;
    if (!j->verdict->refutes) /* evidence against says more than evidence for */
        j->verdict->evidence = a.frame;
    belief_prove(&x->belief, i);
    endpoint_note(x, before, last_signal(a.signals), STEP_PROVED, a.frame, j);
}

/* Arrival `i` had not come when this segment was sent. It may still be on its way, so the first
 * time it is only doubted; the second time it is given up, unless what is sent again would tell. */
static void refute(struct endpoint *x, unsigned i, const struct journal *j)
{
    const struct arrival a = x->belief.arrival[i];
    const state_set before = x->belief.state;
    j->verdict->evidence = a.frame;
    j->verdict->refutes = true;
    if (!a.doubted)
        belief_doubt(&x->belief, i, j->segment->frame);
    else if (!(a.signals & NUMBERED))
        belief_drop(&x->belief, i);
    endpoint_note(x, before, last_signal(a.signals), STEP_REVERTED, a.frame, j);
}

/* Arrival `i` did nothing to its receiver, because it came later, or to nobody. */
static void take_back(struct endpoint *x, unsigned i, bool keep_ack, enum step_why why,
                      const struct journal *j)
{
    const struct arrival a = x->belief.arrival[i];
    const state_set before = x->belief.state;
    if (keep_ack && (a.signals & SIG(RCV_ACK_OF_FIN)))
        belief_take_out(&x->belief, i, RCV_FIN);
    else
        belief_drop(&x->belief, i);
    j->verdict->evidence = a.frame;
    j->verdict->refutes = why == STEP_REVERTED;
    endpoint_note(x, before, last_signal(a.signals), why, a.frame, j);
}

/* An ACK proves an arrival when it is at or beyond its proof, and not beyond what can be: for a
 * SYN exactly what its sender has sent, since any other number is of another incarnation. Who still
 * sends SYN,ACK has not received one. Neither a RST nor a timer is ever acknowledged. */
static bool acks(const struct arrival *a, const struct endpoint *y, const struct segment *s)
{
    if ((a->signals &
         (SIG(RCV_RST) | SIG(RCV_RST_PASSIVE) | SIG(RCV_ICMP_ERROR) | SIG(TIMEOUT_2MSL))) ||
        !seq_le(a->proof, s->ack) || (segment_is(s, SEG_SYN) && (a->signals & SIG(RCV_SYN_ACK))))
        return false;
    if ((a->signals & (SIG(RCV_SYN) | SIG(RCV_SYN_ACK))) || (y->knows & KNOWS_FIN))
        return !(y->knows & KNOWS_SND) || seq_le(s->ack, y->snd_nxt);
    return true;
}

/* A FIN that was taken back, and that this segment acknowledges after all. */
static void prove_late_fin(struct endpoint *x, const struct endpoint *y, const struct journal *j)
{
    const struct segment *s = j->segment;
    const state_set before = x->belief.state;
    /* It may have come while its receiver was thought to begin anew. */
    const bool known = (x->knows & KNOWS_PEER_FIN) != 0;
    const uint32_t fin = known ? x->peer_fin : y->fin;
    if (!(known || (y->knows & KNOWS_FIN)) || !seq_le(fin, s->ack) || seq_lt(y->snd_nxt, s->ack) ||
        !belief_receives(&x->belief, RCV_FIN,
                         &(struct arrival){.frame = y->fin_frame, .proof = fin}))
        return;
    endpoint_note(x, before, RCV_FIN, STEP_PROVED, y->fin_frame, j);
}

/* A FIN that is not acknowledged a round trip later was lost: nothing that comes behind it brings
 * it. */
static void weigh_loss(struct endpoint *x, const struct endpoint *y, const struct rules *rules,
                       const struct segment *s)
{
    static const int64_t USUAL_RTT = 200000000;
    const int64_t rtt = rules->rtt ? rules->rtt : USUAL_RTT;
    if ((x->knows & KNOWS_PEER_FIN) && seq_lt(s->ack, x->peer_fin) &&
        (s->time - y->fin_time) / 3 > rtt / 2) /* a round trip and a half, however long one is */
        x->knows |= KNOWS_LOSS;
}

/* The timestamp that a segment echoes is the latest that its sender had received in order (RFC 7323
 * section 4.3): what carried a later one had not come, what was sent before it had. */
static int tell_by_echo(const struct arrival *a, const struct endpoint *x, const struct endpoint *y,
                        const struct segment *s)
{
    if (!(x->knows & y->knows & KNOWS_TIMESTAMPS) || !(s->has & HAS_TIMESTAMPS) || !a->stamped)
        return 0;
    return seq_lt(s->tsecr, a->tsval) ? -1 : seq_lt(a->tsval, s->tsecr) ? 1 : 0;
}

/* Does it tell RCV.NXT? Any ACK does; also that of a RST that aborts, whose SEQ is SND.NXT, but not
 * that of a RST which refuses what came to no connection (section 3.10.7.1, SEQ=0). */
static bool tells_rcv_nxt(const struct endpoint *x, const struct segment *s)
{
    return segment_is(s, SEG_ACK) &&
           (!segment_is(s, SEG_RST) ||
            (s->seq != 0 && (x->knows & KNOWS_SND) && s->seq == x->snd_nxt));
}

/* A SYN,ACK whose SYN had come before by itself: the ACK number is the same with it and without. */
static bool is_told_by_echo(const struct arrival *a, const struct endpoint *x)
{
    return (a->signals & SIG(RCV_SYN_ACK)) && (x->belief.proved & SIG(RCV_SYN));
}

void endpoint_settle(struct endpoint *x, struct endpoint *y, const struct rules *rules,
                     const struct journal *j)
{
    const struct segment *s = j->segment;
    if (!tells_rcv_nxt(x, s))
        return;
    prove_late_fin(x, y, j);
    /* An ACK below an earlier one is an old segment that was overtaken, one beyond the peer's FIN
     * is wrong: no evidence against. */
    const bool wild = (y->knows & KNOWS_FIN) && endpoint_acks_beyond(y, s);
    const bool fresh = !wild && (!(x->knows & KNOWS_ACKED) || seq_le(x->acked, s->ack));
    /* What had not come when it aborted or closed moved it no more; of other segments it may still
     * be on its way. */
    const bool leaves =
        segment_is(s, SEG_RST) || (segment_is(s, SEG_FIN) && !(x->knows & KNOWS_FIN));
    if (fresh)
        weigh_loss(x, y, rules, s);
    for (unsigned i = 0; i < x->belief.count;) {
        const struct arrival *a = &x->belief.arrival[i];
        const unsigned count = x->belief.count;
        const bool numbered = (a->signals & NUMBERED) && !is_told_by_echo(a, x);
        const int echo = numbered || !fresh ? 0 : tell_by_echo(a, x, y, s);
        const bool not_yet = echo < 0 && leaves && (a->signals & TOLD_BY_ECHO);
        if (!not_yet && (acks(a, y, s) || (echo > 0 && (a->signals & TOLD_BY_ECHO))))
            prove(x, i, j);
        else if ((numbered && fresh) || not_yet)
            refute(x, i, j);
        if (x->belief.count == count)
            i++;
    }
}

/* How many of the arrivals, from the first, leave a headline from which `signal` can be sent;
 * -1: none does. What was assumed beyond them had not arrived when it was sent.                  */
static int arrivals_before(const struct belief *b, enum signal signal)
{
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
    belief_doubt(&trial, i, 0);
    return !fsm_arrow(trial.state, signal);
}

/* What was doubted before and is contradicted again did not come at all. */
static void give_up_doubted(struct endpoint *x, enum signal signal, const struct journal *j)
{
    struct belief *b = &x->belief;
    for (unsigned i = b->count; i-- > 0;)
        if (b->arrival[i].doubted && b->arrival[i].doubted < j->segment->frame &&
            contradicts(b, i, signal))
            belief_drop(b, i);
}

void evidence_unanswered(struct endpoint *x, enum step_why why, const struct journal *j)
{
    if (why == STEP_UNMOVED)
        j->verdict->answers = x->heard_frame;
    for (unsigned i = x->belief.count; i-- > 0;)
        if (x->belief.arrival[i].frame == x->heard_frame)
            /* Data after CLOSE is reset by an end that had read the ACK on it (section 3.6.1). */
            take_back(x, i, x->heard_text, why, j);
}

void evidence_unheard_syn(struct endpoint *x, const struct journal *j)
{
    const struct segment *s = j->segment;
    const int syn = belief_find(&x->belief, RCV_SYN),
              syn_ack = belief_find(&x->belief, RCV_SYN_ACK);
    if (syn < 0 || syn_ack <= syn || !x->bare_syn_frame || x->syn_frame != x->bare_syn_frame ||
        segment_any(s, SEG_SYN | SEG_RST) || !segment_is(s, SEG_ACK))
        return;
    const struct arrival by = x->belief.arrival[syn_ack], lost = x->belief.arrival[syn];
    const state_set before = x->belief.state;
    belief_drop(&x->belief, (unsigned)syn_ack);
    belief_drop(&x->belief, (unsigned)syn);
    j->verdict->evidence = lost.frame;
    j->verdict->refutes = true;
    endpoint_note(x, before, RCV_SYN, STEP_REVERTED, lost.frame, j);
    const state_set without = x->belief.state;
    belief_receives(&x->belief, RCV_SYN_ACK, &by);
    endpoint_note(x, without, RCV_SYN_ACK, STEP_EVENT, by.frame, j);
}

bool evidence_claimed_fin(struct endpoint *x, struct endpoint *y, uint32_t frame,
                          const struct journal *j)
{
    const struct segment *s = j->segment;
    const struct journal k = {j->verdict, s, !j->end};
    const state_set x_before = x->belief.state, y_before = y->belief.state;
    const int fin = belief_find(&x->belief, RCV_FIN);
    const bool both = (x->knows & KNOWS_FIN) && x->fin_frame == frame; /* it was a FIN, too */
    if (fin < 0)
        return false;
    if (both)
        belief_resync(&x->belief, LAST_ACK);
    else
        belief_prove(&x->belief, (unsigned)fin);
    endpoint_note(x, x_before, both ? SND_FIN : RCV_FIN, both ? STEP_RESYNC : STEP_PROVED, frame,
                  j);
    belief_receives(
        &y->belief, RCV_ACK_OF_FIN,
        &(struct arrival){.frame = frame, .proof = x->snd_nxt + !both, .ack = x->claim});
    const int crossed = both ? belief_find(&y->belief, RCV_FIN) : -1;
    if (crossed >= 0)
        belief_doubt(&y->belief, (unsigned)crossed, 0);
    endpoint_note(y, y_before, both ? RCV_FIN : RCV_ACK_OF_FIN, STEP_EVENT, frame, &k);
    endpoint_weigh_claim(x, y, 0, s);
    return true;
}

void evidence_refuses(struct endpoint *x, const struct journal *j)
{
    const int syn = belief_find(&x->belief, RCV_SYN);
    if (syn < 0)
        return;
    j->verdict->answers = x->belief.arrival[syn].frame;
    for (unsigned i = x->belief.count;
         i-- > (unsigned)syn;) /* what came after it found nobody, too */
        take_back(x, i, false, STEP_UNMOVED, j);
}

void evidence_answers_older(struct endpoint *x, uint32_t ack, const struct journal *j)
{
    for (unsigned i = x->belief.count; i-- > 0;)
        if (seq_lt(ack, x->belief.arrival[i].ack))
            take_back(x, i, false, STEP_REVERTED, j);
}

void evidence_not_closed(struct endpoint *x, const struct journal *j)
{
    while (x->belief.state == CLOSED && x->belief.base != CLOSED) {
        unsigned last = x->belief.count;
        while (last > 0 && x->belief.arrival[last - 1].doubted)
            last--;
        if (!last)
            return;
        refute(x, last - 1, j);
    }
}

bool evidence_follow(struct endpoint *x, enum signal signal, const struct journal *j)
{
    struct belief *b = &x->belief;
    const int keep = arrivals_before(b, signal);
    if (keep < 0)
        return false;
    for (int i = b->count - 1; i >= keep; i--)
        refute(x, (unsigned)i, j);
    give_up_doubted(x, signal, j);
    /* The deed itself proves what had to arrive before it could be done. */
    for (unsigned i = 0; i < b->count && !fsm_image(b->proven, signal, false);)
        if (b->arrival[i].doubted)
            i++;
        else
            prove(x, i, j);
    const state_set before = b->state;
    if (!belief_sent(b, signal))
        return false;
    endpoint_note(x, before, signal, STEP_EVENT, j->segment->frame, j);
    return true;
}

void endpoint_time(struct endpoint *x, const struct rules *rules, const struct journal *j)
{
    const state_set before = x->belief.state;
    if (before != TIME_WAIT || j->segment->time - x->entered < rules->two_msl)
        return;
    belief_receives(&x->belief, TIMEOUT_2MSL, &(struct arrival){.frame = j->segment->frame});
    endpoint_note(x, before, TIMEOUT_2MSL, STEP_TIMED, j->segment->frame, j);
}
