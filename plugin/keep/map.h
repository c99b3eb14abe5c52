/* What belongs to a number, in a hash table.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_MAP_H
#define TCPSTATE_MAP_H

#include <stdint.h>

/* Zeroed: nothing is in it. Lives as long as the capture (heap.h). */
struct map {
    struct map_entry *entry;
    uint32_t room, count; /* room: 0 or a power of two */
    uint64_t secret;
};

/* The value of a key; NULL: it has none. */
void *map_find(const struct map *map, uint64_t key);

/* `value` is not NULL, and takes the place of the one before. */
void map_put(struct map *map, uint64_t key, void *value);

#endif
