/* Findings about RSTs (RFC 9293 section 3.5.3, RFC 5961 section 3, RFC 1337).
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "find/find.h"
#include "infer/stories.h"
#include "rfc/acceptable.h"
#include "rfc/replies.h"
#include "rfc/tcb.h"

static bool is_rst(const struct moment *m)
{
    return has(m, SEG_RST) && !has(m, SEG_SYN) && !m->midstream;
}

static bool fits(const struct moment *m, enum rst_fit fit)
{
    return is_rst(m) && acceptable_fits_rst(m->receiver, m->sender, m->segment) == fit;
}

static bool is_fast_close(const struct moment *m)
{
    return (m->segment->has & HAS_FAST_CLOSE) != 0;
}

/* An acceptable RST in mid-connection that no other finding has a better name for. */
bool find_connection_reset(const struct moment *m)
{
    return fits(m, RST_EXACT) && !in_state(m->receiver, SYN_SENT | SYN_RCVD | TIME_WAIT | CLOSED) &&
           !find_rst_after_fin(m) && !find_rst_without_connection(m) && !is_fast_close(m);
}

bool find_rst_unconfirmed(const struct moment *m)
{
    return fits(m, RST_BETWEEN) && !in_state(m->receiver, CLOSED);
}

/* A reply that was owed carries the number that it had to, wherever that is now. */
static bool is_owed(const struct moment *m)
{
    return m->owed->reply == OWES_RST && m->owed->number == m->segment->seq && !m->owed->if_gone;
}

bool find_rst_in_window(const struct moment *m)
{
    return fits(m, RST_IN_WINDOW) && !is_owed(m);
}

bool find_rst_outside_window(const struct moment *m)
{
    return fits(m, RST_OUTSIDE) && !in_state(m->receiver, SYN_SENT | CLOSED) && !is_owed(m) &&
           !find_rst_at_left_edge(m) && !find_syn_refused(m) && !endpoint_refuses_latest_syn(m);
}

bool find_rst_at_left_edge(const struct moment *m)
{
    const uint32_t low = m->receiver->knows.acked ? m->receiver->acked : m->receiver->rcv_nxt;
    return fits(m, RST_OUTSIDE) && !in_state(m->receiver, SYN_SENT | CLOSED) &&
           m->segment->seq == low - 1;
}

bool find_rst_ack_unsent(const struct moment *m)
{
    return is_rst(m) && has(m, SEG_ACK) && in_state(m->receiver, SYNCHRONIZED) &&
           tcb_acks_beyond(m->receiver, m->segment) && !endpoint_refuses_latest_syn(m) &&
           !(m->owed->reply == OWES_RST_ACK && replies_is_given(m->owed, m->segment));
}

bool find_rst_unacceptable(const struct moment *m)
{
    return fits(m, RST_OUTSIDE) && in_state(m->receiver, SYN_SENT) && m->receiver->knows.snd;
}

bool find_rst_in_time_wait(const struct moment *m)
{
    return fits(m, RST_EXACT) && in_state(m->receiver, TIME_WAIT);
}

bool find_rst_in_syn_rcvd(const struct moment *m)
{
    return fits(m, RST_EXACT) && in_state(m->receiver, SYN_RCVD) && !find_rst_by_opener(m);
}

bool find_rst_after_fin(const struct moment *m)
{
    return fits(m, RST_EXACT) && m->sender->knows.fin && in_state(m->sender, FIN_SENT) &&
           !in_state(m->receiver, TIME_WAIT | CLOSED) && !is_fast_close(m);
}

/* The ACK of one of the last segments that its peer has sent: of several in flight each is answered
 * by a RST of its own. */
static bool is_of_recent_ack(const struct moment *m)
{
    const struct endpoint *peer = m->receiver;
    const uint32_t seq = m->segment->seq;
    return peer->knows.acked && (seq == peer->acked || seq == peer->acked_before);
}

/* A reset in reply takes its number from the segment it answers (section 3.5.2). */
bool find_rst_reply_wrong(const struct moment *m)
{
    return is_rst(m) && m->owed->reply == OWES_RST && !is_owed(m) && !is_of_recent_ack(m) &&
           !in_state(m->sender, SYNCHRONIZED) && m->segment->seq != m->sender->snd_nxt;
}

bool find_rst_without_connection(const struct moment *m)
{
    return has(m, SEG_RST) && !has(m, SEG_SYN) &&
           (m->midstream || (m->owed->reply == OWES_RST_ACK && !m->owed->if_gone &&
                             !m->sender->syn_acks && replies_is_given(m->owed, m->segment)));
}

/* Those that are counted under another finding are no news. */
bool find_rst_storm(const struct moment *m)
{
    return has(m, SEG_RST) && m->sender->rsts == MANY - 1 &&
           !m->sender->found.times[LASTING_rst_in_time_wait];
}

bool find_rst_not_arrived(const struct moment *m)
{
    return is_ordinary(m) && refutes(m, SEG_RST) && m->owed->reply != OWES_CHALLENGE_ACK;
}

/* It only looks like another host's: no frame shows it. */
bool find_forged_segment(const struct moment *m)
{
    return m->stranger && m->event && m->event->fate.shown == m->segment->frame;
}

/* Where it can no longer be told that the RST was not its own. */
bool find_segment_after_reset(const struct moment *m)
{
    return m->sender->rst.frame && in_state(m->sender, CLOSED) && is_ordinary(m) &&
           !find_forged_segment(m) && !find_may_leave_its_sender(m->sender, &m->sender->rst);
}

/* A reply to an unacceptable ACK leaves its sender in SYN_SENT; and who refuses a SYN may open the
 * moment after, the capture may have the two swapped. */
bool find_may_leave_its_sender(const struct endpoint *self, const struct sent *rst)
{
    const bool answers_too_low = self->knows.iss && rst->seq == self->iss;
    return !self->knows.acked || answers_too_low || ((rst->flags & SEG_ACK) && rst->seq == 0);
}

static bool is_foreign(const struct moment *m)
{
    const struct sent rst = endpoint_remembers(m->segment);
    return m->stranger && has(m, SEG_RST) && !find_may_leave_its_sender(m->sender, &rst);
}

static bool is_gone_on_long_after(const struct moment *m)
{
    const struct event *by = m->event ? history_find(m->history, m->event->fate.shown) : NULL;
    return by && stories_is_foreign(m, &by->segment, m->event);
}

bool find_forged_rst(const struct moment *m)
{
    return is_foreign(m) && is_gone_on_long_after(m);
}

bool find_rst_contradicted(const struct moment *m)
{
    return is_foreign(m) && !is_gone_on_long_after(m);
}

bool find_fast_close(const struct moment *m)
{
    return is_fast_close(m);
}
