/* Findings about RSTs (RFC 9293 section 3.5.3, RFC 5961 section 3, RFC 1337).
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "accept.h"
#include "find.h"
#include "owed.h"

static bool is_rst(const struct view *v)
{
    return has(v, SEG_RST) && !has(v, SEG_SYN) && !v->midstream;
}

static bool fits(const struct view *v, enum rst_fit fit)
{
    return is_rst(v) && accept_fits_rst(v->y, v->x, v->s) == fit;
}

static bool is_fast_close(const struct view *v)
{
    return (v->s->has & HAS_FAST_CLOSE) != 0;
}

/* An acceptable RST in mid-connection that no other finding has a better name for. */
bool find_connection_reset(const struct view *v)
{
    return fits(v, RST_EXACT) && !in_state(v->y, SYN_SENT | SYN_RCVD | TIME_WAIT | CLOSED) &&
           !find_rst_after_fin(v) && !find_rst_without_connection(v) && !is_fast_close(v);
}

bool find_rst_unconfirmed(const struct view *v)
{
    return fits(v, RST_BETWEEN) && !in_state(v->y, CLOSED);
}

/* A reply that was owed carries the number that it had to, wherever that is now. */
static bool is_owed(const struct view *v)
{
    return v->owed->reply == OWES_RST && v->owed->number == v->s->seq && !v->owed->if_gone;
}

bool find_rst_in_window(const struct view *v)
{
    return fits(v, RST_IN_WINDOW) && !is_owed(v);
}

bool find_rst_outside_window(const struct view *v)
{
    return fits(v, RST_OUTSIDE) && !in_state(v->y, SYN_SENT | CLOSED) && !is_owed(v) &&
           !find_rst_at_left_edge(v);
}

bool find_rst_at_left_edge(const struct view *v)
{
    const uint32_t low = v->y->knows & KNOWS_ACKED ? v->y->acked : v->y->rcv_nxt;
    return fits(v, RST_OUTSIDE) && !in_state(v->y, SYN_SENT | CLOSED) && v->s->seq == low - 1;
}

bool find_rst_ack_unsent(const struct view *v)
{
    return is_rst(v) && has(v, SEG_ACK) && in_state(v->y, SYNCHRONIZED) &&
           endpoint_acks_beyond(v->y, v->s);
}

bool find_rst_unacceptable(const struct view *v)
{
    return fits(v, RST_OUTSIDE) && in_state(v->y, SYN_SENT) && (v->y->knows & KNOWS_SND);
}

bool find_rst_in_time_wait(const struct view *v)
{
    return fits(v, RST_EXACT) && in_state(v->y, TIME_WAIT);
}

bool find_rst_in_syn_rcvd(const struct view *v)
{
    return fits(v, RST_EXACT) && in_state(v->y, SYN_RCVD) && !find_rst_by_opener(v);
}

bool find_rst_after_fin(const struct view *v)
{
    return fits(v, RST_EXACT) && (v->x->knows & KNOWS_FIN) && in_state(v->x, FIN_SENT) &&
           !in_state(v->y, TIME_WAIT | CLOSED) && !is_fast_close(v);
}

/* A reset in reply takes its number from the segment it answers (section 3.5.2). */
bool find_rst_reply_wrong(const struct view *v)
{
    return is_rst(v) && v->owed->reply == OWES_RST && !is_owed(v) &&
           !in_state(v->x, SYNCHRONIZED) && v->s->seq != v->x->snd_nxt;
}

bool find_rst_without_connection(const struct view *v)
{
    return has(v, SEG_RST) && !has(v, SEG_SYN) &&
           (v->midstream || (v->owed->reply == OWES_RST_ACK && owed_is_given(v->owed, v->s)));
}

bool find_rst_storm(const struct view *v)
{
    return has(v, SEG_RST) && v->x->rsts == MANY - 1;
}

/* Once for each RST: after that it is doubted, and the headline is no longer CLOSED. */
bool find_rst_not_arrived(const struct view *v)
{
    return is_ordinary(v) && in_state(v->x, CLOSED) && v->y->rst_frame &&
           v->owed->reply != OWES_CHALLENGE_ACK &&
           (v->x->belief.base & (SYN_RCVD | SYNCHRONIZED)) &&
           (belief_find(&v->x->belief, RCV_RST) >= 0 ||
            belief_find(&v->x->belief, RCV_RST_PASSIVE) >= 0);
}

bool find_segment_after_reset(const struct view *v)
{
    return v->x->rst_frame && v->x->undo.state && in_state(v->x, CLOSED) && is_ordinary(v);
}

/* Known only afterwards: findings_amend(). */
bool find_forged_rst(const struct view *v)
{
    (void)v;
    return false;
}

bool find_fast_close(const struct view *v)
{
    return is_fast_close(v);
}
