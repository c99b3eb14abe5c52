/* The list and the stories while a capture comes: what is known when each segment has come.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_LIVE_H
#define TCPSTATE_LIVE_H

#include "views.h"

/* Either of them, while it is written. */
struct live {
    struct list list;
    struct stories stories;
    struct remembered remembered;
    struct shelf shelf;
    bool is_list;
};

/* A capture begins: see capture_begin(). `two_msl`: nanoseconds in TIME_WAIT. */
typedef void live_begin(struct live *live, const struct look *look, const struct sink *to,
                        int64_t two_msl);
live_begin live_begin_list, live_begin_stories;

/* What the reader has told; `live` is its context. */
void live_add(void *live, struct reader_packet *packet);

/* There is no more. False: there was nothing to show. */
bool live_end(struct live *live);

#endif
