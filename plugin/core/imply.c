/* See imply.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "imply.h"

#include "seq.h"

/* An ACK from SYN_SENT: the peer's SYN,ACK was there. */
static bool lacks_syn_ack(const struct endpoint *x, const struct endpoint *y)
{
    return x->belief.state == SYN_SENT && y->belief.base == LISTEN && !(y->knows & KNOWS_ISS);
}

/* Text from a server that was not seen to send SYN,ACK, to a client that was not seen to answer. */
static bool lacks_handshake(const struct endpoint *x, const struct endpoint *y,
                            const struct segment *s)
{
    return x->belief.proven == SYN_RCVD && !(x->knows & KNOWS_ISS) && (x->knows & KNOWS_PASSIVE) &&
           y->belief.state == SYN_SENT && segment_len(s);
}

/* Text from a server in SYN_RCVD: the ACK of its SYN was there, unless it is Fast Open. */
static bool lacks_ack_of_syn(const struct endpoint *x, const struct endpoint *y,
                             const struct segment *s)
{
    const bool unseen = !(y->knows & KNOWS_SEGMENT) && seq_lt(x->acked, s->ack);
    return x->belief.proven == SYN_RCVD && !(x->belief.possible & ESTABLISHED) &&
           (s->text || unseen) && !((x->knows | y->knows) & KNOWS_FAST_OPEN);
}

/* SYN,ACK from the end that has sent a SYN: a SYN of its peer, which nobody saw, had come to it. So
 * the peer opens, too, instead of listening (section 3.5, Figure 7). */
static bool lacks_crossed_syn(const struct endpoint *x, const struct endpoint *y,
                              const struct segment *s)
{
    return segment_is_syn_ack(s) && x->belief.proven == SYN_SENT && !y->bare_syn_frame;
}

bool imply_crossed_syn(struct endpoint *x, struct endpoint *y, const struct journal *j)
{
    const struct segment *s = j->segment;
    if (!lacks_crossed_syn(x, y, s))
        return false;
    const struct journal k = {j->verdict, s, !j->end};
    const state_set before = x->belief.state, y_before = y->belief.state;
    belief_resync(&x->belief, SYN_RCVD);
    endpoint_note(x, before, RCV_SYN, STEP_IMPLIED, s->frame, j);
    y->knows &= (uint16_t)~KNOWS_PASSIVE;
    if (y->belief.base != LISTEN)
        return true;
    belief_rebase(&y->belief, SYN_SENT);
    y->iss = s->ack - 1;
    y->snd_nxt = s->ack;
    y->knows |= KNOWS_SND;
    endpoint_note(y, y_before, SND_SYN, STEP_IMPLIED, s->frame, &k);
    return true;
}

bool imply_handshake(struct endpoint *x, struct endpoint *y, const struct journal *j)
{
    const struct segment *s = j->segment;
    const struct journal k = {j->verdict, s, !j->end};
    const state_set before = x->belief.state, y_before = y->belief.state;
    if (segment_any(s, SEG_SYN | SEG_RST) || !segment_is(s, SEG_ACK))
        return false;
    if (lacks_syn_ack(x, y)) {
        belief_resync(&y->belief, SYN_RCVD);
        y->iss = s->ack - 1;
        y->snd_nxt = s->ack;
        y->knows |= KNOWS_SND;
        endpoint_note(y, y_before, RCV_SYN, STEP_IMPLIED, s->frame, &k);
    } else if (lacks_handshake(x, y, s)) {
        belief_resync(&y->belief, ESTABLISHED);
        endpoint_note(y, y_before, RCV_SYN_ACK, STEP_IMPLIED, s->frame, &k);
    } else if (!lacks_ack_of_syn(x, y, s)) {
        return false;
    }
    belief_resync(&x->belief, ESTABLISHED);
    endpoint_note(x, before, x->knows & KNOWS_PASSIVE ? RCV_ACK_OF_SYN : RCV_SYN_ACK, STEP_IMPLIED,
                  s->frame, j);
    return true;
}

/* `x` moves on `signal`, or is where it `may` be. */
static void imply_received(struct endpoint *x, enum signal signal, state_set may,
                           const struct journal *j)
{
    const state_set before = x->belief.state;
    belief_resync(&x->belief, fsm_next(before, signal));
    belief_widen(&x->belief, may);
    endpoint_note(x, before, signal, STEP_IMPLIED, j->segment->frame, j);
}

/* A single octet of text that was taken for a FIN of `y`; `j` is of `x`. */
static void take_back_implied_fin(struct endpoint *x, struct endpoint *y, const struct journal *j)
{
    const struct journal k = {j->verdict, j->segment, !j->end};
    const state_set x_before = x->belief.state, y_before = y->belief.state;
    y->knows &= (uint16_t)~KNOWS_FIN;
    x->knows &= (uint16_t)~KNOWS_PEER_FIN;
    belief_start(&y->belief, ESTABLISHED, SYNCHRONIZED);
    belief_start(&x->belief, x->knows & KNOWS_FIN ? FIN_WAIT_2 : ESTABLISHED, SYNCHRONIZED);
    endpoint_note(x, x_before, RCV_FIN, STEP_REVERTED, j->segment->frame, j);
    endpoint_note(y, y_before, SND_FIN, STEP_REVERTED, j->segment->frame, &k);
}

/* The end that was not captured before sends text beyond the FIN that it was taken to have sent. */
static bool disowns_implied_fin(const struct endpoint *x, const struct segment *s)
{
    return !(x->knows & KNOWS_SEGMENT) && (x->knows & KNOWS_FIN) && s->text &&
           seq_lt(x->fin - 1, s->seq + s->text);
}

void imply_fin(struct endpoint *x, struct endpoint *y, const struct journal *j)
{
    const struct segment *s = j->segment;
    const struct journal k = {j->verdict, s, !j->end};
    const state_set x_before = x->belief.state, y_before = y->belief.state;
    const state_set x_may = x->belief.possible, y_may = y->belief.possible;
    if (disowns_implied_fin(x, s))
        take_back_implied_fin(y, x, &k);
    if ((y->knows & KNOWS_SEGMENT) || !(x->knows & KNOWS_ACKED) || !segment_is(s, SEG_ACK) ||
        segment_any(s, SEG_SYN | SEG_RST))
        return;
    if ((y->knows & KNOWS_FIN) && seq_lt(y->fin, s->ack)) {
        take_back_implied_fin(x, y, j);
        return;
    }
    if ((y->knows & KNOWS_FIN) || s->ack != x->acked + 1 || !(x_before & RECEIVES_TEXT))
        return;
    y->fin = s->ack;
    y->knows |= KNOWS_FIN;
    belief_resync(&y->belief, fsm_next(y_before, SND_FIN));
    belief_widen(&y->belief, y_may);
    endpoint_note(y, y_before, SND_FIN, STEP_IMPLIED, s->frame, &k);
    /* It had closed before: the usual close, in which the FIN comes with the ACK of its own. */
    if (x_before == FIN_WAIT_1)
        imply_received(x, RCV_ACK_OF_FIN, x_may, j);
    imply_received(x, RCV_FIN, x_may, j);
}
