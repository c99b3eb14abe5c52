/* Findings while a connection is open.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "find/find.h"
#include "patience.h"
#include "rfc/acceptable.h"
#include "rfc/tcb.h"

/* A SYN to a peer in TIME_WAIT is time_wait_refused. */
bool find_syn_in_synchronized(const struct moment *m)
{
    return is_syn(m) && !m->opens && !find_syn_retransmission(m) &&
           in_state(m->receiver, (SYNCHRONIZED | SYN_RCVD) & ~TIME_WAIT) &&
           (m->sender->knows.iss || m->sender->knows.snd) && !find_handshake_reordered(m);
}

bool find_forged_syn(const struct moment *m)
{
    return m->stranger && segment_is_syn(m->segment) &&
           in_state(m->sender, SYNCHRONIZED | SYN_RCVD);
}

bool find_is_overtaken_syn_ack(const struct moment *m)
{
    const struct endpoint *self = m->sender, *peer = m->receiver;
    return is_syn_ack(m) && self->bare_syn_frame && !self->syn_acks &&
           self->iss == m->segment->seq && peer->iss + 1 == m->segment->ack &&
           (self->belief.proven & SYNCHRONIZED);
}

bool find_syn_ack_in_synchronized(const struct moment *m)
{
    return is_syn_ack(m) && !m->opens && (m->sender->belief.proven & SYNCHRONIZED) &&
           m->sender->knows.iss && !find_is_overtaken_syn_ack(m) && !can_be(m->sender, SYN_RCVD) &&
           !find_syn_ack_retransmission(m) && m->sender->iss == m->segment->seq;
}

bool find_challenge_ack(const struct moment *m)
{
    return m->owed->reply == OWES_CHALLENGE_ACK && is_pure_ack(m);
}

/* Beyond everything captured of the peer, and not claimed before. */
static bool acks_beyond(const struct moment *m)
{
    return tcb_acks_beyond(m->receiver, m->segment) && !has_any(m, SEG_SYN | SEG_RST) &&
           !m->receiver->attempt_frame && !find_half_open(m) && !find_handshake_ack_wrong(m) &&
           !(m->sender->claim.frame && seq_le(m->segment->ack, m->sender->claim.ack)) &&
           !(m->sender->knows.acked && seq_le(m->segment->ack, m->sender->acked));
}

/* Is it sure that the end has nothing beyond its FIN? One that stands below its text is none, and
 * of one that a capture begins with nobody knows. */
static bool ends_with_fin(const struct endpoint *self)
{
    return self->knows.fin && self->fin == self->snd_nxt && (self->knows.iss || self->segments > 1);
}

/* Beyond the peer's FIN there is nothing, unless the sender goes on with other numbers, of a
 * connection that was opened unseen. Otherwise it is known only when the peer goes on from where it
 * was. */
bool find_ack_of_unsent_data(const struct moment *m)
{
    return acks_beyond(m) && (find_is_wrong_ack(m) || (ends_with_fin(m->receiver) &&
                                                       m->segment->seq == m->sender->snd_nxt));
}

bool find_ack_of_unseen_data(const struct moment *m)
{
    return acks_beyond(m) && !find_ack_of_unsent_data(m) && !find_ack_before_octet(m);
}

bool find_ack_before_octet(const struct moment *m)
{
    return m->event && m->event->fate.origin == CLUE_TOO_SOON;
}

bool find_ack_too_old(const struct moment *m)
{
    return is_ordinary(m) && acceptable_ack_is_too_old(m->sender, m->segment) &&
           !find_seq_far_off(m);
}

/* A FIN at the edge itself is common, and so is one octet there: a probe (section 3.8.6.1). */
bool find_seq_beyond_window(const struct moment *m)
{
    const uint32_t edge = seq_max(m->receiver->edge, m->receiver->rcv_nxt);
    return is_ordinary(m) && segment_len(m->segment) && tcb_knows_window(m->receiver, m->sender) &&
           seq_diff(edge, m->segment->seq + m->segment->text) > (m->segment->text == 1 ? 1 : 0) &&
           !find_seq_far_off(m) && !find_fin_moved(m) && !find_data_after_fin(m);
}

/* What goes on from there is not said again. */
bool find_seq_far_off(const struct moment *m)
{
    const int32_t off = seq_diff(m->receiver->rcv_nxt, m->segment->seq);
    return is_ordinary(m) && tcb_knows_window(m->receiver, m->sender) &&
           (off > SEQ_FAR || off < -SEQ_FAR) && m->segment->seq != m->sender->snd_nxt;
}

bool find_zero_window_probe(const struct moment *m)
{
    return tcb_probes(m->sender, m->receiver, m->segment) &&
           in_state(m->sender, ESTABLISHED | CLOSE_WAIT | FIN_WAIT_1 | LAST_ACK | CLOSING);
}

/* Only when nothing is on its way (MUST-26): otherwise it is the last octet, sent again. An end
 * that has sent its FIN has nothing for which to probe a window. */
bool find_keep_alive(const struct moment *m)
{
    if (in_state(m->sender, FIN_WAIT_2))
        return tcb_keeps_half_alive(m->sender, m->receiver, m->segment);
    return is_ordinary(m) && !has(m, SEG_FIN) && m->segment->text <= 1 && m->sender->knows.snd &&
           m->segment->seq == m->sender->snd_nxt - 1 && m->segment->ack == m->sender->acked &&
           !m->sender->knows.fin && m->receiver->knows.acked &&
           m->receiver->acked == m->sender->snd_nxt && !find_zero_window_probe(m) &&
           in_state(m->sender, ESTABLISHED | CLOSE_WAIT);
}

/* An ACK of the same, with no later number or timestamp, so soon that its sender's last segment may
 * have overtaken it: which window is the later one nothing tells. */
static bool may_be_overtaken(const struct moment *m)
{
    const struct endpoint *self = m->sender;
    const struct segment *s = m->segment;
    const bool later = self->knows.timestamps && m->receiver->knows.timestamps &&
                       (s->has & HAS_TIMESTAMPS) && seq_lt(self->last.tsval, s->tsval);
    return s->ack == self->acked && !segment_len(s) && !later &&
           s->time - self->last.time < patience(PATIENCE_OVERTAKING);
}

/* By more than the rounding of the scale, and not said before. */
bool find_window_shrunk(const struct moment *m)
{
    const unsigned shift = tcb_window_shift(m->sender, m->receiver);
    const uint32_t edge = m->segment->ack + ((uint32_t)m->segment->window << shift);
    return is_ordinary(m) && tcb_knows_window(m->sender, m->receiver) &&
           seq_le(m->sender->acked, m->segment->ack) &&
           seq_diff(edge, m->sender->acked + m->sender->window) >= (int32_t)(1u << shift) &&
           (!shift || m->sender->segments > 1) && !find_ack_of_unseen_data(m) &&
           !find_ack_of_unsent_data(m) && !may_be_overtaken(m);
}

bool find_excessive_retransmission(const struct moment *m)
{
    return m->verdict->retransmitted && m->sender->retry.is.what == RETRY_TEXT &&
           m->sender->retry.is.times == MANY - 1;
}

bool find_idle_connection(const struct moment *m)
{
    return is_ordinary(m) && m->sender_before && m->segment->time - m->c->last >= 2 * HOUR &&
           in_state(m->sender, SYNCHRONIZED & ~TIME_WAIT);
}
