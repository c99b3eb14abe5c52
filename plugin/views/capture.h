/* A whole capture, kept: for who wants to look at any part of it, in any order, in hindsight.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One at a time, as keep has it. What is observed and how it is remembered is keep's; here is only
 * what no record has, the segment itself. */
#ifndef TCPSTATE_CAPTURE_H
#define TCPSTATE_CAPTURE_H

#include "account.h"
#include "heap.h"
#include "reader.h"
#include "records.h"

struct rules;

/* A capture begins; see observe_begin(). */
void capture_begin(const struct lender *lender, const struct rules *rules);

/* What the reader has told (reader_new()). */
void capture_add(void *unused, struct reader_packet *packet);

/* An event of it, as far as is known now. Its account lives as long as the struct stays in place.
 */
struct told {
    struct account account;
    struct recorded recorded;
};

/* Tell all that was captured so far in hindsight, in order; or each connection's after those of the
 * one before, of all, or (`wanted` >= 0) of one. */
typedef void capture_tell(void *context, const struct told *told);
void capture_each(capture_tell *tell, void *context);
void capture_each_connection(int64_t wanted, capture_tell *tell, void *context);

/* How the connection ends, if this is its last event; otherwise false. */
bool capture_ending(const struct told *told, struct ending *ending);

#endif
