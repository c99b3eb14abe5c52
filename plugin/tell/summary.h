/* What a capture sums up to: how many connections, how they ended, what was found.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_SUMMARY_H
#define TCPSTATE_SUMMARY_H

#include "account.h"
#include "ending.h"

/* What is remembered of a connection. */
struct summary_connection {
    uint32_t first; /* frame; 0: not seen yet */
    bool was_open;  /* both ends at once */
    bool was_reset;
    bool was_refused; /* before both were open, by a RST or an ICMP error */
};

enum summary_ended {
    SUMMARY_CLOSED,
    SUMMARY_HALF_CLOSED,
    SUMMARY_OPEN,
    SUMMARY_RESET,
    SUMMARY_REFUSED,
    SUMMARY_NEVER_OPEN,
    SUMMARY_ENDED_COUNT
};

enum { SUMMARY_NAMED = 3 }; /* so many of a kind are named, by their first frames */

/* Zeroed, and then the caller fills in what it remembers by: struct summary_connection. */
struct summary {
    struct memories memories;
    struct {
        uint32_t count, first[SUMMARY_NAMED];
    } ended[SUMMARY_ENDED_COUNT];
    struct {
        uint32_t times, first; /* frame */
    } finding[CHECK_COUNT];
};

/* One segment more, in hindsight, of this frame. */
void summary_add(struct summary *summary, const struct verdict *v, uint32_t frame);

/* It was the last of its connection. */
void summary_end(struct summary *summary, const struct verdict *v, const struct ending *ending);

/* Some lines. */
void summary_write(const struct sink *to, const struct summary *summary);

#endif
