/* A whole capture without Wireshark: what the core says of each of its segments, live and in
 * hindsight, for tell to put into words.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_TESTS_TELL_WITNESS_H
#define TCPSTATE_TESTS_TELL_WITNESS_H

#include "../dump.h"
#include "account.h"
#include "ending.h"
#include "infer/history.h"

/* What it was, and both readings of it. */
struct sight {
    struct seen seen;
    struct verdict live, known; /* as it came; in hindsight, once the capture has ended */
    uint8_t live_state[2];
    unsigned pair; /* index of its sockets */
    unsigned last; /* index of the last sight of its connection, once the capture has ended */
};

struct witness {
    struct host core;
    struct sight *sight;
    struct pair *pair;       /* histories, in the order of their first segments */
    struct outcome *outcome; /* by number: of connections whose sockets opened another one */
    unsigned count, pairs, outcomes;
};

void witness_begin(struct witness *w);
void witness_end(struct witness *w);

/* The next one was captured. NULL: it is an error about nobody who was seen. */
const struct sight *witness_observe(struct witness *w, const struct seen *seen);

/* The capture has ended: what is known is hindsight from now on. */
void witness_close(struct witness *w);

/* Sight `i` as it came, or as it is known in hindsight, read into `v`. */
struct account witness_live(const struct witness *w, unsigned i);
struct account witness_known(const struct witness *w, unsigned i, struct verdict *v);

/* What is known now of how a connection ended, or stands. */
void witness_outcome(const struct witness *w, uint32_t connection, struct outcome *o);

/* How the connection ends whose last sight is `i`. */
struct ending witness_ending(const struct witness *w, unsigned i);

#endif
