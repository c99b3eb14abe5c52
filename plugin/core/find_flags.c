/* Findings in flags, header and options.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "accept.h"
#include "find.h"

enum { ALL_FLAGS = SEG_FIN | SEG_SYN | SEG_RST | SEG_PSH | SEG_ACK | SEG_URG };

bool find_null_flags(const struct view *v)
{
    return !has_any(v, ALL_FLAGS);
}

bool find_no_ack_flag(const struct view *v)
{
    return has_any(v, SEG_PSH | SEG_URG) && !has_any(v, SEG_ACK | SEG_SYN | SEG_RST | SEG_FIN) &&
           !find_data_before_established(v);
}

/* FIN in SYN_SENT is fin_before_established. */
bool find_fin_without_ack(const struct view *v)
{
    return has(v, SEG_FIN) && !has_any(v, SEG_ACK | SEG_SYN | SEG_RST) && !find_xmas(v) &&
           !in_state(v->x, SYN_SENT);
}

bool find_syn_fin(const struct view *v)
{
    return has(v, SEG_SYN | SEG_FIN);
}

bool find_syn_rst(const struct view *v)
{
    return has(v, SEG_SYN | SEG_RST);
}

bool find_fin_rst(const struct view *v)
{
    return has(v, SEG_FIN | SEG_RST) && !has(v, SEG_SYN);
}

bool find_xmas(const struct view *v)
{
    return has(v, SEG_FIN | SEG_PSH | SEG_URG) && !has_any(v, SEG_ACK | SEG_SYN | SEG_RST);
}

bool find_syn_urg(const struct view *v)
{
    return has(v, SEG_SYN | SEG_URG);
}

bool find_ack_field_without_flag(const struct view *v)
{
    return !has(v, SEG_ACK) && v->s->ack != 0;
}

bool find_rst_with_data(const struct view *v)
{
    return has(v, SEG_RST) && v->s->text;
}

bool find_wscale_invalid(const struct view *v)
{
    const bool unasked = is_syn_ack(v) && (v->y->knows & KNOWS_ISS) && !(v->y->knows & KNOWS_SCALE);
    return (v->s->has & HAS_WSCALE) &&
           (v->s->wscale > WINDOW_SHIFT_MAX || !has(v, SEG_SYN) || unasked);
}

bool find_mss_on_non_syn(const struct view *v)
{
    return (v->s->has & HAS_MSS) && !has(v, SEG_SYN);
}

bool find_timestamp_missing(const struct view *v)
{
    return (v->x->knows & v->y->knows & KNOWS_TIMESTAMPS) && is_ordinary(v) &&
           !(v->s->has & HAS_TIMESTAMPS);
}

bool find_paws_rejected(const struct view *v)
{
    return is_ordinary(v) && accept_paws_rejects(v->y, v->x, v->s);
}

bool find_timestamp_echo_unsent(const struct view *v)
{
    return (v->x->knows & v->y->knows & KNOWS_TIMESTAMPS) && (v->s->has & HAS_TIMESTAMPS) &&
           is_ordinary(v) && seq_lt(v->y->tsval, v->s->tsecr);
}
