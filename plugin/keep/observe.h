/* Has the state machine observe what was sighted: each segment once, in capture order.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_OBSERVE_H
#define TCPSTATE_OBSERVE_H

#include "heap.h"
#include "records.h"
#include "sighting.h"

struct rules;

/* A capture begins: nothing has been observed. All that is kept of it, here and in the other files
 * of this floor, is memory of the lender's. */
void observe_begin(const struct lender *lender, const struct rules *rules);

/* Have it observed, and its verdict written down; told is what is known at once (live). False: it
 * is an ICMP error that is not about a segment of a connection that was seen, and there is no
 * verdict. */
bool observe(struct sighting *seen, struct recorded *recorded);

/* What is known now of a segment that was observed before: hindsight, of all that was captured so
 * far. False: there is no record of it. */
bool observe_read(uint32_t frame, uint16_t layer, struct recorded *recorded);

/* What is known now of how a connection ended, or stands. */
void observe_outcome(uint32_t connection, struct outcome *o);

/* The same as records_ending(), of what observe_read() has told, with the outcome. */
bool observe_ending(const struct recorded *r, int64_t time, struct ending *ending);

#endif
