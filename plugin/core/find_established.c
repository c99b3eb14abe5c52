/* Findings while a connection is open.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "accept.h"
#include "find.h"

/* A SYN to a peer in TIME_WAIT is time_wait_refused. */
bool find_syn_in_synchronized(const struct view *v)
{
    return is_syn(v) && !v->opens && !find_syn_retransmission(v) &&
           in_state(v->y, (SYNCHRONIZED | SYN_RCVD) & ~TIME_WAIT) &&
           (v->x->knows & (KNOWS_ISS | KNOWS_SND)) && !find_handshake_reordered(v);
}

/* Known only afterwards: findings_amend(). */
bool find_forged_syn(const struct view *v)
{
    (void)v;
    return false;
}

bool find_syn_ack_in_synchronized(const struct view *v)
{
    return is_syn_ack(v) && !v->opens && (v->x->belief.proven & SYNCHRONIZED) &&
           (v->x->knows & KNOWS_ISS) && !can_be(v->x, SYN_RCVD) && !find_syn_ack_retransmission(v);
}

bool find_challenge_ack(const struct view *v)
{
    return v->owed->reply == OWES_CHALLENGE_ACK && is_pure_ack(v);
}

/* Beyond everything captured of the peer, and not claimed before. */
static bool acks_beyond(const struct view *v)
{
    return !has_any(v, SEG_SYN | SEG_RST) && endpoint_acks_beyond(v->y, v->s) &&
           !v->y->attempt_frame && !find_half_open(v) && !find_handshake_ack_wrong(v) &&
           !(v->x->claim_frame && seq_le(v->s->ack, v->x->claim)) &&
           !((v->x->knows & KNOWS_ACKED) && seq_le(v->s->ack, v->x->acked));
}

/* A peer that has sent its FIN has nothing beyond it. Otherwise it is known only when the peer goes
 * on from where it was: an amendment. */
bool find_ack_of_unsent_data(const struct view *v)
{
    return acks_beyond(v) && (v->y->knows & KNOWS_FIN);
}

bool find_ack_of_unseen_data(const struct view *v)
{
    return acks_beyond(v) && !find_ack_of_unsent_data(v);
}

bool find_ack_too_old(const struct view *v)
{
    return is_ordinary(v) && accept_ack_is_too_old(v->x, v->s) && !find_seq_far_off(v);
}

/* A FIN at the edge itself is common, and so is one octet there: a probe (section 3.8.6.1). */
bool find_seq_beyond_window(const struct view *v)
{
    const uint32_t edge = seq_max(v->y->edge, v->y->rcv_nxt);
    return is_ordinary(v) && segment_len(v->s) && endpoint_knows_window(v->y, v->x) &&
           seq_diff(edge, v->s->seq + v->s->text) > (v->s->text == 1 ? 1 : 0) &&
           !find_seq_far_off(v) && !find_fin_moved(v) && !find_data_after_fin(v);
}

/* What goes on from there is not said again. */
bool find_seq_far_off(const struct view *v)
{
    const int32_t off = seq_diff(v->y->rcv_nxt, v->s->seq);
    return is_ordinary(v) && endpoint_knows_window(v->y, v->x) &&
           (off > SEQ_FAR || off < -SEQ_FAR) && v->s->seq != v->x->snd_nxt;
}

bool find_zero_window_probe(const struct view *v)
{
    return is_ordinary(v) && !has(v, SEG_FIN) && v->s->text <= 1 && (v->y->knows & KNOWS_ACKED) &&
           v->y->window == 0 && v->s->seq == v->y->acked - (v->s->text ? 0 : 1) &&
           in_state(v->x, ESTABLISHED | CLOSE_WAIT | FIN_WAIT_1 | LAST_ACK | CLOSING);
}

/* Only when nothing is on its way (MUST-26): otherwise it is the last octet, sent again. An end
 * that has sent its FIN has nothing for which to probe a window. */
bool find_keep_alive(const struct view *v)
{
    if (in_state(v->x, FIN_WAIT_2))
        return endpoint_keeps_half_alive(v->x, v->y, v->s);
    return is_ordinary(v) && !has(v, SEG_FIN) && v->s->text <= 1 && (v->x->knows & KNOWS_SND) &&
           v->s->seq == v->x->snd_nxt - 1 && v->s->ack == v->x->acked &&
           !(v->x->knows & KNOWS_FIN) && (v->y->knows & KNOWS_ACKED) &&
           v->y->acked == v->x->snd_nxt && v->y->window != 0 &&
           in_state(v->x, ESTABLISHED | CLOSE_WAIT);
}

/* By more than the rounding of the scale, and not said before. */
bool find_window_shrunk(const struct view *v)
{
    const unsigned shift = endpoint_window_shift(v->x, v->y);
    const uint32_t edge = v->s->ack + ((uint32_t)v->s->window << shift);
    return is_ordinary(v) && endpoint_knows_window(v->x, v->y) && seq_le(v->x->acked, v->s->ack) &&
           seq_diff(edge, v->x->acked + v->x->window) >= (int32_t)(1u << shift) &&
           (!shift || v->x->segments > 1) && !find_ack_of_unseen_data(v) &&
           !find_ack_of_unsent_data(v);
}

bool find_excessive_retransmission(const struct view *v)
{
    return v->v->again && v->x->retry.is.what == RETRY_TEXT && v->x->retry.is.times == MANY - 1;
}

bool find_idle_connection(const struct view *v)
{
    return is_ordinary(v) && v->x_before && v->s->time - v->c->last >= 2 * HOUR &&
           in_state(v->x, SYNCHRONIZED & ~TIME_WAIT);
}
