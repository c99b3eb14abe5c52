/* One segment, or an ICMP error about one, as the views that tell a whole connection are given it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_ACCOUNT_H
#define TCPSTATE_ACCOUNT_H

#include "segment.h"
#include "sink.h"
#include "verdict.h"

/* Lives as long as the call that it is handed to. */
struct account {
    const struct verdict *verdict;
    const struct segment *segment; /* of one that an ICMP error quotes only frame, time and seq */
    int64_t time;                  /* nanoseconds since the capture began */
    uint8_t live[2];  /* enum state: what was known when it came, where it is hindsight */
    bool hindsight;   /* this is what the whole capture tells; otherwise what was known then */
    bool is_icmp;     /* no segment: an ICMP error ... */
    uint8_t icmp;     /* ... enum icmp_error */
    uint16_t port[2]; /* of either end */
    const void *host[2];
    void (*write_host)(const struct sink *to, const void *host); /* its address: 192.0.2.1 */
};

/* What a view remembers of a connection: the caller's, as large as the view says, and zeroed when
 * it is asked for for the first time. */
struct memories {
    void *(*of)(void *context, uint32_t connection);
    void *context;
};

/* What the sequence numbers of either end are counted from, zeroed at first. */
struct origin {
    uint32_t base[2];
    bool is_known[2];
    bool is_far
        [2]; /* they have come so far that half of all numbers are no longer before the first */
};

/* SEG.SEQ and SEG.ACK as they are shown: counted from the first number of their end, in the ladder
 * as in the list, negative before it; or as they are (`exact`). In this order: the first that is
 * asked for sets it. */
int64_t account_seq(const struct account *a, struct origin *origin, bool exact);
int64_t account_ack(const struct account *a, struct origin *origin, bool exact);

/* 192.0.2.1:80, [2001:db8::1]:80 */
void account_host_and_port(const struct sink *to, wording host, uint16_t port);
void account_socket(const struct account *a, unsigned end, const struct sink *to);

#endif
