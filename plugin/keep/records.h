/* The record of every segment: written when it is observed, written anew when a later one shows
 * that it did something else, and read ever after. Views read records and nothing else, so the
 * order in which a user clicks on packets changes nothing.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_RECORDS_H
#define TCPSTATE_RECORDS_H

#include "ending.h"
#include "pairs.h"
#include "segment.h"
#include "verdict.h"

/* One record, taken apart. As long as the caller keeps it. */
struct recorded {
    struct verdict verdict;
    uint32_t number; /* of the record itself, from 1 */
    uint8_t live[2]; /* enum state: what was known when the segment came, where it is hindsight */
    bool hindsight;  /* this is what the whole capture tells; otherwise what was known then */
};

/* A capture begins: there are no records. `two_msl`: nanoseconds in TIME_WAIT. */
void records_begin(int64_t two_msl);

/* What the records know of the end of a connection, so that it can be told anew. */
struct record_mark {
    uint32_t snapshot, connection, record, repetition[2], next, next_frame;
    struct tally found[2];
};

/* Write down what segment `s`, at `layer` of its frame, did; `number` is that of its record, or 0:
 * it is new, and its number is returned. `snapshot` is the connection's own memory: 0 at first; it
 * saves space where nothing has changed. `unsettled`: it may be written anew. `pair` owns it. */
uint32_t records_write(const struct segment *s, uint16_t layer, const struct verdict *v,
                       uint32_t number, bool unsettled, uint32_t *snapshot, struct pair *pair);

/* What was known at once of the record that was written last. */
void records_write_live(const struct verdict *live);

/* Remember how far the records of a pair are told, and go back there. */
struct record_mark records_mark(uint32_t snapshot);
void records_go_back(const struct record_mark *mark, uint32_t *snapshot);

/* Find the record again. False: there is none. */
bool records_read(uint32_t frame, uint16_t layer, struct recorded *r);

/* The pair to which the record belongs; NULL: there is none. */
struct pair *records_pair(uint32_t frame, uint16_t layer);

/* The capture time of the last of all records, and how many there are. */
int64_t records_latest(void);
uint32_t records_count(void);

/* Is this record, of a segment captured at `time`, the last of its connection, as far as segments
 * have been written down? Fills `ending` in any case, but for the outcome (observe.h). */
bool records_ending(const struct recorded *r, int64_t time, struct ending *ending);

/* The pair that a connection is of. */
struct pair *records_owner(uint32_t connection);

/* The connection whose sockets this one has taken over, as 1 + its number; 0: none. */
uint32_t records_before(uint32_t connection);

/* The capture time of a frame in which an end moved, as segment.time. */
int64_t records_time(uint32_t frame);

#endif
