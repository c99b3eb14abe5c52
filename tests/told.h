/* The machine alone: it is told what happens, and infers nothing of what arrived.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_TESTS_TOLD_H
#define TCPSTATE_TESTS_TOLD_H

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

#endif
