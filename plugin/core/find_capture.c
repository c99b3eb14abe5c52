/* Findings about the capture rather than about TCP.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "find.h"

bool find_started_midstream(const struct view *v)
{
    return v->midstream && has(v, SEG_ACK) && !has(v, SEG_RST);
}

/* SYNs that nobody answers are not: the peer may well be silent. */
bool find_one_sided(const struct view *v)
{
    return v->x->segments == MANY_ALONE - 1 && has(v, SEG_ACK) && !(v->y->knows & KNOWS_SEGMENT);
}

bool find_frames_missing(const struct view *v)
{
    return v->missing;
}

/* The SYN that an earlier SYN,ACK in the capture has already acknowledged. */
bool find_handshake_reordered(const struct view *v)
{
    const bool late_syn = is_syn(v) && !(v->x->knows & KNOWS_SEGMENT) &&
                          (v->x->knows & KNOWS_SND) && v->x->iss == v->s->seq;
    const bool late_syn_ack =
        is_syn_ack(v) && !(v->x->knows & KNOWS_ISS) && (v->x->belief.base & SYNCHRONIZED);
    return !v->opens && (late_syn || late_syn_ack);
}

bool find_fin_beyond_gap(const struct view *v)
{
    return is_fin(v) && (v->y->knows & KNOWS_RCV) && can_be(v->y, RECEIVES_TEXT) &&
           seq_lt(v->y->rcv_nxt, v->s->seq) && !find_fin_moved(v) && !find_seq_beyond_window(v);
}

/* An ICMP error is not a segment: findings_icmp(). */
bool find_icmp_hard_error(const struct view *v)
{
    (void)v;
    return false;
}

bool find_icmp_soft_error(const struct view *v)
{
    (void)v;
    return false;
}

bool find_captured_twice(const struct view *v)
{
    return v->duplicate;
}

bool find_old_copy(const struct view *v)
{
    return v->copy;
}

bool find_overtaken(const struct view *v)
{
    return v->overtaken && !v->duplicate;
}

bool find_bad_checksum(const struct view *v)
{
    return (v->s->has & HAS_BAD_CHECKSUM) != 0;
}

bool find_bad_header(const struct view *v)
{
    return (v->s->has & HAS_BAD_HEADER) != 0;
}
