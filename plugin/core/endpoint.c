/* What sending proves, and what sending moves.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Receiving is arrival.c.                                                                        */
#include "endpoint.h"

#include "seq.h"

/* Signals whose receipt an ACK number tells exactly: they occupy sequence space. */
#define NUMBERED (SIG(RCV_SYN) | SIG(RCV_SYN_ACK) | SIG(RCV_FIN))

static void note(struct endpoint *x, state_set before, const struct arrow *arrow,
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
    note(x, before, fsm_arrow(before, signal), signal, why, frame, j);
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
 * time it is only doubted; the second time it is given up. */
static void refute(struct endpoint *x, unsigned i, const struct journal *j)
{
    const struct arrival a = x->belief.arrival[i];
    const state_set before = x->belief.state;
    j->verdict->evidence = a.frame;
    j->verdict->refutes = true;
    if (a.doubted)
        belief_drop(&x->belief, i);
    else
        belief_doubt(&x->belief, i, j->segment->frame);
    endpoint_note(x, before, last_signal(a.signals), STEP_REVERTED, a.frame, j);
}

/* An ACK proves an arrival when it is at or beyond its proof, and not beyond what can be: for a
 * SYN exactly what its sender has sent, since any other number is of another incarnation. Who still
 * sends SYN,ACK has not received one. Neither a RST nor a timer is ever acknowledged. */
static bool acks(const struct arrival *a, const struct endpoint *y, const struct segment *s)
{
    if ((a->signals & (SIG(RCV_RST) | SIG(RCV_RST_PASSIVE) | SIG(TIMEOUT_2MSL))) ||
        !seq_le(a->proof, s->ack) || (segment_is(s, SEG_SYN) && (a->signals & SIG(RCV_SYN_ACK))))
        return false;
    if ((a->signals & (SIG(RCV_SYN) | SIG(RCV_SYN_ACK))) || (y->knows & KNOWS_FIN))
        return !(y->knows & KNOWS_SND) || seq_le(s->ack, y->snd_nxt);
    return true;
}

void endpoint_settle(struct endpoint *x, const struct endpoint *y, const struct journal *j)
{
    const struct segment *s = j->segment;
    if (!segment_is(s, SEG_ACK) || segment_is(s, SEG_RST))
        return;
    /* An ACK below an earlier one is an old segment that was overtaken: no evidence against. */
    const bool fresh = !(x->knows & KNOWS_ACKED) || seq_le(x->acked, s->ack);
    for (unsigned i = 0; i < x->belief.count;) {
        const struct arrival *a = &x->belief.arrival[i];
        const unsigned count = x->belief.count;
        if (acks(a, y, s))
            prove(x, i, j);
        else if ((a->signals & NUMBERED) && fresh)
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

/* `x` has done `signal`: take back what contradicts it, then follow the arrow. */
static bool follow(struct endpoint *x, enum signal signal, const struct journal *j)
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

/* Octets that it had not sent before. */
static bool is_new_text(const struct endpoint *x, const struct segment *s)
{
    return s->text && (!(x->knows & KNOWS_SND) || seq_lt(x->snd_nxt, segment_end(s)));
}

/* A RST leaves nothing behind, except where it only answers an unacceptable ACK. One whose numbers
 * no conforming end would choose proves nothing: its sender may be CLOSED, or may not have sent it.
 */
static bool follow_rst(struct endpoint *x, const struct endpoint *y, const struct owed *owed,
                       const struct journal *j)
{
    const state_set before = x->belief.state;
    const enum rst_fit fit = endpoint_fits_rst(y, x, j->segment);
    if (owed->reply == OWES_RST && owed->seq == j->segment->seq && !(before & SYNCHRONIZED))
        return follow(x, SND_RST_OWED, j);
    if (fit == RST_IN_WINDOW || fit == RST_OUTSIDE) {
        belief_widen(&x->belief, CLOSED);
        return true;
    }
    /* An end whose first segment is a RST had no listener: the SYN never made it SYN_RCVD. */
    const state_set from = x->belief.base == LISTEN ? LISTEN : before;
    x->undo = x->belief.proven;
    if (!fsm_arrow(from, SND_RST))
        return false;
    belief_resync(&x->belief, fsm_next(from, SND_RST));
    note(x, before, fsm_arrow(from, SND_RST), SND_RST, STEP_EVENT, j->segment->frame, j);
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
        return follow(x, segment_is(s, SEG_ACK) ? SND_SYN_ACK : SND_SYN, j);
    bool legal = follow(x, SND_ACK, j);
    /* With Fast Open a server sends data in SYN_RCVD (RFC 7413 section 4.2). */
    const bool early = ((x->knows | y->knows) & KNOWS_FAST_OPEN) && x->belief.state == SYN_RCVD;
    if (legal && is_new_text(x, s) && !(x->knows & KNOWS_FIN) && !early)
        legal = follow(x, SND_TEXT, j);
    if (legal && segment_is(s, SEG_FIN))
        legal = follow(x, SND_FIN, j);
    return legal;
}

static void count(uint8_t *counter)
{
    if (*counter < UINT8_MAX)
        (*counter)++;
}

static void update_send(struct endpoint *x, const struct segment *s)
{
    x->knows |= KNOWS_SEGMENT;
    if (segment_is(s, SEG_SYN)) {
        x->iss = s->seq;
        x->knows |= KNOWS_ISS;
        x->wscale = (s->has & HAS_WSCALE) ? s->wscale : 0;
        x->knows =
            (uint8_t)((s->has & HAS_WSCALE) ? x->knows | KNOWS_SCALE : x->knows & ~KNOWS_SCALE);
        x->syn_frame = s->frame;
        if (!segment_is(s, SEG_ACK))
            x->bare_syn_frame = s->frame;
        if (s->has & HAS_FAST_OPEN)
            x->knows |= KNOWS_FAST_OPEN;
        count(&x->syns);
    }
    if (segment_is(s, SEG_RST))
        return; /* its numbers are chosen for the receiver */
    x->snd_nxt = x->knows & KNOWS_SND ? seq_max(x->snd_nxt, segment_end(s)) : segment_end(s);
    x->knows |= KNOWS_SND;
    if (segment_is(s, SEG_FIN) && !segment_is(s, SEG_SYN)) {
        if (!(x->knows & KNOWS_FIN))
            x->fin = segment_end(s);
        x->knows |= KNOWS_FIN;
        x->fin_frame = s->frame;
        count(&x->fins);
    }
}

bool endpoint_knows_window(const struct endpoint *x, const struct endpoint *y)
{
    return (x->knows & KNOWS_ISS) && (y->knows & KNOWS_ISS) && (x->knows & KNOWS_ACKED);
}

/* The window it offers. Without both SYNs the scale is not known and the edge means nothing. */
static void update_window(struct endpoint *x, const struct segment *s)
{
    const unsigned shift = (x->knows & KNOWS_SCALE) && !segment_is(s, SEG_SYN) ? x->wscale : 0;
    const uint32_t edge = s->ack + ((uint32_t)s->window << shift);
    x->edge = x->knows & KNOWS_ACKED ? seq_max(x->edge, edge) : edge;
}

bool endpoint_acks_beyond(const struct endpoint *y, const struct segment *s)
{
    return segment_is(s, SEG_ACK) && (y->knows & KNOWS_SEGMENT) && (y->knows & KNOWS_SND) &&
           seq_lt(y->snd_nxt, s->ack);
}

static void take_ack(struct endpoint *x, uint32_t ack)
{
    x->acked = x->knows & KNOWS_ACKED ? seq_max(x->acked, ack) : ack;
    x->rcv_nxt = x->knows & KNOWS_RCV ? seq_max(x->rcv_nxt, ack) : ack;
    x->knows |= KNOWS_ACKED | KNOWS_RCV;
}

/* An ACK of what was not captured is only a claim: the capture may have a hole, or the ACK be wrong. */
static void update_ack(struct endpoint *x, const struct endpoint *y, const struct segment *s)
{
    if (!segment_is(s, SEG_ACK) || segment_is(s, SEG_RST))
        return;
    if (endpoint_acks_beyond(y, s)) {
        x->claim = s->ack;
        x->claim_frame = s->frame;
        return;
    }
    update_window(x, s);
    take_ack(x, s->ack);
}

void endpoint_weigh_claim(struct endpoint *y, struct endpoint *x, const struct journal *j)
{
    const struct segment *s = j->segment;
    if (!y->claim_frame || segment_is(s, SEG_RST))
        return;
    if (seq_le(y->claim, s->seq)) {
        x->snd_nxt = seq_max(x->snd_nxt, y->claim);
        take_ack(y, y->claim);
    } else if (s->seq == x->snd_nxt) {
        j->verdict->evidence = y->claim_frame;
        j->verdict->refutes = true;
    } else {
        return;
    }
    y->claim_frame = 0;
}

/* The segment does not fit: follow the evidence. Any segment but SYN and RST comes from an end that
 * is synchronized (section 3.5.2, group 3), whatever was believed of it.                         */
static void resync(struct endpoint *x, const struct journal *j)
{
    const struct segment *s = j->segment;
    const state_set before = x->belief.state;
    if (segment_is(s, SEG_SYN)) {
        if (!(x->belief.proven & SYNCHRONIZED))
            belief_resync(&x->belief, segment_is(s, SEG_ACK) ? SYN_RCVD : SYN_SENT);
    } else if (!(before & (SYNCHRONIZED | SYN_RCVD))) {
        const state_set left = x->undo & SYNCHRONIZED ? x->undo & SYNCHRONIZED : SYNCHRONIZED;
        belief_start(&x->belief, left & ESTABLISHED ? ESTABLISHED : first_state(left), left);
    }
    x->undo = 0;
    endpoint_note(x, before, SND_ACK, STEP_RESYNC, s->frame, j);
    if (segment_is(s, SEG_FIN) && !segment_is(s, SEG_SYN))
        follow(x, SND_FIN, j);
}

bool endpoint_sent(struct endpoint *x, const struct endpoint *y, const struct owed *owed,
                   const struct journal *j)
{
    const bool legal = follow_segment(x, y, owed, j);
    if (!legal)
        resync(x, j);
    update_send(x, j->segment);
    update_ack(x, y, j->segment);
    return legal;
}

void endpoint_time(struct endpoint *x, const struct rules *rules, const struct journal *j)
{
    const state_set before = x->belief.state;
    if (before != TIME_WAIT || j->segment->time - x->entered < rules->two_msl)
        return;
    belief_receives(&x->belief, TIMEOUT_2MSL, j->segment->frame, 0);
    endpoint_note(x, before, TIMEOUT_2MSL, STEP_TIMED, j->segment->frame, j);
}
