/* SEGMENT ARRIVES (RFC 9293 section 3.10.7): what a received segment moves, and the reply it is
 * owed.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One function per step, in the order of the section. Whether a segment arrives is assumed; what a
 * receiver takes of those that do is in accept.c. */
#include "endpoint.h"

#include "accept.h"
#include "seq.h"

/* The segment as it arrives, with everything that the steps ask for. */
struct arriving {
    struct endpoint *x;       /* the receiver */
    const struct endpoint *y; /* the sender */
    const struct segment *s;
    const struct rules *rules;
    const struct journal *j;
    uint32_t proof; /* an ACK of the receiver from here on proves that this arrived */
};

static bool can_be(const struct arriving *a, state_set set)
{
    return (a->x->belief.possible & set) != 0;
}

/* The segment, as the arrival of its signals. */
static struct arrival carrier(const struct segment *s, uint32_t proof)
{
    return (struct arrival){.frame = s->frame,
                            .proof = proof,
                            .ack = s->ack,
                            .tsval = s->tsval,
                            .stamped = (s->has & HAS_TIMESTAMPS) != 0};
}

/* A SYN, SYN,ACK or FIN that comes again has not been answered: it was lost, or the answer was. The
 * last copy is the one that counts. Where the answer would have come at once not even that: a peer
 * that is silent after the second SYN, the third SYN,ACK or FIN, may not have seen any of them. */
static void receive_again(const struct arriving *a, unsigned i, enum signal signal, uint32_t proof)
{
    enum { UNANSWERED_SYN = 2, UNANSWERED = 3 };
    struct endpoint *x = a->x;
    const struct arrival old = x->belief.arrival[i];
    const bool given_up = signal == RCV_SYN   ? a->y->syns >= UNANSWERED_SYN
                          : signal == RCV_FIN ? a->y->fins >= UNANSWERED
                                              : a->y->syn_acks >= UNANSWERED;
    state_set before = x->belief.state;
    belief_take_out(&x->belief, i, signal);
    if (!old.doubted) {
        a->j->verdict->evidence = old.frame;
        a->j->verdict->refutes = true;
    }
    endpoint_note(x, before, signal, STEP_REVERTED, old.frame, a->j);
    before = x->belief.state;
    const struct arrival by = carrier(a->s, proof);
    const bool taken = belief_receives(&x->belief, signal, &by); /* false: there is no room */
    if (taken && given_up)
        belief_doubt(&x->belief, (unsigned)belief_find(&x->belief, signal), a->s->frame);
    endpoint_note(x, before, signal, STEP_EVENT, a->s->frame, a->j);
}

/* Assume that the receiver has got `signal` by this segment, as an ACK from `proof` on will show.
 */
static void receive_until(const struct arriving *a, enum signal signal, uint32_t proof)
{
    const state_set before = a->x->belief.state;
    const struct arrival by = carrier(a->s, proof);
    const int known = belief_find(&a->x->belief, signal);
    const bool numbered = signal == RCV_SYN || signal == RCV_SYN_ACK || signal == RCV_FIN;
    const uint32_t frame = known < 0 ? a->s->frame : a->x->belief.arrival[known].frame;
    if (segment_is(a->s, SEG_FIN))
        a->x->knows &= (uint16_t)~KNOWS_LOSS;
    if (known >= 0 && numbered && frame < a->s->frame && segment_any(a->s, SEG_SYN | SEG_FIN))
        receive_again(a, (unsigned)known, signal, proof);
    else if (belief_receives(&a->x->belief, signal, &by))
        endpoint_note(a->x, before, signal, STEP_EVENT, frame, a->j);
}

static void receive(const struct arriving *a, enum signal signal)
{
    receive_until(a, signal, a->proof);
}

/* Take the numbers of the peer's SYN, once: a repeated SYN must not set RCV.NXT back. */
static void take_syn(const struct arriving *a)
{
    struct endpoint *x = a->x;
    if ((x->knows & KNOWS_RCV) && x->irs == a->s->seq)
        return;
    x->irs = a->s->seq;
    x->rcv_nxt = segment_end(a->s);
    x->held.count = 0;
    x->knows = (uint16_t)((x->knows | KNOWS_RCV) & ~(KNOWS_PEER_FIN | KNOWS_ACKED));
}

/* TS.Recent follows the segment that the last ACK waited for (RFC 7323 section 4.3). */
static void take_timestamp(const struct arriving *a)
{
    struct endpoint *x = a->x;
    const struct segment *s = a->s;
    const bool first = !(x->knows & KNOWS_TS_RECENT);
    if (!(s->has & HAS_TIMESTAMPS) || (!first && seq_lt(s->tsval, x->ts_recent)))
        return;
    if (!first && (x->knows & KNOWS_ACKED) && seq_lt(x->acked, s->seq))
        return;
    x->ts_recent = s->tsval;
    x->ts_time = s->time;
    x->knows |= KNOWS_TS_RECENT;
}

static enum reply arrives_in_listen(const struct arriving *a)
{
    if (segment_is(a->s, SEG_RST))
        return OWES_NOTHING;
    if (segment_is(a->s, SEG_ACK))
        return OWES_RST;
    if (!segment_is(a->s, SEG_SYN))
        return OWES_NOTHING;
    if (a->x->belief.base != LISTEN) { /* back in LISTEN after a RST: a new SYN starts afresh */
        const state_set before = a->x->belief.state;
        belief_start(&a->x->belief, LISTEN, LISTEN);
        endpoint_note(a->x, before, RCV_SYN, STEP_RESYNC, a->s->frame, a->j);
    }
    a->x->knows = (a->x->knows & (KNOWS_RCV | KNOWS_SEGMENT)) | KNOWS_PASSIVE;
    take_syn(a);
    take_timestamp(a);
    receive(a, RCV_SYN);
    return OWES_SYN_ACK;
}

/* SYN,ACK from an active opener: its SYN, which crossed the receiver's, has come before it. */
static void check_crossed_syn(const struct arriving *a)
{
    struct segment s = *a->s;
    struct arriving syn = *a;
    if (!a->y->bare_syn_frame)
        return;
    s.frame = a->y->bare_syn_frame;
    syn.s = &s;
    receive(&syn, RCV_SYN);
}

static enum reply arrives_in_syn_sent(const struct arriving *a)
{
    const bool has_ack = segment_is(a->s, SEG_ACK);
    if (has_ack && !accept_acks_syn(a->x, a->s))
        return segment_is(a->s, SEG_RST) ? OWES_NOTHING : OWES_RST;
    if (segment_is(a->s, SEG_RST)) {
        if (has_ack)
            receive(a, RCV_RST);
        return OWES_NOTHING;
    }
    if (!segment_is(a->s, SEG_SYN))
        return OWES_NOTHING;
    take_syn(a);
    if (has_ack && !(a->y->knows & KNOWS_PASSIVE))
        check_crossed_syn(a);
    receive(a, has_ack ? RCV_SYN_ACK : RCV_SYN);
    take_timestamp(a);
    return has_ack ? OWES_ACK_OF_SYN : OWES_SYN_ACK;
}

/* Unlike the RFC: Linux takes a RST one below RCV.NXT once a FIN has come, since the reply to what
 * was sent before that FIN was acknowledged carries this number. */
static bool may_be_reply_from_below(const struct arriving *a)
{
    return can_be(a, CLOSE_WAIT | LAST_ACK | CLOSING) && (a->x->knows & KNOWS_PEER_FIN) &&
           a->s->seq == a->x->peer_fin - 1;
}

/* A RST that may have been taken, or not. */
static void receive_doubtfully(const struct arriving *a, enum signal signal)
{
    struct belief *b = &a->x->belief;
    const struct arrival by = carrier(a->s, a->proof);
    if (belief_receives(b, signal, &by))
        belief_doubt(b, (unsigned)belief_find(b, signal), a->s->frame);
}

/* The same for a signal of a segment that carries another one, which is not in doubt: that one
 * counts. */
static void receive_doubtfully_if_alone(const struct arriving *a, enum signal signal)
{
    const struct belief *b = &a->x->belief;
    if (!b->count || b->arrival[b->count - 1].frame != a->s->frame)
        receive_doubtfully(a, signal);
}

/* A FIN that was on its way when its receiver spoke last has come before the RST behind it. */
static void bring_doubted_fin(const struct arriving *a)
{
    struct belief *b = &a->x->belief;
    const int fin = belief_find(b, RCV_FIN);
    const state_set before = b->state;
    if (fin < 0 || !b->arrival[fin].doubted || (a->x->knows & KNOWS_LOSS) ||
        !seq_le(a->x->peer_fin - 1, a->s->seq))
        return;
    belief_doubt(b, (unsigned)fin, 0);
    endpoint_note(a->x, before, RCV_FIN, STEP_EVENT, b->arrival[fin].frame, a->j);
}

/* Linux also takes a RST just behind the last text that has come out of order. */
static bool is_at_end_of_held(const struct arriving *a)
{
    const struct ranges *held = &a->x->held;
    return held->count && a->s->seq == held->held[held->count - 1].end;
}

/* Second step: RST. */
static enum reply check_rst(const struct arriving *a)
{
    const enum signal signal = a->x->knows & KNOWS_PASSIVE ? RCV_RST_PASSIVE : RCV_RST;
    const enum rst_fit fit = accept_fits_rst(a->x, a->y, a->s);
    if (fit == RST_IN_WINDOW && a->rules->rfc5961) {
        if (is_at_end_of_held(a))
            receive(a, signal);
        return OWES_CHALLENGE_ACK;
    }
    if (fit == RST_EXACT || fit == RST_IN_WINDOW ||
        (fit == RST_OUTSIDE && may_be_reply_from_below(a))) {
        bring_doubted_fin(a);
        receive(a, signal);
    } else if (fit == RST_BETWEEN) {
        receive_doubtfully(a, signal);
    }
    return OWES_NOTHING;
}

/* Fourth step: SYN. A synchronized receiver only challenges it (RFC 5961 section 4). Unlike the
 * RFC: a passive opener in SYN_RCVD does not go back to LISTEN, but answers the SYN again, and
 * challenges one with another number, as systems do. A SYN,ACK that completes a simultaneous open
 * is the one that moves. */
static enum reply check_syn(const struct arriving *a)
{
    if (can_be(a, SYN_RCVD) && !(a->x->knows & KNOWS_PASSIVE) && segment_is(a->s, SEG_ACK) &&
        accept_acks_syn(a->x, a->s)) {
        receive(a, RCV_SYN_ACK);
        return OWES_ACK_OF_SYN;
    }
    if (a->x->belief.state == SYN_RCVD && a->y->iss == a->s->seq)
        return OWES_SYN_ACK;
    return a->x->irs == a->s->seq ? OWES_ACK : OWES_CHALLENGE_ACK;
}

/* Fifth step: ACK. False: not acceptable, go no further. */
static bool check_ack(const struct arriving *a, enum reply *owes)
{
    struct endpoint *x = a->x;
    const uint32_t ack = a->s->ack;
    if (!segment_is(a->s, SEG_ACK))
        return false;
    const bool sent_all = (x->knows & KNOWS_FIN) || x->belief.proven == SYN_RCVD;
    if (endpoint_acks_beyond(x, a->s) && sent_all) { /* no capture loss explains it */
        *owes = x->belief.state == SYN_RCVD ? OWES_RST : OWES_ACK;
        return false;
    }
    if (can_be(a, SYN_RCVD) && seq_lt(x->iss, ack))
        receive(a, RCV_ACK_OF_SYN);
    if ((x->knows & KNOWS_FIN) && seq_le(x->fin, ack))
        receive(a, RCV_ACK_OF_FIN);
    return true;
}

/* Is a FIN delivered whose receipt is neither assumed nor proved, because evidence spoke against?
 */
static bool misses_fin(const struct endpoint *x)
{
    return (x->knows & KNOWS_PEER_FIN) && seq_le(x->peer_fin, x->rcv_nxt) &&
           !belief_has(&x->belief, RCV_FIN);
}

/* A FIN that had not arrived is assumed again when this segment may bring it: the FIN itself, or
 * text that fills the hole at the receiver's edge. */
static bool brings_fin(const struct arriving *a)
{
    const struct segment *s = a->s;
    return segment_is(s, SEG_FIN) ||
           (s->text && seq_le(s->seq, a->x->acked) && seq_lt(a->x->acked, segment_end(s)));
}

/* It is also assumed to have come, first, when a segment from beyond it acknowledges the receiver's
 * own FIN: the two crossed, and the receiver has nothing more to say by which to tell. */
static void check_crossed_fin(const struct arriving *a)
{
    struct arriving fin = *a;
    struct segment s = *a->s;
    if (!misses_fin(a->x) || s.seq != a->x->peer_fin || !(a->x->knows & KNOWS_FIN) ||
        !seq_le(a->x->fin, s.ack) || (a->x->knows & KNOWS_LOSS))
        return;
    s.frame = a->y->fin_frame;
    fin.s = &s;
    receive_until(&fin, RCV_FIN, a->x->peer_fin);
}

/* Text that does not fit takes the FIN behind it along (Table 6), whether all is dropped or
 * trimmed. Unlike the RFC: a FIN at the edge itself counts, with a closed window, too, as
 * recent Linux takes it. */
static bool is_fin_beyond_window(const struct arriving *a)
{
    const uint32_t edge = seq_max(a->x->edge, a->x->rcv_nxt);
    return segment_is(a->s, SEG_FIN) && endpoint_knows_window(a->x, a->y) &&
           seq_lt(edge, segment_end(a->s) - 1);
}

/* Seventh and eighth step: text, then FIN, which counts only when every octet before it has come.
 */
static enum reply check_text_and_fin(const struct arriving *a)
{
    struct endpoint *x = a->x;
    const struct segment *s = a->s;
    const uint32_t before = x->rcv_nxt;
    if (is_fin_beyond_window(a)) {
        receive_doubtfully_if_alone(a, RCV_FIN); /* the window may be open again */
        return OWES_ACK;
    }
    if (segment_len(s))
        x->rcv_nxt = ranges_add(&x->held, x->rcv_nxt, s->seq, segment_end(s));
    /* A FIN that is in order is the one, whatever another said from beyond a hole. */
    const bool in_order = seq_le(segment_end(s), x->rcv_nxt) && seq_lt(x->rcv_nxt, x->peer_fin);
    if (segment_is(s, SEG_FIN) && (!(x->knows & KNOWS_PEER_FIN) || in_order)) {
        x->peer_fin = segment_end(s);
        x->knows |= KNOWS_PEER_FIN;
    }
    if (segment_is(s, SEG_FIN) && x->belief.state == TIME_WAIT)
        x->entered = s->time; /* restarts the 2 MSL */
    const bool again = segment_is(s, SEG_FIN) && belief_find(&x->belief, RCV_FIN) >= 0;
    if (again || (misses_fin(x) && (seq_lt(before, x->peer_fin) || brings_fin(a))))
        receive_until(a, RCV_FIN, x->peer_fin);
    if (segment_is(s, SEG_FIN) && (x->knows & KNOWS_FIN) && seq_le(x->fin, s->ack))
        belief_carries(&x->belief, RCV_ACK_OF_FIN, s->frame);
    return segment_is(s, SEG_FIN) ? OWES_ACK_OF_FIN : OWES_NOTHING;
}

static enum reply arrives_in_other_states(const struct arriving *a)
{
    enum reply owes = OWES_NOTHING;
    if (!(a->x->knows & KNOWS_RCV)) {
        a->x->rcv_nxt = a->s->seq;
        a->x->knows |= KNOWS_RCV;
    }
    if (segment_is(a->s, SEG_RST))
        return check_rst(a);
    if (segment_is(a->s, SEG_SYN))
        return check_syn(a);
    if (!accept_by_window(a->x, a->y, a->s) || accept_paws_rejects(a->x, a->y, a->s))
        return OWES_ACK;
    take_timestamp(a);
    if (accept_ack_is_too_old(a->y, a->s) && a->rules->rfc5961)
        owes = OWES_CHALLENGE_ACK;
    else if (check_crossed_fin(a), check_ack(a, &owes))
        owes = check_text_and_fin(a);
    return owes;
}

/* An old duplicate proves nothing by its octets; later octets of the sender do. A SYN is proved by
 * its own octet, whatever becomes of data on it. */
static uint32_t proof_of(const struct endpoint *y, const struct segment *s)
{
    if (segment_is(s, SEG_SYN))
        return s->seq + 1;
    if (segment_is(s, SEG_FIN) || (segment_len(s) && segment_end(s) == y->snd_nxt))
        return segment_end(s);
    return y->snd_nxt + 1;
}

enum reply endpoint_received(struct endpoint *x, const struct endpoint *y,
                             const struct rules *rules, const struct journal *j)
{
    const struct segment *s = j->segment;
    const struct arriving a = {x, y, s, rules, j, proof_of(y, s)};
    const state_set headline = x->belief.state;
    const bool syn = segment_is(s, SEG_SYN);
    if (headline == LISTEN || (syn && can_be(&a, LISTEN)))
        return arrives_in_listen(&a);
    if (headline == SYN_SENT || (syn && can_be(&a, SYN_SENT)))
        return arrives_in_syn_sent(&a);
    /* What may have come when it is not CLOSED, as it is assumed to be, counts too. */
    const enum reply owes =
        can_be(&a, SYN_RCVD | SYNCHRONIZED) ? arrives_in_other_states(&a) : OWES_NOTHING;
    if (headline != CLOSED)
        return owes;
    if (segment_is(s, SEG_RST)) /* section 3.10.7.1 */
        return OWES_NOTHING;
    return segment_is(s, SEG_ACK) ? OWES_RST : OWES_RST_ACK;
}

void endpoint_received_quietly(struct endpoint *x, const struct segment *s)
{
    take_timestamp(&(struct arriving){.x = x, .s = s});
    if (s->text)
        x->rcv_nxt = ranges_add(&x->held, x->rcv_nxt, s->seq, segment_end(s));
}
