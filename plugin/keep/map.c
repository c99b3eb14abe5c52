/* See map.h. Nothing is ever taken out, so a key lies where its hash says, or in the next place
 * that was free.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "map.h"

#include "heap.h"

enum { ROOM_MIN = 64 };

struct map_entry {
    uint64_t key;
    void *value; /* NULL: the place is free */
};

/* The one place for the key: where it is, or would be. There is always a free one. */
static struct map_entry *place_of(const struct map *map, uint64_t key)
{
    uint64_t hash = (key ^ map->secret) * UINT64_C(0x9e3779b97f4a7c15); /* 2^64 / golden ratio */
    hash = (hash ^ hash >> 32) * (map->secret | 1);
    for (uint32_t i = (uint32_t)(hash >> 32);; i++) {
        struct map_entry *e = &map->entry[i & (map->room - 1)];
        if (!e->value || e->key == key)
            return e;
    }
}

static void grow(struct map *map)
{
    const struct map old = *map;
    map->secret = heap_random();
    map->room = old.room ? 2 * old.room : ROOM_MIN;
    map->entry = heap_zeroed(map->room * sizeof *map->entry);
    for (uint32_t i = 0; i < old.room; i++)
        if (old.entry[i].value)
            *place_of(map, old.entry[i].key) = old.entry[i];
    heap_free(old.entry);
}

void *map_find(const struct map *map, uint64_t key)
{
    return map->room ? place_of(map, key)->value : NULL;
}

void map_put(struct map *map, uint64_t key, void *value)
{
    if (2 * map->count >= map->room)
        grow(map);
    struct map_entry *e = place_of(map, key);
    map->count += !e->value;
    *e = (struct map_entry){key, value};
}
