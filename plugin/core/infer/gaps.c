/* See gaps.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "infer/gaps.h"

#include "infer/evidence.h"
#include "infer/history.h"
#include "infer/incarnation.h"
#include "infer/stories.h"
#include "rfc/tcb.h"
#include "seq.h"

/* An ACK from SYN_SENT: the peer's SYN,ACK was there. */
static bool lacks_syn_ack(const struct endpoint *self, const struct endpoint *peer)
{
    return self->belief.state == SYN_SENT && (peer->belief.base & (LISTEN | SYN_RCVD)) &&
           !peer->knows.iss;
}

/* Text from a server that was not seen to send SYN,ACK, to a client that was not seen to answer. */
static bool lacks_handshake(const struct endpoint *self, const struct endpoint *peer,
                            const struct segment *s)
{
    return self->belief.proven == SYN_RCVD && !self->knows.iss && self->knows.passive &&
           peer->belief.state == SYN_SENT && segment_len(s);
}

/* It acknowledges what the peer, of which nothing was captured, has sent since its SYN. */
static bool acks_unseen(const struct endpoint *self, const struct endpoint *peer,
                        const struct segment *s)
{
    return !peer->knows.segment && seq_lt(self->acked, s->ack);
}

/* Text from a server in SYN_RCVD: the ACK of its SYN was there, unless it is Fast Open. */
static bool lacks_ack_of_syn(const struct endpoint *self, const struct endpoint *peer,
                             const struct segment *s)
{
    return self->belief.proven == SYN_RCVD && !(self->belief.possible & ESTABLISHED) &&
           (s->text || acks_unseen(self, peer, s)) &&
           !(self->knows.fast_open || peer->knows.fast_open);
}

/* SYN,ACK from the end that has sent a SYN: a SYN of its peer, which nobody saw, had come to it. So
 * the peer opens, too, instead of listening (section 3.5, Figure 7). It then acknowledges that SYN.
 */
static bool lacks_crossed_syn(const struct endpoint *self, const struct endpoint *peer,
                              const struct segment *s)
{
    const bool of_syn = !peer->knows.iss || s->ack == peer->iss + 1;
    return segment_is_syn_ack(s) && self->belief.proven == SYN_SENT && of_syn &&
           !segment_is(s, SEG_FIN) && !peer->bare_syn_frame &&
           !incarnation_is_other_answer(self, peer, s);
}

bool gaps_imply_crossed_syn(struct moment *m)
{
    struct endpoint *self = m->sender, *peer = m->receiver;
    const struct segment *s = m->segment;
    if (!lacks_crossed_syn(self, peer, s))
        return false;
    const int rst = belief_find(&self->belief, RCV_RST); /* came after that SYN, or not at all */
    if (rst >= 0 && stories_tell(m, STORY_contradicted, self->belief.arrival[rst].frame))
        return false;
    belief_resync(&self->belief, SYN_RCVD);
    evidence_move(m, self, RCV_SYN, STEP_IMPLIED, s->frame);
    peer->knows.passive = false;
    if (peer->belief.base != LISTEN)
        return true;
    belief_rebase(&peer->belief, SYN_SENT);
    peer->iss = s->ack - 1;
    peer->snd_nxt = s->ack;
    peer->knows.snd = true;
    evidence_move(m, peer, SND_SYN, STEP_IMPLIED, s->frame);
    return true;
}

/* Who sends more than a SYN has received the SYN,ACK. */
static void prove_syn_ack(struct belief *belief)
{
    const int i = belief_find(belief, RCV_SYN_ACK);
    if (i >= 0)
        belief_prove(belief, (unsigned)i);
}

bool gaps_imply_handshake(struct moment *m)
{
    struct endpoint *self = m->sender, *peer = m->receiver;
    const struct segment *s = m->segment;
    if (segment_any(s, SEG_SYN | SEG_RST) || !segment_is(s, SEG_ACK))
        return false;
    if (lacks_syn_ack(self, peer)) {
        belief_resync(&peer->belief, SYN_RCVD);
        peer->iss = s->ack - 1;
        peer->snd_nxt = s->ack;
        peer->knows.snd = true;
        evidence_move(m, peer, RCV_SYN, STEP_IMPLIED, s->frame);
    } else if (lacks_handshake(self, peer, s)) {
        if (m->event && m->event->fate.way == CLUE_NOT_YET)
            return true; /* there was none: its peer still sends its SYN */
    } else if (!lacks_ack_of_syn(self, peer, s)) {
        return false;
    } else if (acks_unseen(self, peer, s)) {
        prove_syn_ack(&peer->belief);
    }
    belief_rebase(&self->belief, ESTABLISHED);
    evidence_move(m, self, self->knows.passive ? RCV_ACK_OF_SYN : RCV_SYN_ACK, STEP_IMPLIED,
                  s->frame);
    return true;
}

/* `self` moves on `signal`, or is where it `may` be. */
static void move(struct moment *m, struct endpoint *self, enum signal signal, state_set may)
{
    belief_resync(&self->belief, fsm_next(self->belief.state, signal));
    belief_widen(&self->belief, may);
    evidence_move(m, self, signal, STEP_IMPLIED, m->segment->frame);
}

void gaps_imply_fin(struct moment *m)
{
    struct endpoint *self = m->sender, *peer = m->receiver;
    const struct segment *s = m->segment;
    if (m->event && m->event->fate.origin == CLUE_NO_FIN)
        peer->knows.octets = true;
    const bool closed = self->belief.state == FIN_WAIT_1;
    const state_set may = self->belief.possible;
    const bool beyond = peer->knows.segment && !peer->knows.fin && tcb_acks_beyond(peer, s) &&
                        s->ack == peer->snd_nxt + 1 && !segment_any(s, SEG_SYN | SEG_RST);
    if (beyond) { /* of text, or of a FIN; and whoever sent that */
        const struct arrival octet = {.frame = s->frame, .proof = s->ack, .doubted = true};
        belief_receives(&self->belief, RCV_FIN, &octet);
    }
    if (peer->knows.segment || peer->knows.fin || peer->knows.octets || !self->knows.acked ||
        !segment_is(s, SEG_ACK) || segment_any(s, SEG_SYN | SEG_RST) || s->ack != self->acked + 1 ||
        !(self->belief.state & RECEIVES_TEXT))
        return;
    peer->fin = s->ack;
    peer->closing.frame = s->frame;
    peer->knows.fin = true;
    move(m, peer, SND_FIN, peer->belief.possible);
    /* It had closed before: the usual close, in which the FIN comes with the ACK of its own. */
    if (closed)
        move(m, self, RCV_ACK_OF_FIN, may);
    move(m, self, RCV_FIN, may);
}
