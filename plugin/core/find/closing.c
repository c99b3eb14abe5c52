/* Findings while a connection is closed, and when its ports are used again.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "find/find.h"
#include "rfc/tcb.h"

bool find_fin_retransmission(const struct moment *m)
{
    return is_fin(m) && m->sender->knows.fin && segment_end(m->segment) == m->sender->fin;
}

bool find_fin_unanswered(const struct moment *m)
{
    return find_fin_retransmission(m) && m->sender->fins == MANY_FINS - 1 &&
           !(m->receiver->knows.acked && seq_le(m->sender->fin, m->receiver->acked));
}

/* Neither FIN acknowledges the other; the capture may have them in the wrong order. */
bool find_simultaneous_close(const struct moment *m)
{
    return is_fin(m) && !m->sender->knows.fin && m->receiver->knows.fin &&
           seq_lt(m->segment->ack, m->receiver->fin) &&
           seq_lt(m->receiver->closing.ack, segment_end(m->segment));
}

bool find_fin_not_covered(const struct moment *m)
{
    return is_ordinary(m) && !has(m, SEG_FIN) && refutes(m, SEG_FIN);
}

/* The first of a run of segments with text that acknowledge the FIN. */
bool find_half_close_data(const struct moment *m)
{
    const struct sent *last = &m->sender->last;
    return m->segment->text && in_state(m->sender, CLOSE_WAIT) &&
           seq_le(m->sender->snd_nxt, m->segment->seq) &&
           !(last->text && seq_le(m->receiver->fin, last->ack));
}

/* Farther beyond it is what follows, or text of another connection that was opened unseen. */
static bool has_text_after_fin(const struct moment *m)
{
    return m->segment->text && is_ordinary(m) && m->sender->knows.fin &&
           seq_lt(m->sender->fin - 1, m->segment->seq + m->segment->text) &&
           seq_le(m->segment->seq, m->sender->fin) &&
           !tcb_keeps_half_alive(m->sender, m->receiver, m->segment);
}

bool find_padding(const struct moment *m)
{
    return has_text_after_fin(m) && tcb_pads(m->sender, m->segment);
}

bool find_data_after_fin(const struct moment *m)
{
    return has_text_after_fin(m) && !find_padding(m);
}

/* Data and FIN sent again as one segment end where the FIN did. */
bool find_fin_moved(const struct moment *m)
{
    return is_fin(m) && m->sender->knows.fin && segment_end(m->segment) != m->sender->fin;
}

bool find_forged_fin(const struct moment *m)
{
    return m->stranger && has(m, SEG_FIN) && !has(m, SEG_RST) && !find_forged_segment(m);
}

bool find_time_wait_reuse(const struct moment *m)
{
    return m->opens && is_syn(m) && m->receiver_before == TIME_WAIT;
}

bool find_time_wait_refused(const struct moment *m)
{
    return is_syn(m) && !m->opens && in_state(m->receiver, TIME_WAIT) &&
           !find_syn_retransmission(m);
}

bool find_early_reuse(const struct moment *m)
{
    return m->opens && is_syn(m) && m->sender_before == TIME_WAIT;
}
