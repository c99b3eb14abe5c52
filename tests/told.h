/* The machine alone: it is told what happens, and infers nothing of what arrived.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_TESTS_TOLD_H
#define TCPSTATE_TESTS_TOLD_H

#include "infer/evidence.h"
#include "moment.h"

/* A segment was sent, and perhaps received. Fills the verdict. */
static inline void told(struct connection *c, const struct rules *rules, const struct segment *s,
                        bool arrives, struct verdict *v)
{
    struct moment m = moment_of(c, rules, s, v);
    if (connection_sent(&m) && !m.ignored && arrives)
        connection_received(&m, ARRIVES);
    connection_view(c, v);
}

/* Time has passed until `now` with no segment: timers may have run out. Fills all of `v`. */
static inline void told_time(struct connection *c, const struct rules *rules, int64_t now,
                             struct verdict *v)
{
    const struct segment nothing = {.time = now};
    struct moment m = moment_of(c, rules, &nothing, v);
    for (unsigned i = 0; i < 2 && c->started; i++)
        evidence_time(&m, &c->end[i]);
    connection_view(c, v);
}

#endif
