/* The record of every segment: written once, when it is observed, and read ever after. Views read
 * records and nothing else, so the order in which a user clicks on packets changes nothing.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_RECORDS_H
#define TCPSTATE_RECORDS_H

#include "segment.h"
#include "verdict.h"

/* One record, taken apart. As long as the caller keeps it. */
struct recorded {
    struct verdict verdict;
    uint32_t connection; /* number of the connection, from 0 */
    uint32_t number;     /* of the record itself, from 1; not in what is to be written down */
};

/* What is known of a connection when its last frame has been written down. */
struct ending {
    struct retries retries[2]; /* what either end has sent and nobody has acknowledged */
    int64_t silence;           /* nanoseconds from that frame to the last of all connections */
    uint32_t next,
        next_frame; /* the connection that the same sockets open then, and its first frame; */
                    /* next_frame is 0: there is none */
};

/* A file is opened: there are no records. All of them live in Wireshark's file scope. */
void records_begin(void);

/* Write down what segment `s`, at `layer` of its frame, did. `last` is the connection's own memory:
 * 0 at first; it saves space where nothing has changed since its last record. */
void records_write(const struct segment *s, uint16_t layer, const struct recorded *r,
                   uint32_t *last);

/* Add a finding to what `connection` had in an earlier frame. */
void records_amend(uint32_t frame, uint32_t connection, enum check check);

/* Find the record again. False: there is none. */
bool records_read(uint32_t frame, uint16_t layer, struct recorded *r);

/* Is this record, of a segment captured at `time`, the last of its connection, as far as segments
 * have been written down? Fills `ending` in any case. */
bool records_ending(const struct recorded *r, int64_t time, struct ending *ending);

/* The connection whose sockets this one has taken over, as 1 + its number; 0: none. */
uint32_t records_before(uint32_t connection);

/* The capture time of a frame in which an end moved, as segment.time. Wireshark itself does not
 * tell plugins the time of another frame, and tshark in one pass does not know it. */
int64_t records_time(uint32_t frame);

#endif
