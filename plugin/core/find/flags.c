/* Findings in flags, header and options.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "find/find.h"
#include "patience.h"
#include "rfc/acceptable.h"

bool find_null_flags(const struct moment *m)
{
    return !has_any(m, SEG_KNOWN);
}

bool find_no_ack_flag(const struct moment *m)
{
    return has_any(m, SEG_PSH | SEG_URG) && !has_any(m, SEG_ACK | SEG_SYN | SEG_RST | SEG_FIN) &&
           !find_data_before_established(m);
}

/* FIN in SYN_SENT is fin_before_established. */
bool find_fin_without_ack(const struct moment *m)
{
    return has(m, SEG_FIN) && !has_any(m, SEG_ACK | SEG_SYN | SEG_RST) && !find_xmas(m) &&
           !in_state(m->sender, SYN_SENT);
}

bool find_syn_fin(const struct moment *m)
{
    return has(m, SEG_SYN | SEG_FIN);
}

bool find_syn_rst(const struct moment *m)
{
    return has(m, SEG_SYN | SEG_RST);
}

bool find_fin_rst(const struct moment *m)
{
    return has(m, SEG_FIN | SEG_RST) && !has(m, SEG_SYN);
}

bool find_xmas(const struct moment *m)
{
    return has(m, SEG_FIN | SEG_PSH | SEG_URG) && !has_any(m, SEG_ACK | SEG_SYN | SEG_RST);
}

bool find_syn_urg(const struct moment *m)
{
    return has(m, SEG_SYN | SEG_URG);
}

bool find_ack_field_without_flag(const struct moment *m)
{
    return !has(m, SEG_ACK) && m->segment->ack != 0;
}

bool find_rst_with_data(const struct moment *m)
{
    return has(m, SEG_RST) && m->segment->text;
}

bool find_wscale_invalid(const struct moment *m)
{
    return (m->segment->has & HAS_WSCALE) &&
           (m->segment->wscale > WINDOW_SHIFT_MAX || !has(m, SEG_SYN));
}

/* Another SYN with this number may have had it, and be missing from the capture. */
bool find_wscale_unasked(const struct moment *m)
{
    return (m->segment->has & HAS_WSCALE) && is_syn_ack(m) && m->receiver->knows.iss &&
           !(m->sender->knows.scale || m->receiver->knows.scale);
}

bool find_mss_on_non_syn(const struct moment *m)
{
    return (m->segment->has & HAS_MSS) && !has(m, SEG_SYN);
}

bool find_timestamp_missing(const struct moment *m)
{
    return m->sender->knows.timestamps && m->receiver->knows.timestamps && is_ordinary(m) &&
           !(m->segment->has & HAS_TIMESTAMPS);
}

/* Its receiver drops it, but nothing in it is new: it was overtaken on the way, as happens. */
static bool is_harmlessly_overtaken(const struct moment *m)
{
    return m->old && m->segment->time - m->receiver->ts_time < patience(PATIENCE_OVERTAKING);
}

bool find_paws_rejected(const struct moment *m)
{
    return is_ordinary(m) && acceptable_paws_rejects(m->receiver, m->sender, m->segment) &&
           !is_harmlessly_overtaken(m);
}

/* What the capture lacks of the peer had a timestamp, too. */
bool find_timestamp_echo_unsent(const struct moment *m)
{
    return m->sender->knows.timestamps && m->receiver->knows.timestamps &&
           (m->segment->has & HAS_TIMESTAMPS) && is_ordinary(m) &&
           seq_lt(m->receiver->tsval, m->segment->tsecr) && !find_ack_of_unseen_data(m) &&
           !m->sender->claim.frame;
}
