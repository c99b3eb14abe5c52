/* Has the state machine follow each connection: each segment once, in capture order.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_FOLLOW_H
#define TCPSTATE_FOLLOW_H

#include "heap.h"
#include "memory.h"
#include "sighting.h"

/* What is being followed. Lives until the next segment. */
struct followed {
    const struct segment *segment;
    struct pair *pair;
    struct memory *memory;
    uint32_t tag; /* that was returned last */
    uint16_t layer;
};

/* Who writes down what each segment did. As long as the capture. */
struct scribe {
    /* See struct host in history.h. */
    uint32_t (*write)(const struct followed *now, const struct event *e, bool first,
                      const struct verdict *v);
    /* The first segment of a pair is run once more, as before; or NULL. */
    void (*write_again)(const struct followed *now, const struct event *e, const struct verdict *v);
    /* What the episode has told is final, since the next segment begins another; or NULL. */
    void (*ends)(const struct followed *now);
    /* The memory of the pair is about to be folded; or NULL. */
    void (*rests)(struct pair *pair);
};

/* A capture begins. All that is kept of it, here and in the other files of this floor, is memory of
 * the lender's. */
void follow_begin(const struct lender *lender, const struct rules *rules,
                  const struct scribe *scribe);

/* The next one was seen; filled is what is known at once (live). NULL: it is an ICMP error that is
 * not about a segment of a connection that was seen, and there is no verdict. */
const struct followed *follow(struct sighting *seen, struct verdict *v);

/* What was returned of the only segment of a pair: it has no connection in memory. */
uint32_t follow_only_tag(const struct pair *pair);

/* Nothing more of this pair is captured before `end`: what that tells. */
const struct followed *follow_close(struct pair *pair, int64_t end);

/* How a connection of the pair ended, or stands at `end`. */
void follow_outcome(struct pair *pair, uint32_t connection, int64_t end, struct outcome *o);

#endif
