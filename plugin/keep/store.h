/* Append-only arrays, as long as the capture is kept.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_STORE_H
#define TCPSTATE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Items of one size, by chunks; none is ever moved. Item 0 is never handed out. */
struct store {
    size_t size;     /* of one item */
    uint32_t count;  /* including item 0 */
    uint32_t chunks; /* allocated; the table of them has room for the next power of two */
    uint32_t found;  /* the last that was searched for; mostly the same or the next one follows */
    uint8_t **chunk;
};

/* A capture begins: the array is empty. */
void store_begin(struct store *s, size_t size);

/* Room for one more item, zeroed. */
void *store_add(struct store *s);

/* One of those that were added, from 1. */
void *store_at(const struct store *s, uint32_t index);

/* The index of the last item whose number at `offset`, a frame or a record, is at most `key`; 0 is
 * none. Both are written in ascending order, and mostly the newest is asked for. */
uint32_t store_last_up_to(struct store *s, size_t offset, uint32_t key);

#endif
