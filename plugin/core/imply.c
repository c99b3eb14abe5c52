/* See imply.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "imply.h"

#include "history.h"
#include "incarnation.h"
#include "seq.h"
#include "stories.h"

/* An ACK from SYN_SENT: the peer's SYN,ACK was there. */
static bool lacks_syn_ack(const struct endpoint *x, const struct endpoint *y)
{
    return x->belief.state == SYN_SENT && (y->belief.base & (LISTEN | SYN_RCVD)) &&
           !(y->knows & KNOWS_ISS);
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
 * the peer opens, too, instead of listening (section 3.5, Figure 7). It then acknowledges that SYN.
 */
static bool lacks_crossed_syn(const struct endpoint *x, const struct endpoint *y,
                              const struct segment *s)
{
    const bool of_syn = !(y->knows & KNOWS_ISS) || s->ack == y->iss + 1;
    return segment_is_syn_ack(s) && of_syn && !segment_is(s, SEG_FIN) &&
           x->belief.proven == SYN_SENT && !y->bare_syn_frame &&
           !incarnation_is_other_answer(x, y, s);
}

bool imply_crossed_syn(struct moment *m)
{
    struct endpoint *x = m->sender, *y = m->receiver;
    const struct segment *s = m->segment;
    const state_set before = x->belief.state, y_before = y->belief.state;
    if (!lacks_crossed_syn(x, y, s))
        return false;
    const int rst = belief_find(&x->belief, RCV_RST); /* came after that SYN, or not at all */
    if (rst >= 0 && stories_tell(m, STORY_contradicted, x->belief.arrival[rst].frame))
        return false;
    belief_resync(&x->belief, SYN_RCVD);
    endpoint_note(m, x, before, RCV_SYN, STEP_IMPLIED, s->frame);
    y->knows &= (uint16_t)~KNOWS_PASSIVE;
    if (y->belief.base != LISTEN)
        return true;
    belief_rebase(&y->belief, SYN_SENT);
    y->iss = s->ack - 1;
    y->snd_nxt = s->ack;
    y->knows |= KNOWS_SND;
    endpoint_note(m, y, y_before, SND_SYN, STEP_IMPLIED, s->frame);
    return true;
}

bool imply_handshake(struct moment *m)
{
    struct endpoint *x = m->sender, *y = m->receiver;
    const struct segment *s = m->segment;
    const state_set before = x->belief.state, y_before = y->belief.state;
    if (segment_any(s, SEG_SYN | SEG_RST) || !segment_is(s, SEG_ACK))
        return false;
    if (lacks_syn_ack(x, y)) {
        belief_resync(&y->belief, SYN_RCVD);
        y->iss = s->ack - 1;
        y->snd_nxt = s->ack;
        y->knows |= KNOWS_SND;
        endpoint_note(m, y, y_before, RCV_SYN, STEP_IMPLIED, s->frame);
    } else if (lacks_handshake(x, y, s)) {
        if (m->event && m->event->fate.way == CLUE_NOT_YET)
            return true; /* there was none: its peer still sends its SYN */
    } else if (!lacks_ack_of_syn(x, y, s)) {
        return false;
    }
    belief_rebase(&x->belief, ESTABLISHED);
    endpoint_note(m, x, before, x->knows & KNOWS_PASSIVE ? RCV_ACK_OF_SYN : RCV_SYN_ACK,
                  STEP_IMPLIED, s->frame);
    return true;
}

/* `x` moves on `signal`, or is where it `may` be. */
static void move(struct moment *m, struct endpoint *x, enum signal signal, state_set may)
{
    const state_set before = x->belief.state;
    belief_resync(&x->belief, fsm_next(before, signal));
    belief_widen(&x->belief, may);
    endpoint_note(m, x, before, signal, STEP_IMPLIED, m->segment->frame);
}

void imply_fin(struct moment *m)
{
    struct endpoint *x = m->sender, *y = m->receiver;
    const struct segment *s = m->segment;
    if (m->event && m->event->fate.origin == CLUE_NO_FIN)
        y->knows |= KNOWS_OCTETS;
    const bool closed = x->belief.state == FIN_WAIT_1;
    const state_set may = x->belief.possible;
    const bool beyond = (y->knows & KNOWS_SEGMENT) && !(y->knows & KNOWS_FIN) &&
                        endpoint_acks_beyond(y, s) && s->ack == y->snd_nxt + 1 &&
                        !segment_any(s, SEG_SYN | SEG_RST);
    if (beyond) { /* of text, or of a FIN; and whoever sent that */
        const struct arrival octet = {.frame = s->frame, .proof = s->ack, .doubted = true};
        belief_receives(&x->belief, RCV_FIN, &octet);
    }
    if ((y->knows & (KNOWS_SEGMENT | KNOWS_FIN | KNOWS_OCTETS)) || !(x->knows & KNOWS_ACKED) ||
        !segment_is(s, SEG_ACK) || segment_any(s, SEG_SYN | SEG_RST) || s->ack != x->acked + 1 ||
        !(x->belief.state & RECEIVES_TEXT))
        return;
    y->fin = s->ack;
    y->closing.frame = s->frame;
    y->knows |= KNOWS_FIN;
    move(m, y, SND_FIN, y->belief.possible);
    /* It had closed before: the usual close, in which the FIN comes with the ACK of its own. */
    if (closed)
        move(m, x, RCV_ACK_OF_FIN, may);
    move(m, x, RCV_FIN, may);
}
