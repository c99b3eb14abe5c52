/* Findings while a connection is opened.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "find/find.h"
#include "infer/incarnation.h"
#include "rfc/replies.h"

/* Also after a refusal, by which a system that tries on is not CLOSED. */
bool find_syn_retransmission(const struct moment *m)
{
    const bool attempt = m->sender->attempt_frame && m->sender->attempt == m->segment->seq;
    if (is_syn(m) && m->opens)
        return m->verdict->retransmitted && m->sender_before == CLOSED;
    return is_syn(m) &&
           !(m->sender->rst.frame && in_state(m->sender, CLOSED)) && /* a new attempt */
           (attempt || (m->sender->knows.iss && m->sender->iss == m->segment->seq));
}

/* Before the first was answered by SYN,ACK; after that it is syn_in_synchronized. */
bool find_syn_new_isn(const struct moment *m)
{
    return is_syn(m) && m->opens && !m->verdict->retransmitted && m->sender_before == SYN_SENT &&
           (m->receiver_before & (LISTEN | SYN_RCVD));
}

bool find_syn_data(const struct moment *m)
{
    return has(m, SEG_SYN) && !has(m, SEG_RST) && m->segment->text &&
           !(m->segment->has & HAS_FAST_COOKIE) && !m->receiver->knows.fast_open;
}

bool find_fast_open(const struct moment *m)
{
    return is_syn(m) && m->segment->text && (m->segment->has & HAS_FAST_COOKIE);
}

/* Data on the SYN that this SYN,ACK answers, and is it acknowledged? */
static bool answers_syn_data(const struct moment *m)
{
    return is_syn_ack(m) && in_state(m->receiver, SYN_SENT) && !m->receiver->attempt_frame &&
           m->receiver->knows.fast_open && m->receiver->snd_nxt != m->receiver->iss + 1;
}

bool find_fast_open_accepted(const struct moment *m)
{
    return answers_syn_data(m) && m->segment->ack == m->receiver->snd_nxt;
}

/* A SYN that was sent again without the data is not refused. */
bool find_fast_open_refused(const struct moment *m)
{
    return answers_syn_data(m) && acks_open_syn(m) &&
           seq_lt(m->segment->ack, m->receiver->snd_nxt) && m->receiver->last.text;
}

bool find_syn_ack_unacceptable(const struct moment *m)
{
    const bool other =
        incarnation_is_other_answer(m->sender, m->receiver, m->segment) ||
        ((m->sender->belief.proven & SYNCHRONIZED) && m->sender->iss != m->segment->seq);
    if (is_syn_ack(m) && !m->opens && other && m->sender->knows.segment)
        return !find_syn_ack_new_isn(m);
    return is_syn_ack(m) && !m->opens &&
           (can_be(m->receiver, SYN_SENT) || in_state(m->receiver, CLOSED)) &&
           m->receiver->knows.snd && !acks_open_syn(m);
}

bool find_syn_ack_new_isn(const struct moment *m)
{
    return is_syn_ack(m) && !m->opens && m->sender->knows.iss &&
           m->sender->iss != m->segment->seq && m->receiver->knows.iss &&
           m->segment->ack == open_iss(m->receiver) + 1 && m->sender->knows.passive &&
           m->sender->knows.acked;
}

bool find_syn_ack_by_client(const struct moment *m)
{
    return m->crossed;
}

bool find_simultaneous_open(const struct moment *m)
{
    return is_syn(m) && !m->opens && !m->sender->knows.iss && in_state(m->receiver, SYN_SENT) &&
           (m->sender->belief.base & (LISTEN | CLOSED));
}

bool find_handshake_ack_wrong(const struct moment *m)
{
    return is_ordinary(m) && m->receiver->belief.proven == SYN_RCVD && m->receiver->knows.iss &&
           in_state(m->receiver, SYN_RCVD) && !m->receiver->fins &&
           (seq_lt(m->receiver->snd_nxt, m->segment->ack) ||
            seq_le(m->segment->ack, m->receiver->iss));
}

bool find_half_open(const struct moment *m)
{
    return is_ordinary(m) && in_state(m->receiver, SYN_SENT) &&
           m->segment->ack != open_iss(m->receiver) + 1 && !m->missing && !m->midstream &&
           !acks_open_syn(m);
}

bool find_ack_without_syn(const struct moment *m)
{
    return is_pure_ack(m) && in_state(m->receiver, SYN_SENT) && !m->receiver->attempt_frame &&
           !m->missing && !m->midstream && acks_open_syn(m);
}

bool find_syn_refused(const struct moment *m)
{
    const bool owed = m->owed->reply == OWES_RST_ACK && replies_is_given(m->owed, m->segment);
    return has(m, SEG_RST | SEG_ACK) &&
           in_state(m->receiver, owed ? SYN_SENT | SYN_RCVD : SYN_SENT) && acks_open_syn(m) &&
           !(m->sender->knows.passive && m->sender->belief.proven == SYN_RCVD);
}

bool find_rst_by_opener(const struct moment *m)
{
    return has(m, SEG_RST) && !has(m, SEG_SYN) && in_state(m->sender, SYN_SENT) &&
           !(m->sender->attempt_frame) && m->owed->reply != OWES_RST &&
           !can_be(m->sender, ESTABLISHED) && m->receiver->belief.base == LISTEN;
}

/* Of the same SYN; with Fast Open it may acknowledge more of the text on it, or less. */
static bool acks_same_syn(const struct moment *m)
{
    return m->segment->ack == m->sender->acked || m->segment->ack == open_iss(m->receiver) + 1 ||
           (m->receiver->knows.fast_open && acks_open_syn(m));
}

/* Linux goes to ESTABLISHED by an ACK of nothing if it had sent a SYN of its own, and sends that
 * again as long as nobody acknowledges it, with an ACK of all that has come. */
static bool is_syn_unacknowledged(const struct moment *m)
{
    return m->sender->bare_syn_frame &&
           (!m->receiver->knows.acked || seq_le(m->receiver->acked, m->sender->iss));
}

bool find_syn_ack_retransmission(const struct moment *m)
{
    const bool may = m->sender->knows.passive || can_be(m->sender, SYN_RCVD);
    return is_syn_ack(m) && m->sender->knows.iss && m->sender->iss == m->segment->seq &&
           m->sender->knows.acked && ((may && acks_same_syn(m)) || is_syn_unacknowledged(m));
}

bool find_data_before_established(const struct moment *m)
{
    return m->segment->text && in_state(m->sender, SYN_SENT) &&
           !has_any(m, SEG_SYN | SEG_RST | SEG_FIN) && !m->missing;
}

bool find_fin_before_established(const struct moment *m)
{
    return has(m, SEG_FIN) && in_state(m->sender, SYN_SENT) && !has_any(m, SEG_SYN | SEG_RST) &&
           !m->missing && !find_xmas(m);
}

bool find_syn_flood(const struct moment *m)
{
    return is_syn(m) && m->opens && m->c->isns == MANY;
}
