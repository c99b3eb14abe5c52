/* Findings while a connection is closed, and when its ports are used again.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "find.h"

bool find_fin_retransmission(const struct view *v)
{
    return is_fin(v) && (v->x->knows & KNOWS_FIN) && segment_end(v->s) == v->x->fin;
}

bool find_fin_unanswered(const struct view *v)
{
    return find_fin_retransmission(v) && v->x->fins == MANY_FINS - 1 &&
           !(v->y->knows & KNOWS_ACKED && seq_le(v->x->fin, v->y->acked));
}

/* Neither FIN acknowledges the other; the capture may have them in the wrong order. */
bool find_simultaneous_close(const struct view *v)
{
    return is_fin(v) && !(v->x->knows & KNOWS_FIN) && (v->y->knows & KNOWS_FIN) &&
           seq_lt(v->s->ack, v->y->fin) && seq_lt(v->y->fin_ack, segment_end(v->s));
}

bool find_fin_not_covered(const struct view *v)
{
    return is_ordinary(v) && !has(v, SEG_FIN) && (v->y->knows & KNOWS_FIN) &&
           v->was != v->x->belief.state && seq_lt(v->s->ack, v->y->fin) &&
           (v->was & (CLOSE_WAIT | CLOSING | TIME_WAIT));
}

/* The first of a run of segments with text that acknowledge the FIN. */
bool find_half_close_data(const struct view *v)
{
    const struct sent *last = &v->x->last;
    return v->s->text && in_state(v->x, CLOSE_WAIT) && seq_le(v->x->snd_nxt, v->s->seq) &&
           !(last->text && seq_le(v->y->fin, last->ack));
}

bool find_data_after_fin(const struct view *v)
{
    return v->s->text && is_ordinary(v) && (v->x->knows & KNOWS_FIN) &&
           seq_lt(v->x->fin - 1, v->s->seq + v->s->text) &&
           !endpoint_keeps_half_alive(v->x, v->y, v->s);
}

/* Data and FIN sent again as one segment end where the FIN did. */
bool find_fin_moved(const struct view *v)
{
    return is_fin(v) && (v->x->knows & KNOWS_FIN) && segment_end(v->s) != v->x->fin;
}

/* Known only afterwards: findings_amend(). */
bool find_forged_fin(const struct view *v)
{
    (void)v;
    return false;
}

bool find_time_wait_reuse(const struct view *v)
{
    return v->opens && is_syn(v) && v->y_before == TIME_WAIT;
}

bool find_time_wait_refused(const struct view *v)
{
    return is_syn(v) && !v->opens && in_state(v->y, TIME_WAIT) && !find_syn_retransmission(v);
}

bool find_early_reuse(const struct view *v)
{
    return v->opens && is_syn(v) && v->x_before == TIME_WAIT;
}
