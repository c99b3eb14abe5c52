/* Findings about the capture rather than about TCP.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "find/find.h"
#include "find/findings.h"

bool find_started_midstream(const struct moment *m)
{
    return m->midstream && has(m, SEG_ACK) && !has(m, SEG_RST);
}

/* SYNs that nobody answers are not: the peer may well be silent. */
bool find_one_sided(const struct moment *m)
{
    return m->sender->segments == MANY_ALONE - 1 && has(m, SEG_ACK) && !m->receiver->knows.segment;
}

/* What no arrow leads to, and what is unusual but legal where it leads, came by way of others. */
bool find_frames_missing(const struct moment *m)
{
    return m->missing || (m->no_arrow && findings_class(&m->verdict->checks) == VERDICT_UNUSUAL);
}

bool find_unresolved_contradiction(const struct moment *m)
{
    return m->unresolved;
}

/* The SYN that an earlier SYN,ACK in the capture has already acknowledged. */
bool find_handshake_reordered(const struct moment *m)
{
    const bool late_syn = is_syn(m) && !m->sender->knows.segment && m->sender->knows.snd &&
                          m->sender->iss == m->segment->seq;
    const bool late_syn_ack =
        is_syn_ack(m) && !m->sender->knows.iss && (m->sender->belief.base & SYNCHRONIZED);
    return !m->opens && (late_syn || late_syn_ack || find_is_overtaken_syn_ack(m));
}

bool find_fin_beyond_gap(const struct moment *m)
{
    return is_fin(m) && m->receiver->knows.rcv && can_be(m->receiver, RECEIVES_TEXT) &&
           seq_lt(m->receiver->rcv_nxt, m->segment->seq) && !find_fin_moved(m) &&
           !find_seq_beyond_window(m);
}

bool find_captured_twice(const struct moment *m)
{
    return m->duplicate;
}

bool find_old_copy(const struct moment *m)
{
    return m->copy;
}

bool find_overtaken(const struct moment *m)
{
    return m->overtaken && !m->duplicate;
}

bool find_bad_checksum(const struct moment *m)
{
    return (m->segment->has & HAS_BAD_CHECKSUM) != 0;
}

bool find_bad_header(const struct moment *m)
{
    return (m->segment->has & HAS_BAD_HEADER) != 0;
}
