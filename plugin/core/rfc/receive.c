/* SEGMENT ARRIVES (RFC 9293 section 3.10.7): what a received segment moves, and the reply it is
 * owed.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One function per step, in the order of the section. Whether a segment arrives is assumed; what a
 * receiver takes of those that do is in acceptable.c. */
#include "rfc/endpoint.h"

#include "infer/evidence.h"
#include "infer/history.h"
#include "infer/incarnation.h"
#include "moment.h"
#include "rfc/acceptable.h"
#include "rfc/receive.h"
#include "rfc/tcb.h"
#include "seq.h"

/* The segment as it arrives, with everything that the steps ask for. */
struct arriving {
    struct moment *m;
    struct endpoint *self;       /* the receiver */
    const struct endpoint *peer; /* the sender */
    const struct segment *s;
    uint32_t proof;   /* an ACK of the receiver from here on proves that this arrived */
    bool doubted;     /* it may have arrived, or not */
    state_set before; /* headline of the receiver */
};

static bool can_be(const struct arriving *a, state_set set)
{
    return (a->self->belief.possible & set) != 0;
}

/* The receiver has got `signal` by this segment, as an ACK from `proof` on will show. */
static void receive_until(const struct arriving *a, enum signal signal, uint32_t proof)
{
    const struct arrival by = {.frame = a->s->frame,
                               .proof = proof,
                               .tsval = a->s->tsval,
                               .stamped = (a->s->has & HAS_TIMESTAMPS) != 0,
                               .exact = segment_len(a->s) && proof == segment_end(a->s),
                               .doubted = a->doubted};
    const bool lacks = signal == RCV_SYN_ACK && !segment_is(a->s, SEG_SYN);
    if (belief_receives(&a->self->belief, signal, &by))
        evidence_move(a->m, a->self, signal,
                      lacks               ? STEP_IMPLIED
                      : a->s == a->m->row ? STEP_EVENT
                                          : STEP_LATE,
                      a->s->frame);
}

static void receive(const struct arriving *a, enum signal signal)
{
    receive_until(a, signal, a->proof);
}

/* A signal that may have been taken, or not. */
static void receive_doubtfully(const struct arriving *a, enum signal signal)
{
    struct arriving doubted = *a;
    doubted.doubted = true;
    receive(&doubted, signal);
}

/* Take the numbers of the peer's SYN, once: a repeated SYN must not set RCV.NXT back. */
static void take_syn(const struct arriving *a)
{
    struct endpoint *self = a->self;
    if (self->knows.rcv && self->irs == a->s->seq)
        return;
    self->irs = a->s->seq;
    self->rcv_nxt = segment_end(a->s);
    self->held.count = 0;
    self->knows.rcv = true;
    self->knows.peer_fin = self->knows.acked = false;
}

/* TS.Recent follows the segment that the last ACK waited for (RFC 7323 section 4.3). */
static void take_timestamp(const struct arriving *a)
{
    struct endpoint *self = a->self;
    const struct segment *s = a->s;
    const bool first = !self->knows.ts_recent;
    if (!(s->has & HAS_TIMESTAMPS) || (!first && seq_lt(s->tsval, self->ts_recent)))
        return;
    if (!first && self->knows.acked && seq_lt(self->acked, s->seq))
        return;
    self->ts_recent = s->tsval;
    self->ts_time = s->time;
    self->knows.ts_recent = true;
}

static enum reply arrives_in_listen(const struct arriving *a)
{
    if (segment_is(a->s, SEG_RST))
        return OWES_NOTHING;
    if (segment_is(a->s, SEG_ACK))
        return OWES_RST;
    if (!segment_is(a->s, SEG_SYN))
        return OWES_NOTHING;
    if (a->self->belief.base != LISTEN &&
        a->self->belief.state == LISTEN) { /* back in LISTEN after a RST: a new SYN starts afresh */
        belief_start(&a->self->belief, LISTEN, LISTEN);
        evidence_move(a->m, a->self, RCV_SYN, STEP_RESYNC, a->s->frame);
    }
    a->self->knows = (struct knows){
        .rcv = a->self->knows.rcv, .segment = a->self->knows.segment, .passive = true};
    take_syn(a);
    take_timestamp(a);
    if (segment_is(a->s, SEG_FIN)) /* Unlike the RFC: Linux drops it */
        receive_doubtfully(a, RCV_SYN);
    else
        receive(a, RCV_SYN);
    return OWES_SYN_ACK;
}

/* Unlike the RFC: Linux answers a SYN,ACK that echoes a timestamp which it has not sent by a RST.
 * But one of its SYNs may be missing from the capture. */
static bool echoes_unsent(const struct arriving *a)
{
    return a->self->knows.timestamps && (a->s->has & HAS_TIMESTAMPS) && a->s->tsecr &&
           seq_lt(a->self->tsval, a->s->tsecr);
}

static enum reply arrives_in_syn_sent(const struct arriving *a)
{
    const bool has_ack = segment_is(a->s, SEG_ACK);
    if (has_ack && !acceptable_acks_syn(a->self, a->s))
        return segment_is(a->s, SEG_RST) ? OWES_NOTHING : OWES_RST;
    if (segment_is(a->s, SEG_RST)) {
        if (has_ack)
            receive(a, RCV_RST);
        return OWES_NOTHING;
    }
    if (!segment_is(a->s, SEG_SYN))
        return OWES_NOTHING;
    take_syn(a);
    if (has_ack && echoes_unsent(a)) {
        receive_doubtfully(a, RCV_SYN_ACK);
        return OWES_RST;
    }
    receive(a, has_ack ? RCV_SYN_ACK : RCV_SYN);
    if (has_ack && segment_is(a->s, SEG_FIN)) { /* Unlike the RFC: Linux leaves it out */
        struct arriving fin = *a;
        fin.proof = a->self->peer_fin = segment_end(a->s);
        a->self->rcv_nxt = a->self->peer_fin - 1;
        receive_doubtfully(&fin, RCV_FIN);
    }
    take_timestamp(a);
    return has_ack ? OWES_ACK_OF_SYN : OWES_SYN_ACK;
}

/* Unlike the RFC: Linux takes a RST one below RCV.NXT once a FIN has come, since the reply to what
 * was sent before that FIN was acknowledged carries this number. */
static bool may_be_reply_from_below(const struct arriving *a)
{
    return can_be(a, CLOSE_WAIT | LAST_ACK | CLOSING) && a->self->knows.peer_fin &&
           a->s->seq == a->self->peer_fin - 1;
}

/* Linux also takes a RST just behind the last text that has come out of order. */
static bool is_at_end_of_held(const struct arriving *a)
{
    const struct ranges *held = &a->self->held;
    return held->count && a->s->seq == held->held[held->count - 1].end;
}

/* Linux keeps FIN-WAIT-2 of a closed program in a timewait socket, which any RST in the window
 * ends, and one at its edge, too. Whether the program has closed no capture shows. */
static bool may_end_fin_wait_2(const struct arriving *a, enum rst_fit fit)
{
    return can_be(a, FIN_WAIT_2) &&
           (fit == RST_IN_WINDOW || (fit == RST_OUTSIDE && a->s->seq == a->self->edge));
}

/* Second step: RST. */
static enum reply check_rst(const struct arriving *a)
{
    const enum signal signal = a->self->knows.passive ? RCV_RST_PASSIVE : RCV_RST;
    const enum rst_fit fit = acceptable_fits_rst(a->self, a->peer, a->s);
    if (fit == RST_IN_WINDOW && a->m->rules->rfc5961) {
        if (is_at_end_of_held(a))
            receive(a, signal);
        else if (may_end_fin_wait_2(a, fit))
            receive_doubtfully(a, signal);
        return OWES_CHALLENGE_ACK;
    }
    if (fit == RST_EXACT || fit == RST_IN_WINDOW ||
        (fit == RST_OUTSIDE && may_be_reply_from_below(a))) {
        receive(a, signal);
    } else if (fit == RST_BETWEEN || may_end_fin_wait_2(a, fit)) {
        receive_doubtfully(a, signal);
    }
    return OWES_NOTHING;
}

/* A SYN,ACK to an end that was seen to send one, and no SYN: that may be missing from the capture,
 * or this answers the SYN,ACK, as no RFC has it. */
static bool may_answer_syn_ack(const struct arriving *a)
{
    const struct endpoint *self = a->self;
    return history_find(a->m->history, self->syn.frame) && self->syn_acks &&
           !self->bare_syn_frame && self->syn.frame < a->s->frame;
}

/* Fourth step: SYN. A synchronized receiver only challenges it (RFC 5961 section 4). The SYN,ACK
 * that completes a simultaneous open is the one that moves. Unlike the RFC: a passive opener in
 * SYN_RCVD answers the same SYN again, as systems do. One with another number, in the window, makes
 * it listen again, in Linux, too, which resets the sender. */
static enum reply check_syn(const struct arriving *a)
{
    if (can_be(a, SYN_RCVD) && !a->self->knows.passive && segment_is(a->s, SEG_ACK) &&
        !segment_is(a->s, SEG_FIN) && acceptable_acks_syn(a->self, a->s) &&
        !incarnation_is_other_answer(a->peer, a->self, a->s)) {
        if (may_answer_syn_ack(a))
            receive_doubtfully(a, RCV_SYN_ACK);
        else
            receive(a, RCV_SYN_ACK);
        return OWES_ACK_OF_SYN;
    }
    if (a->self->belief.state == SYN_RCVD && a->self->knows.passive && segment_is_syn(a->s) &&
        a->peer->iss == a->s->seq)
        return OWES_SYN_ACK;
    const bool obeys =
        a->self->belief.state == SYN_RCVD ? a->self->knows.passive : !a->m->rules->rfc5961;
    if (obeys && segment_is_syn(a->s) && a->self->irs != a->s->seq &&
        tcb_knows_window(a->self, a->peer) && acceptable_by_window(a->self, a->peer, a->s)) {
        receive(a, RCV_BAD_SYN);
        return OWES_RST_ACK;
    }
    return a->self->irs == a->s->seq ? OWES_ACK : OWES_CHALLENGE_ACK;
}

/* Fifth step: ACK. False: not acceptable, go no further. */
static bool check_ack(const struct arriving *a, enum reply *owes)
{
    struct endpoint *self = a->self;
    const uint32_t ack = a->s->ack;
    if (!segment_is(a->s, SEG_ACK))
        return false;
    const bool sent_all = self->knows.fin || self->belief.proven == SYN_RCVD;
    const struct event *e = history_find(a->m->history, a->s->frame);
    const bool wrong = e && e->fate.origin == CLUE_WRONG_ACK;
    if (tcb_acks_beyond(self, a->s) && (sent_all || wrong)) { /* no capture loss explains it */
        *owes = self->belief.state == SYN_RCVD ? OWES_RST : OWES_ACK;
        return false;
    }
    if (self->belief.state == SYN_RCVD && tcb_acks_nothing(self, a->s)) {
        if (!self->knows.passive && ack == self->iss)
            receive_doubtfully(a, RCV_ACK_OF_SYN); /* Unlike the RFC: Linux takes it, after a SYN */
        *owes = OWES_RST;
        return false;
    }
    if (can_be(a, SYN_RCVD) && seq_lt(self->iss, ack))
        receive(a, RCV_ACK_OF_SYN);
    if (self->knows.fin && seq_le(self->fin, ack))
        receive(a, RCV_ACK_OF_FIN);
    return true;
}

/* Is a FIN delivered whose octets are all there, and whose receipt is neither assumed nor proved?
 */
static bool misses_fin(const struct endpoint *self)
{
    return self->knows.peer_fin && seq_le(self->peer_fin, self->rcv_nxt) &&
           !belief_has(&self->belief, RCV_FIN);
}

/* Text that does not fit takes the FIN behind it along (Table 6), whether all is dropped or
 * trimmed. Unlike the RFC: a FIN at the edge itself counts, with a closed window, too, as
 * recent Linux takes it. */
static bool is_fin_beyond_window(const struct arriving *a)
{
    const uint32_t edge = seq_max(a->self->edge, a->self->rcv_nxt);
    return segment_is(a->s, SEG_FIN) && tcb_knows_window(a->self, a->peer) &&
           seq_lt(edge, segment_end(a->s) - 1);
}

/* What a FIN calls for in the state that its ACK has led to. One in order is acknowledged, and one
 * beyond a hole asks for what is missing, where text is still taken. `another`: it lies beyond the
 * FIN that has come, so RCV.NXT stays. Unlike the RFC: who was in TIME_WAIT answers it wherever it
 * lies, as Linux does. */
static enum reply reply_to_fin(const struct arriving *a, state_set state, bool another)
{
    const bool waited = a->before == TIME_WAIT;
    const bool in_order = seq_le(segment_end(a->s), a->self->rcv_nxt);
    const bool dropped = another && (state == CLOSING || a->m->alien); /* RFC 7323 section 3.2 */
    if (!segment_is(a->s, SEG_FIN) || state == CLOSED || (dropped && !waited))
        return OWES_NOTHING;
    if (in_order && !another)
        return OWES_ACK_OF_FIN;
    return in_order || waited || (state & (SYN_RCVD | RECEIVES_TEXT)) ? OWES_ACK : OWES_NOTHING;
}

/* Seventh and eighth step: text, then FIN, which counts only when every octet before it has come.
 */
static enum reply check_text_and_fin(const struct arriving *a)
{
    struct endpoint *self = a->self;
    const struct segment *s = a->s;
    const uint32_t before = self->rcv_nxt;
    const state_set state = self->belief.state;
    const bool another = self->knows.peer_fin && seq_lt(self->peer_fin, segment_end(s));
    if (is_fin_beyond_window(a)) {
        if (!a->self->belief.count || /* the window may be open again */
            a->self->belief.arrival[a->self->belief.count - 1].frame != s->frame)
            receive_doubtfully(a, RCV_FIN);
        return OWES_ACK;
    }
    if (segment_len(s))
        self->rcv_nxt = ranges_add(&self->held, self->rcv_nxt, s->seq, segment_end(s));
    /* A FIN that is in order is the one, whatever another said from beyond a hole. */
    const bool in_order =
        seq_le(segment_end(s), self->rcv_nxt) && seq_lt(self->rcv_nxt, self->peer_fin);
    if (segment_is(s, SEG_FIN) && (!self->knows.peer_fin || in_order)) {
        self->peer_fin = segment_end(s);
        self->knows.peer_fin = true;
    }
    if (segment_is(s, SEG_FIN) && self->belief.state == TIME_WAIT)
        self->entered = s->time; /* restarts the 2 MSL */
    if (misses_fin(self) && (segment_is(s, SEG_FIN) || seq_lt(before, self->peer_fin)))
        receive_until(a, RCV_FIN, self->peer_fin);
    if (segment_is(s, SEG_FIN) && self->knows.fin && seq_le(self->fin, s->ack))
        belief_carries(&self->belief, RCV_ACK_OF_FIN, s->frame);
    return reply_to_fin(a, state, another);
}

/* A FIN in order counts for Linux whatever it acknowledges in the timewait socket of FIN-WAIT-2,
 * and where it opened itself in SYN_RCVD. The ACK of that FIN shows whether it was taken. */
static void take_fin_whatever_its_ack(const struct arriving *a)
{
    const struct segment *s = a->s;
    const bool request = a->self->knows.passive;
    const bool may = can_be(a, FIN_WAIT_2) ||
                     (a->self->belief.state == SYN_RCVD && !request && s->ack == a->self->iss);
    if (may && segment_is(s, SEG_FIN | SEG_ACK) && s->seq == a->self->rcv_nxt && !s->text)
        receive_doubtfully(a, RCV_FIN);
}

/* Unlike the RFC: Linux compares the end of a segment with its last ACK, and so reads the ACK of an
 * old duplicate that ends just there. Its octets count for neither. A passive opener in SYN_RCVD
 * has no socket yet, and does as the RFC says. */
static bool ends_at_last_ack(const struct arriving *a)
{
    const bool request = a->self->belief.state == SYN_RCVD && a->self->knows.passive;
    return !request && a->self->knows.acked && segment_len(a->s) &&
           segment_end(a->s) == a->self->acked;
}

/* Unlike the RFC: who has no socket yet, as a passive opener on Linux, resets for an ACK that is
 * not of its SYN before it looks at SEG.SEQ. */
static bool refuses_request(const struct arriving *a)
{
    return a->self->belief.state == SYN_RCVD && a->self->knows.passive &&
           segment_is(a->s, SEG_ACK) &&
           (tcb_acks_nothing(a->self, a->s) || tcb_acks_beyond(a->self, a->s));
}

static enum reply arrives_in_other_states(const struct arriving *a)
{
    enum reply owes = OWES_NOTHING;
    if (!a->self->knows.rcv) {
        a->self->rcv_nxt = a->s->seq;
        a->self->knows.rcv = true;
    }
    if (segment_is(a->s, SEG_RST))
        return check_rst(a);
    if (refuses_request(a))
        return OWES_RST;
    if (segment_is(a->s, SEG_SYN))
        return check_syn(a);
    const bool fits = acceptable_by_window(a->self, a->peer, a->s);
    if ((!fits && !ends_at_last_ack(a)) || acceptable_paws_rejects(a->self, a->peer, a->s))
        return OWES_ACK;
    if (!fits) {
        struct arriving old = *a;
        old.proof = a->peer->snd_nxt + 1; /* by no number */
        check_ack(&old, &owes);
        return OWES_ACK; /* by the first step */
    }
    take_timestamp(a);
    if (acceptable_ack_is_too_old(a->peer, a->s) && a->m->rules->rfc5961)
        owes = OWES_CHALLENGE_ACK;
    else if (check_ack(a, &owes))
        owes = check_text_and_fin(a);
    else
        take_fin_whatever_its_ack(a);
    return owes;
}

/* An old duplicate proves nothing by its octets; later octets of the sender do. A SYN is proved by
 * its own octet, whatever becomes of data on it. */
static uint32_t proof_of(const struct endpoint *peer, const struct segment *s)
{
    if (segment_is(s, SEG_SYN))
        return s->seq + 1;
    if (segment_is(s, SEG_FIN) || (segment_len(s) && segment_end(s) == peer->snd_nxt))
        return segment_end(s);
    return peer->snd_nxt + 1;
}

/* To an end that has no connection for it, or ignores it. Of text after CLOSE the ACK was read
 * before (section 3.6.1). */
static enum reply arrives_in_vain(const struct arriving *a)
{
    enum reply unused = OWES_NOTHING;
    if (a->s->text && a->self->knows.rcv)
        endpoint_counts_text(a->self, a->s); /* what is not there is not missing */
    if (a->s->text && can_be(a, SYN_RCVD | SYNCHRONIZED))
        check_ack(a, &unused);
    if (segment_is_syn(a->s) && (a->self->belief.state & (SYN_RCVD | SYNCHRONIZED)))
        return OWES_CHALLENGE_ACK;
    if (segment_is(a->s, SEG_RST))
        return acceptable_fits_rst(a->self, a->peer, a->s) == RST_IN_WINDOW ? OWES_CHALLENGE_ACK
                                                                            : OWES_NOTHING;
    return segment_is(a->s, SEG_ACK) ? OWES_RST : OWES_RST_ACK;
}

/* The capture lacks the SYN,ACK, or the receiver drops this (section 3.10.7.3). Where only its SYN
 * is acknowledged, two frames would be missing, SYN,ACK and the ACK of it, since who has not got
 * that sends no text: then the simpler story is that there was none. */
static void miss_syn_ack(const struct arriving *a)
{
    const struct event *e = history_find(a->m->history, a->s->frame);
    const bool two_frames =
        !(a->self->knows.fast_open || a->peer->knows.fast_open) && !tcb_acks_beyond(a->self, a->s);
    struct arriving answered = *a;
    answered.doubted |= two_frames && e && e->fate.origin != CLUE_ITS_OWN;
    receive_until(&answered, RCV_SYN_ACK, a->s->seq);
    if (answered.doubted && segment_is(a->s, SEG_FIN))
        belief_carries(&a->self->belief, RCV_FIN, a->s->frame);
}

enum reply endpoint_received(struct moment *m, enum arrival_mode mode)
{
    const struct segment *s = m->segment;
    const struct endpoint *self = m->receiver, *peer = m->sender;
    const struct arriving a = {
        m, m->receiver, peer, s, proof_of(peer, s), mode == MAY_ARRIVE, self->belief.state};
    const bool syn = segment_is(s, SEG_SYN);
    if (m->missing && !syn && self->belief.state == SYN_SENT && acceptable_acks_syn(self, s))
        miss_syn_ack(&a);
    const state_set headline = self->belief.state;
    if (mode == ARRIVES_FUTILE)
        return arrives_in_vain(&a);
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

void endpoint_received_quietly(struct endpoint *self, const struct segment *s)
{
    take_timestamp(&(struct arriving){.self = self, .s = s});
    endpoint_counts_text(self, s);
}

void endpoint_counts_text(struct endpoint *self, const struct segment *s)
{
    if (segment_len(s) && !segment_is(s, SEG_SYN))
        self->rcv_nxt = ranges_add(&self->held, self->rcv_nxt, s->seq, segment_end(s));
}
