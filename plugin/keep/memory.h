/* Connections at rest: all but those that were heard of last are folded to what is not zero in
 * them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_MEMORY_H
#define TCPSTATE_MEMORY_H

#include "infer/history.h"
#include "records.h"

/* What is known of a pair of sockets, beyond its records. */
struct memory {
    struct history history;
    struct record_mark start; /* of the records, where the episode began */
    uint16_t room;            /* of history.event */
};

/* A capture begins: there are no connections. `rests`: called before one is folded; or NULL. */
void memory_begin(void (*rests)(struct pair *pair));

/* The memory of a pair, to be read and written until the next call; zeroed when the pair had none
 * (`has_connection`), and then it has one. There is room for one more event. */
struct memory *memory_wake(struct pair *pair);

#endif
