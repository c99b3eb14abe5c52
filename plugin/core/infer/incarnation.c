/* See incarnation.h.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "infer/incarnation.h"
#include "patience.h"

#include "infer/evidence.h"
#include "infer/stories.h"
#include "seq.h"

void incarnation_learn_roles(struct connection *c, unsigned client, enum roles how)
{
    if (c->roles > how)
        return;
    c->client = (uint8_t)client;
    c->roles = (uint8_t)how;
}

/* ---- openings ---- */

/* Of an end of which nothing is known yet. */
static void start_new(struct endpoint *self, state_set base, state_set proven,
                      const struct segment *s)
{
    self->told = base;
    self->entered = s->time;
    belief_start(&self->belief, base, proven);
}

static void start_end(struct endpoint *self, state_set base, state_set proven,
                      const struct segment *s)
{
    *self = (struct endpoint){.entered = 0};
    start_new(self, base, proven, s);
}

/* A new connection between the same sockets. What spans connections is kept. */
static void start(struct connection *c, unsigned client, enum roles how, struct verdict *v)
{
    const int64_t last = c->last;
    const uint8_t isns = c->isns;
    *c = (struct connection){.started = true,
                             .client = (uint8_t)client,
                             .roles = (uint8_t)how,
                             .last = last,
                             .isns = isns};
    v->opens = true;
    v->begins = 3;
}

/* What is left of the connection before, where it may be left. */
static struct waiting waiting_of(const struct endpoint *peer)
{
    const struct belief *b = &peer->belief;
    const int rst = belief_find(b, peer->knows.passive ? RCV_RST_PASSIVE : RCV_RST);
    const bool was_reset = b->state == CLOSED && (b->base & (SYN_RCVD | SYNCHRONIZED)) && rst >= 0;
    if ((!(b->possible & TIME_WAIT) && !was_reset) || !peer->knows.snd || !peer->knows.acked)
        return (struct waiting){0};
    return (struct waiting){.waits = true,
                            .time_wait = b->base == TIME_WAIT,
                            .rst = was_reset ? b->arrival[rst].frame : 0,
                            .snd_nxt = peer->snd_nxt,
                            .acked = peer->acked,
                            .rcv_nxt = peer->rcv_nxt};
}

static enum clue origin_of(const struct moment *m)
{
    return m->event ? m->event->fate.origin : CLUE_NONE;
}

/* Where the receiver of an opening SYN is before it comes: it is taken that it listens, unless the
 * SYN is refused, or an older connection answers it. */
static void start_receiver(struct moment *m, bool may_wait)
{
    const bool refused =
        origin_of(m) == CLUE_CROSSED || (m->event && m->event->fate.way == CLUE_FUTILE);
    if (may_wait)
        start_new(m->receiver, LISTEN, LISTEN | TIME_WAIT, m->segment);
    else if (origin_of(m) == CLUE_HALF_OPEN)
        start_new(m->receiver, ESTABLISHED, SYNCHRONIZED, m->segment);
    else
        start_new(m->receiver, refused ? CLOSED : LISTEN, refused ? CLOSED : LISTEN, m->segment);
}

/* The sender of the SYN was CLOSED, or has sent this SYN before to a peer that would not take it
 * then. Some systems try on after a refusal. */
static void open_at_syn(struct moment *m)
{
    struct connection *c = m->c;
    const struct segment *s = m->segment;
    const struct endpoint *self = m->sender, *peer = m->receiver;
    const bool known = (self->knows.iss && self->iss == s->seq) ||
                       (self->attempt_frame && self->attempt == s->seq);
    const bool again = known && self->belief.state == SYN_SENT;
    const bool on = known && self->belief.state == CLOSED &&
                    s->time - self->syn.time < patience(PATIENCE_TRIES_ON);
    const state_set before = again ? SYN_SENT : CLOSED;
    const uint32_t since = again ? self->since : 0;
    const int64_t entered = again ? self->entered : s->time;
    const struct retry_run retry = again || on ? self->retry : (struct retry_run){0};
    c->isns = (uint8_t)(again || on || !c->started || peer->knows.acked ? 1
                        : c->isns == UINT8_MAX                          ? UINT8_MAX
                                                                        : c->isns + 1);
    const struct waiting waiting = waiting_of(peer);
    start(c, s->from, ROLES_SYN, m->verdict);
    start_new(m->sender, before, before, s);
    m->sender->since = since;
    m->sender->entered = entered;
    m->sender->retry = retry;
    c->waiting = waiting;
    start_receiver(m, waiting.waits && !waiting.rst);
    moment_view_before(c, m->verdict);
}

/* The first segment is a SYN,ACK: the SYN before it was not captured. */
static void open_at_syn_ack(struct moment *m)
{
    struct connection *c = m->c;
    const struct segment *s = m->segment;
    struct verdict *v = m->verdict;
    /* Who refuses it has never sent that SYN, or has given up. */
    const state_set before = m->event && m->event->fate.way == CLUE_FUTILE ? CLOSED : SYN_SENT;
    struct endpoint *self = &c->end[s->from], *peer = &c->end[!s->from];
    start(c, !s->from, ROLES_SYN_ACK, v);
    start_new(self, SYN_RCVD, SYN_RCVD, s);
    start_new(peer, before, before, s);
    self->knows.passive = true;
    peer->iss = s->ack - 1;
    peer->snd_nxt = s->ack;
    peer->knows.snd = true;
    moment_view_before(c, v);
}

/* A scan goes anywhere: no connection has such a segment, so there is most likely none. */
static bool is_of_no_connection(const struct segment *s)
{
    return !segment_any(s, SEG_ACK | SEG_RST) && !(s->has & (HAS_BAD_CHECKSUM | HAS_BAD_HEADER));
}

static void start_midstream(struct connection *c, const struct segment *s, state_set any)
{
    struct endpoint *peer = &c->end[!s->from];
    const state_set base = is_of_no_connection(s) ? CLOSED : ESTABLISHED;
    start_end(&c->end[s->from], base, any, s);
    if (segment_is(s, SEG_ACK) &&
        !segment_is(s, SEG_RST)) /* nothing tells that it is not a stray */
        start_end(peer, base, any | CLOSED, s);
    else
        start_end(peer, base, any, s);
    c->end[s->from].iss = s->seq - 1; /* if this is the first after the handshake */
    if (segment_is(s, SEG_ACK)) {
        peer->iss = s->ack - 1;
        peer->snd_nxt = s->ack;
        peer->knows.snd = true;
    }
}

static void open_midstream(struct connection *c, const struct segment *s, struct verdict *v)
{
    const bool by_port = s->server_port_hint != 0;
    const unsigned server = by_port ? s->server_port_hint - 1u : !s->from;
    start(c, !server, by_port ? ROLES_PORT : ROLES_FIRST, v);
    start_midstream(
        c, s, segment_any(s, SEG_ACK | SEG_RST) ? SYNCHRONIZED : SYNCHRONIZED | LISTEN | CLOSED);
    moment_view_before(c, v);
}

/* Only what is ignored in every state was seen so far, and now a segment that tells. */
static bool tells_first(const struct connection *c, const struct segment *s)
{
    return !(c->end[0].knows.segment || c->end[1].knows.segment) && segment_is(s, SEG_ACK) &&
           !segment_is(s, SEG_RST) && c->roles < ROLES_SYN_ACK &&
           (c->end[0].belief.proven & c->end[1].belief.proven & ESTABLISHED);
}

static void begin_again(struct moment *m)
{
    struct connection *c = m->c;
    const uint32_t since[2] = {endpoint_open_since(&c->end[0]), endpoint_open_since(&c->end[1])};
    start_midstream(c, m->segment, SYNCHRONIZED | LISTEN | CLOSED);
    for (unsigned i = 0; i < 2; i++)
        endpoint_leaves_unproved(&c->end[i], since[i]);
    m->verdict->begins = 3;
    moment_view_before(c, m->verdict);
}

void incarnation_passive(struct connection *c, const struct segment *s)
{
    start_end(&c->end[0], LISTEN, LISTEN, s);
    start_end(&c->end[1], LISTEN, LISTEN, s);
    c->started = true;
}

void incarnation_listen(struct endpoint *self, const struct segment *s)
{
    start_end(self, LISTEN, LISTEN, s);
}

/* ---- which SYN opens ---- */

/* A SYN that an end in TIME_WAIT may take (section 3.6.1, MAY-2): with timestamps when its clock
 * has moved on (RFC 6191 section 2), otherwise when its number is beyond all of the old connection.
 */
static bool may_leave_time_wait(const struct endpoint *peer, const struct segment *s)
{
    if ((s->has & HAS_TIMESTAMPS) && peer->knows.timestamps && s->tsval != peer->ts_recent)
        return seq_lt(peer->ts_recent, s->tsval);
    return !peer->knows.rcv || seq_lt(peer->rcv_nxt, s->seq);
}

/* Would the receiver take this SYN as the beginning of a new connection? */
static bool opens_anew(const struct endpoint *self, const struct endpoint *peer,
                       const struct segment *s)
{
    if (self->knows.iss && self->iss == s->seq) /* sent again */
        return (peer->belief.state == CLOSED && peer->knows.segment) ||
               (peer->belief.state == TIME_WAIT && (s->has & HAS_TIMESTAMPS) &&
                may_leave_time_wait(peer, s));
    if (peer->belief.state == TIME_WAIT)
        return may_leave_time_wait(peer, s);
    /* Of a peer that was never seen, nothing is known that would speak against it. */
    return (peer->belief.state & (CLOSED | LISTEN)) || peer->belief.base == LISTEN ||
           !peer->knows.segment;
}

/* A SYN,ACK from an end that had done with its connection, or of which that is likely, since a
 * minute has passed: the SYN between was not captured. What acknowledges the old connection is of
 * that. */
static bool opens_unseen(const struct connection *c, const struct endpoint *self,
                         const struct endpoint *peer, const struct segment *s)
{
    const bool of_old =
        peer->knows.snd && seq_lt(peer->iss, s->ack) && seq_le(s->ack, peer->snd_nxt);
    const bool done = (self->belief.state & (CLOSED | TIME_WAIT)) || !peer->knows.segment ||
                      s->time - c->last >= patience(PATIENCE_UNSEEN_SYN);
    return done && !of_old && belief_find(&self->belief, RCV_SYN) < 0 && self->knows.segment &&
           s->seq != self->iss;
}

/* A SYN,ACK to a client whose SYNs nobody has answered, for none of these, long after the last: it
 * tried anew, and that SYN was not captured. One that comes at once may answer an old duplicate
 * (Figure 8). */
static bool answers_unseen_syn(const struct endpoint *self, const struct endpoint *peer,
                               const struct segment *s)
{
    return !self->knows.segment && peer->belief.state == SYN_SENT && peer->bare_syn_frame &&
           !peer->attempt_frame && s->ack != peer->iss + 1 &&
           s->time - peer->syn.time > patience(PATIENCE_UNSEEN_TRY);
}

/* It goes on from there: the SYN,ACK was not captured. */
static bool goes_on_from_attempt(const struct endpoint *self, const struct segment *s)
{
    return self->attempt_frame && segment_is(s, SEG_ACK) && !segment_is(s, SEG_RST) &&
           s->seq == self->attempt + 1 && s->seq != self->snd_nxt;
}

/* Whose SYN in mid-connection was accepted after all, as this segment shows, so that its peer had
 * no connection any more; NULL: nobody's. */
static const struct endpoint *accepted(const struct moment *m)
{
    const struct endpoint *self = m->sender, *peer = m->receiver;
    const struct segment *s = m->segment;
    if (segment_is_syn_ack(s) && peer->attempt_frame && s->ack == peer->attempt + 1)
        return peer;
    return !segment_is(s, SEG_SYN) && goes_on_from_attempt(self, s) ? self : NULL;
}

/* The sender goes on from a SYN,ACK which was for none of its SYNs that were captured: it answered
 * another one. The frame of that SYN,ACK, or 0. */
static uint32_t took_for_unseen_syn(const struct moment *m)
{
    const struct endpoint *self = m->sender, *peer = m->receiver;
    const struct segment *s = m->segment;
    const bool goes_on = segment_is(s, SEG_ACK) && !segment_any(s, SEG_SYN | SEG_RST) &&
                         s->seq == peer->syn.ack && s->ack == peer->syn.seq + 1;
    const bool of_its_syn = seq_lt(self->iss, s->seq) && seq_le(s->seq, self->snd_nxt);
    return peer->syn_acks && self->knows.iss && !self->knows.acked && goes_on && !of_its_syn
               ? peer->syn.frame
               : 0;
}

void incarnation_choose(struct moment *m)
{
    struct connection *c = m->c;
    const struct endpoint *self = m->sender, *peer = m->receiver, *opened = accepted(m);
    const struct segment *s = m->segment;
    if (opened && stories_tell(m, STORY_accepted_syn, opened->attempt_frame))
        return;
    const uint32_t unseen = took_for_unseen_syn(m);
    if (unseen && stories_tell(m, STORY_accepted_syn, unseen))
        return;
    if (segment_is_syn(s)) {
        if (!c->started || origin_of(m) == CLUE_OPENS ||
            (origin_of(m) != CLUE_REFUSED && opens_anew(self, peer, s)))
            open_at_syn(m);
    } else if (segment_is_syn_ack(s)) {
        if (!c->started || origin_of(m) == CLUE_OPENS || opens_unseen(c, self, peer, s) ||
            answers_unseen_syn(self, peer, s))
            open_at_syn_ack(m);
    } else if (!c->started) {
        open_midstream(c, s, m->verdict);
    } else if (tells_first(c, s)) {
        begin_again(m);
    }
}

/* ---- a SYN that does not open ---- */

bool incarnation_is_attempt(const struct endpoint *self, const struct segment *s)
{
    if (!segment_is_syn(s) || (self->belief.proven & LISTEN))
        return false;
    if (self->knows.iss)
        return self->iss != s->seq;
    return (self->belief.proven & SYNCHRONIZED) != 0;
}

bool incarnation_is_other_answer(const struct endpoint *self, const struct endpoint *peer,
                                 const struct segment *s)
{
    return segment_is_syn_ack(s) && self->knows.segment && self->iss != s->seq &&
           peer->knows.acked && seq_lt(self->iss, peer->acked);
}

void incarnation_attempt(struct moment *m)
{
    struct endpoint *self = m->sender;
    const struct segment *s = m->segment;
    const bool again =
        self->attempt_frame && self->attempt == s->seq && self->belief.state == SYN_SENT;
    self->attempt = s->seq;
    self->attempt_frame = s->frame;
    if (again)
        return;
    /* It has lost its memory, or may not have sent it. */
    m->verdict->begins |= (uint8_t)(1u << s->from);
    m->verdict->end[s->from].was = STATE_CLOSED;
    endpoint_leaves_unproved(self, endpoint_open_since(self));
    belief_start(&self->belief, SYN_SENT, SYN_SENT | self->belief.possible);
    self->told = CLOSED;
    evidence_move(m, self, SND_SYN, STEP_EVENT, s->frame);
}
