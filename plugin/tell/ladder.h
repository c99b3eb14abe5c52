/* The ladder: connections in the notation of RFC 9293 section 3.5, which the tests are written in
 * too.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Peer A is the client, a row's number is its frame's. What is written can be read by
 * tests/ladder.c, so a capture that was told wrong becomes a test by redirecting the output to a
 * file. Sequence numbers are relative to each peer's first; where they are to be shown as they are,
 * the ladder keeps everything that the core looks at, timestamps and nanoseconds too.
 *
 * Columns stand still where the caller measures all rows before it adds the first. */
#ifndef TCPSTATE_LADDER_H
#define TCPSTATE_LADDER_H

#include "account.h"

enum { LADDER_SEGMENT_SIZE = 200, LADDER_LATE_MAX = 128 }; /* no episode of the core is longer */

/* A ladder while it is written; zeroed, and then the caller fills in how it is to look. */
struct ladder {
    const struct sink *to;
    int64_t wanted; /* number of the only connection to be shown; -1: all are */
    bool exact;     /* nothing rounded, made relative or left out */

    struct ladder_widths {
        long number, time, segment;
    } width; /* of the columns: the widest of all rows so far */
    bool is_begun;
    /* Of the connection that is being written. */
    uint32_t number;
    unsigned client; /* which end is peer A */
    struct origin origin;
    uint16_t window[2]; /* of either end, last shown ... */
    bool is_scaled[2];  /* ... so */
    int wscale[2];      /* as its last SYN has it; -1: none */
    int64_t time;       /* of the first row */
    struct ladder_late {
        uint32_t frame;
        char text[LADDER_SEGMENT_SIZE];
    } late[LADDER_LATE_MAX]; /* what is on its way: the last ones */
    unsigned lates;
};

/* Only look how wide a row will be; then, of all rows together, begin to write. */
void ladder_measure(struct ladder *ladder, const struct account *a);
void ladder_measured(struct ladder *ladder);

/* One row more. The rows of a connection come one after the other, and then those of the next. */
void ladder_add(struct ladder *ladder, const struct account *a);

/* There are no more. */
void ladder_end(struct ladder *ladder);

#endif
