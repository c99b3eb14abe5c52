/* See incarnation.h.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "incarnation.h"

#include "owed.h"
#include "seq.h"
#include "tcb.h"

void incarnation_view(const struct connection *c, struct verdict *v)
{
    for (unsigned i = 0; i < 2; i++)
        v->end[i].was = (uint8_t)state_number(c->end[i].belief.state);
}

void incarnation_learn_roles(struct connection *c, unsigned client, enum roles how)
{
    if (c->roles > how)
        return;
    c->client = (uint8_t)client;
    c->roles = (uint8_t)how;
}

/* ---- openings ---- */

static void start_end(struct endpoint *x, state_set base, state_set proven, const struct segment *s)
{
    *x = (struct endpoint){.entered = s->time};
    belief_start(&x->belief, base, proven);
}

/* A new connection between the same sockets. What spans connections is kept. */
static void start(struct connection *c, unsigned client, enum roles how, struct verdict *v)
{
    *c = (struct connection){.started = true,
                             .client = (uint8_t)client,
                             .roles = (uint8_t)how,
                             .last = c->last,
                             .isns = c->isns};
    v->opens = true;
}

/* What is left of the connection before, where it may be left. */
static struct waiting waiting_of(const struct endpoint *y)
{
    if (!(y->belief.possible & TIME_WAIT) || !(y->knows & KNOWS_SND) || !(y->knows & KNOWS_ACKED))
        return (struct waiting){0};
    return (struct waiting){.entered = y->entered, .snd_nxt = y->snd_nxt, .rcv_nxt = y->acked};
}

/* The sender of the SYN was CLOSED, or has sent this SYN before to a peer that would not take it
 * then; and it is taken that the peer listens. Some systems try on after a refusal.              */
static void open_at_syn(struct connection *c, const struct segment *s, struct verdict *v)
{
    static const int64_t TRIES_ON = 1000000000;
    const struct endpoint *x = &c->end[s->from];
    const bool known = (x->knows & KNOWS_ISS) && x->iss == s->seq;
    const bool again =
        (x->attempt_frame && x->attempt == s->seq) || (known && x->belief.state == SYN_SENT);
    const bool on = known && x->belief.state == CLOSED && s->time - x->syn_time < TRIES_ON;
    const state_set before = again ? SYN_SENT : CLOSED;
    const uint32_t since = again ? x->since : 0;
    const struct retry_run retry = again || on ? x->retry : (struct retry_run){0};
    c->isns = (uint8_t)(again || on || !c->started || (c->end[!s->from].knows & KNOWS_ACKED) ? 1
                        : c->isns == UINT8_MAX ? UINT8_MAX
                                               : c->isns + 1);
    const struct waiting waiting = waiting_of(&c->end[!s->from]);
    start(c, s->from, ROLES_SYN, v);
    start_end(&c->end[s->from], before, before, s);
    c->end[s->from].since = since;
    c->end[s->from].retry = retry;
    c->waiting = waiting;
    start_end(&c->end[!s->from], LISTEN, waiting.entered ? LISTEN | TIME_WAIT : LISTEN, s);
    incarnation_view(c, v);
}

/* The first segment is a SYN,ACK: the SYN before it was not captured. */
static void open_at_syn_ack(struct connection *c, const struct segment *s, struct verdict *v)
{
    struct endpoint *x = &c->end[s->from], *y = &c->end[!s->from];
    start(c, !s->from, ROLES_SYN_ACK, v);
    start_end(x, SYN_RCVD, SYN_RCVD, s);
    start_end(y, SYN_SENT, SYN_SENT, s);
    x->knows |= KNOWS_PASSIVE;
    y->iss = s->ack - 1;
    y->snd_nxt = s->ack;
    y->knows |= KNOWS_SND;
    incarnation_view(c, v);
}

static void open_midstream(struct connection *c, const struct segment *s, struct verdict *v)
{
    struct endpoint *y = &c->end[!s->from];
    const bool by_port = s->server_port_hint != 0;
    const unsigned server = by_port ? s->server_port_hint - 1u : !s->from;
    start(c, !server, by_port ? ROLES_PORT : ROLES_FIRST, v);
    /* Without ACK it is of no connection: a scan goes anywhere. */
    const state_set any =
        segment_any(s, SEG_ACK | SEG_RST) ? SYNCHRONIZED : SYNCHRONIZED | LISTEN | CLOSED;
    start_end(&c->end[s->from], ESTABLISHED, any, s);
    start_end(y, ESTABLISHED, any, s);
    c->end[s->from].iss = s->seq - 1; /* if this is the first after the handshake */
    if (segment_is(s, SEG_ACK)) {
        y->iss = s->ack - 1;
        y->snd_nxt = s->ack;
        y->knows |= KNOWS_SND;
    }
    incarnation_view(c, v);
}

void incarnation_passive(struct connection *c, const struct segment *s)
{
    start_end(&c->end[0], LISTEN, LISTEN, s);
    start_end(&c->end[1], LISTEN, LISTEN, s);
    c->started = true;
}

void incarnation_listen(struct endpoint *x, const struct segment *s)
{
    start_end(x, LISTEN, LISTEN, s);
}

/* ---- which SYN opens ---- */

/* A SYN that an end in TIME_WAIT may take (section 3.6.1, MAY-2): with timestamps when its clock
 * has moved on (RFC 6191 section 2), otherwise when its number is beyond all of the old connection.
 */
static bool may_leave_time_wait(const struct endpoint *y, const struct segment *s)
{
    if ((s->has & HAS_TIMESTAMPS) && (y->knows & KNOWS_TIMESTAMPS) && s->tsval != y->ts_recent)
        return seq_lt(y->ts_recent, s->tsval);
    return !(y->knows & KNOWS_RCV) || seq_lt(y->rcv_nxt, s->seq);
}

/* Would the receiver take this SYN as the beginning of a new connection? */
static bool opens_anew(const struct endpoint *x, const struct endpoint *y, const struct segment *s)
{
    if ((x->knows & KNOWS_ISS) && x->iss == s->seq) /* sent again */
        return y->belief.state == CLOSED;
    if (y->belief.state == TIME_WAIT)
        return may_leave_time_wait(y, s);
    /* Of a peer that was never seen, nothing is known that would speak against it. */
    return (y->belief.state & (CLOSED | LISTEN)) || y->belief.base == LISTEN ||
           !(y->knows & KNOWS_SEGMENT);
}

/* A SYN,ACK from an end that had done with its connection, or of which that is likely, since a
 * minute has passed: the SYN between was not captured. */
static bool opens_unseen(const struct connection *c, const struct endpoint *x,
                         const struct endpoint *y, const struct segment *s)
{
    static const int64_t LONG_AFTER = INT64_C(60) * 1000000000;
    const bool done = (x->belief.state & (CLOSED | TIME_WAIT)) || !(y->knows & KNOWS_SEGMENT) ||
                      (s->time - c->last >= LONG_AFTER && s->ack != y->iss + 1);
    return done && belief_find(&x->belief, RCV_SYN) < 0 && (x->knows & KNOWS_SEGMENT) &&
           s->seq != x->iss;
}

/* A SYN,ACK to a client whose SYNs nobody has answered, for none of these, long after the last: it
 * tried anew, and that SYN was not captured. One that comes at once may answer an old duplicate
 * (Figure 8). */
static bool answers_unseen_syn(const struct endpoint *x, const struct endpoint *y,
                               const struct segment *s)
{
    static const int64_t LONG_AFTER = 1000000000;
    return !(x->knows & KNOWS_SEGMENT) && y->belief.state == SYN_SENT && y->bare_syn_frame &&
           !y->attempt_frame && s->ack != y->iss + 1 && s->time - y->syn_time > LONG_AFTER;
}

/* The peer has accepted the attempt of `end` after all, so it had no connection any more: the SYN
 * came to an end that listened. */
static void accept_attempt(struct connection *c, uint8_t end, struct verdict *v)
{
    static const struct rules NONE;
    struct endpoint *x = &c->end[end], *y = &c->end[!end];
    const struct segment syn = {.frame = x->attempt_frame,
                                .time = x->attempt_time,
                                .from = end,
                                .flags = SEG_SYN,
                                .has = x->attempt_has,
                                .wscale = x->attempt_wscale,
                                .seq = x->attempt,
                                .tsval = x->attempt_tsval};
    const struct journal j = {v, &syn, !end};
    open_at_syn(c, &syn, v);
    tcb_sent(x, y, &syn);
    owed_add(&c->owed[!end], &syn, endpoint_received(y, x, &NONE, &j));
}

/* It goes on from there: the SYN,ACK was not captured. */
static bool goes_on_from_attempt(const struct endpoint *x, const struct segment *s)
{
    return x->attempt_frame && segment_is(s, SEG_ACK) && !segment_is(s, SEG_RST) &&
           s->seq == x->attempt + 1 && s->seq != x->snd_nxt;
}

void incarnation_choose(struct connection *c, const struct segment *s, struct verdict *v)
{
    const struct endpoint *x = &c->end[s->from], *y = &c->end[!s->from];
    if (segment_is_syn(s)) {
        if (!c->started || opens_anew(x, y, s))
            open_at_syn(c, s, v);
    } else if (segment_is_syn_ack(s)) {
        if (y->attempt_frame && s->ack == y->attempt + 1)
            accept_attempt(c, !s->from, v);
        else if (!c->started || opens_unseen(c, x, y, s) || answers_unseen_syn(x, y, s))
            open_at_syn_ack(c, s, v);
    } else if (goes_on_from_attempt(x, s)) {
        accept_attempt(c, s->from, v);
    } else if (!c->started) {
        open_midstream(c, s, v);
    }
}

/* ---- a SYN that does not open ---- */

void incarnation_still_waits(const struct connection *c, struct endpoint *x,
                             const struct journal *j)
{
    const struct segment *s = j->segment;
    const struct waiting *w = &c->waiting;
    const state_set before = x->belief.state;
    const int syn = belief_find(&x->belief, RCV_SYN);
    if (!w->entered || x->belief.base != LISTEN || syn < 0 || s->flags != SEG_ACK ||
        segment_len(s) || s->seq != w->snd_nxt || s->ack != w->rcv_nxt)
        return;
    const uint32_t frame = x->belief.arrival[syn].frame;
    belief_start(&x->belief, TIME_WAIT, TIME_WAIT);
    x->snd_nxt = w->snd_nxt;
    x->acked = x->rcv_nxt = w->rcv_nxt;
    x->knows = KNOWS_SND | KNOWS_ACKED | KNOWS_RCV;
    j->verdict->evidence = frame;
    j->verdict->refutes = true;
    endpoint_note(x, before, RCV_SYN, STEP_REFUSED, frame, j);
    x->entered = w->entered;
}

bool incarnation_is_attempt(const struct endpoint *x, const struct segment *s)
{
    if (!segment_is_syn(s) || (x->belief.proven & LISTEN))
        return false;
    if (x->knows & KNOWS_ISS)
        return x->iss != s->seq;
    return (x->belief.proven & SYNCHRONIZED) != 0;
}

void incarnation_attempt(struct endpoint *x, const struct journal *j)
{
    const struct segment *s = j->segment;
    const state_set before = x->belief.state;
    const bool again = x->attempt_frame && x->attempt == s->seq;
    if (!x->attempt_frame)
        x->undo = endpoint_undo(x);
    x->attempt = s->seq;
    x->attempt_frame = s->frame;
    x->attempt_time = s->time;
    x->attempt_tsval = s->tsval;
    x->attempt_has = s->has & (HAS_WSCALE | HAS_TIMESTAMPS);
    x->attempt_wscale = s->wscale;
    /* It may not have sent it; what it has shown since the first is not forgotten. */
    if (!again || before != SYN_SENT)
        belief_start(&x->belief, SYN_SENT, SYN_SENT | x->undo.possible);
    endpoint_note(x, before, SND_SYN, STEP_EVENT, s->frame, j);
}

void incarnation_cancel(struct endpoint *x, const struct journal *j)
{
    endpoint_go_back(x, &x->undo, SND_SYN, x->attempt_frame, j);
    x->attempt_frame = 0;
}

void incarnation_cancel_fin(struct endpoint *x, struct endpoint *y, const struct journal *j)
{
    const int fin = belief_find(&y->belief, RCV_FIN);
    endpoint_go_back(x, &x->fin_undo, SND_FIN, x->fin_first, j);
    x->snd_nxt = seq_max(x->fin_nxt, j->segment->seq);
    x->knows &= (uint16_t)~KNOWS_FIN;
    x->fins = 0;
    x->fin_first = 0;
    if (belief_has(&y->belief, RCV_FIN) && fin < 0)
        return; /* it has acknowledged it, whoever sent it */
    y->knows &= (uint16_t)~KNOWS_PEER_FIN;
    y->held.count = 0;
    if (seq_lt(x->fin_nxt, y->rcv_nxt))
        y->rcv_nxt = x->fin_nxt;
    if (fin >= 0) {
        const struct journal k = {j->verdict, j->segment, !j->end};
        const state_set before = y->belief.state;
        const uint32_t frame = y->belief.arrival[fin].frame;
        belief_drop(&y->belief, (unsigned)fin);
        endpoint_note(y, before, RCV_FIN, STEP_REVERTED, frame, &k);
    }
}
