/* Findings while a connection is opened.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "find.h"

/* Also after a refusal, by which a system that tries on is not CLOSED. */
bool find_syn_retransmission(const struct view *v)
{
    const bool attempt = v->x->attempt_frame && v->x->attempt == v->s->seq;
    if (is_syn(v) && v->opens)
        return v->v->again && v->x_before == CLOSED;
    return is_syn(v) && (attempt || ((v->x->knows & KNOWS_ISS) && v->x->iss == v->s->seq));
}

/* Before the first was answered by SYN,ACK; after that it is syn_in_synchronized. */
bool find_syn_new_isn(const struct view *v)
{
    return is_syn(v) && v->opens && !v->v->again && v->x_before == SYN_SENT &&
           (v->y_before & (LISTEN | SYN_RCVD));
}

bool find_syn_data(const struct view *v)
{
    return has(v, SEG_SYN) && !has(v, SEG_RST) && v->s->text && !(v->s->has & HAS_FAST_COOKIE) &&
           !(v->y->knows & KNOWS_FAST_OPEN);
}

bool find_fast_open(const struct view *v)
{
    return is_syn(v) && v->s->text && (v->s->has & HAS_FAST_COOKIE);
}

/* Data on the SYN that this SYN,ACK answers, and is it acknowledged? */
static bool answers_syn_data(const struct view *v)
{
    return is_syn_ack(v) && in_state(v->y, SYN_SENT) && !v->y->attempt_frame &&
           (v->y->knows & KNOWS_FAST_OPEN) && v->y->snd_nxt != v->y->iss + 1;
}

bool find_fast_open_accepted(const struct view *v)
{
    return answers_syn_data(v) && v->s->ack == v->y->snd_nxt;
}

/* A SYN that was sent again without the data is not refused. */
bool find_fast_open_refused(const struct view *v)
{
    return answers_syn_data(v) && acks_open_syn(v) && seq_lt(v->s->ack, v->y->snd_nxt) &&
           v->y->last.text;
}

bool find_syn_ack_unacceptable(const struct view *v)
{
    return is_syn_ack(v) && !v->opens && (can_be(v->y, SYN_SENT) || in_state(v->y, CLOSED)) &&
           (v->y->knows & KNOWS_SND) && !acks_open_syn(v);
}

bool find_syn_ack_new_isn(const struct view *v)
{
    return is_syn_ack(v) && !v->opens && (v->x->knows & KNOWS_ISS) && v->x->iss != v->s->seq &&
           can_be(v->y, SYN_SENT) && acks_open_syn(v) && (v->x->knows & KNOWS_PASSIVE) &&
           (v->x->knows & KNOWS_ACKED);
}

bool find_syn_ack_by_client(const struct view *v)
{
    return v->crossed;
}

bool find_simultaneous_open(const struct view *v)
{
    return is_syn(v) && !v->opens && !(v->x->knows & KNOWS_ISS) && in_state(v->y, SYN_SENT) &&
           v->x->belief.base == LISTEN;
}

bool find_handshake_ack_wrong(const struct view *v)
{
    return is_ordinary(v) && v->y->belief.proven == SYN_RCVD && (v->y->knows & KNOWS_ISS) &&
           in_state(v->y, SYN_RCVD) && !v->y->fins &&
           (seq_lt(v->y->snd_nxt, v->s->ack) || seq_le(v->s->ack, v->y->iss));
}

bool find_half_open(const struct view *v)
{
    return is_ordinary(v) && in_state(v->y, SYN_SENT) && v->s->ack != open_iss(v->y) + 1 &&
           !v->missing && !v->midstream && !acks_open_syn(v);
}

bool find_ack_without_syn(const struct view *v)
{
    return is_pure_ack(v) && in_state(v->y, SYN_SENT) && !v->y->attempt_frame && !v->missing &&
           !v->midstream && acks_open_syn(v);
}

bool find_syn_refused(const struct view *v)
{
    return has(v, SEG_RST | SEG_ACK) && in_state(v->y, SYN_SENT) && acks_open_syn(v) &&
           !(v->x->knows & KNOWS_PASSIVE && v->x->belief.proven == SYN_RCVD);
}

bool find_rst_by_opener(const struct view *v)
{
    return has(v, SEG_RST) && !has(v, SEG_SYN) && in_state(v->x, SYN_SENT) &&
           !(v->x->attempt_frame) && v->owed->reply != OWES_RST && !can_be(v->x, ESTABLISHED) &&
           v->y->belief.base == LISTEN;
}

/* Of the same SYN; with Fast Open it may acknowledge more of the text on it, or less. */
static bool acks_same_syn(const struct view *v)
{
    return v->s->ack == v->x->acked || v->s->ack == open_iss(v->y) + 1 ||
           ((v->y->knows & KNOWS_FAST_OPEN) && acks_open_syn(v));
}

bool find_syn_ack_retransmission(const struct view *v)
{
    return is_syn_ack(v) && (v->x->knows & KNOWS_ISS) && v->x->iss == v->s->seq &&
           (v->x->knows & KNOWS_ACKED) && acks_same_syn(v) &&
           ((v->x->knows & KNOWS_PASSIVE) || can_be(v->x, SYN_RCVD));
}

bool find_data_before_established(const struct view *v)
{
    return v->s->text && in_state(v->x, SYN_SENT) && !has_any(v, SEG_SYN | SEG_RST | SEG_FIN) &&
           !v->missing;
}

bool find_fin_before_established(const struct view *v)
{
    return has(v, SEG_FIN) && in_state(v->x, SYN_SENT) && !has_any(v, SEG_SYN | SEG_RST) &&
           !v->missing && !find_xmas(v);
}

bool find_syn_flood(const struct view *v)
{
    return is_syn(v) && v->opens && v->c->isns == MANY;
}
