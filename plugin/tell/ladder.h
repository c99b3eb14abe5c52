/* The ladder: connections in the notation of RFC 9293 section 3.5, which the tests are written in
 * too.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Peer A is the client, a row's number is its frame's. What is written can be read by
 * tests/ladder.c, so a capture that was told wrong becomes a test by redirecting the output to a
 * file. Sequence numbers are relative to each peer's first; where they are to be shown as they are,
 * the ladder keeps everything that the core looks at, timestamps and small gaps too. */
#ifndef TCPSTATE_LADDER_H
#define TCPSTATE_LADDER_H

#include "account.h"

enum { LADDER_SEGMENT_SIZE = 200, LADDER_LATE_MAX = 128 }; /* no episode of the core is longer */

/* A ladder while it is written; zeroed, and then the caller fills in how it is to look. */
struct ladder {
    const struct sink *to;
    int64_t wanted; /* number of the only connection to be shown; -1: all are */
    bool exact;     /* nothing rounded, made relative or left out */

    bool is_begun;
    /* Of the connection that is being written. */
    uint32_t number;
    unsigned client; /* which end is peer A */
    struct origin origin;
    uint16_t window[2]; /* last shown */
    int64_t time;       /* of the last row */
    struct ladder_late {
        uint32_t frame;
        char text[LADDER_SEGMENT_SIZE];
    } late[LADDER_LATE_MAX]; /* what is on its way: the last ones */
    unsigned lates;
};

/* One row more. The rows of a connection come one after the other, and then those of the next. */
void ladder_add(struct ladder *ladder, const struct account *a);

/* There are no more. */
void ladder_end(struct ladder *ladder);

#endif
