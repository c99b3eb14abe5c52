/* See store.h. The chunks never move; the table of them doubles.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "store.h"

#include "heap.h"

enum { CHUNK = 2048 }; /* items */

void store_begin(struct store *s, size_t size)
{
    *s = (struct store){.size = size, .count = 1};
}

void *store_at(const struct store *s, uint32_t index)
{
    return s->chunk[index / CHUNK] + index % CHUNK * s->size;
}

static void store_grow(struct store *s)
{
    if ((s->chunks & (s->chunks - 1)) == 0) /* 0 or a power of two: the table is full */
        s->chunk = heap_resize(s->chunk, (s->chunks ? 2 * s->chunks : 1) * sizeof *s->chunk);
    s->chunk[s->chunks++] = heap_zeroed(CHUNK * s->size);
}

void *store_add(struct store *s)
{
    if (s->count / CHUNK >= s->chunks)
        store_grow(s);
    return store_at(s, s->count++);
}

static bool is_up_to(const struct store *s, uint32_t index, size_t offset, uint32_t key)
{
    return *(const uint32_t *)((const uint8_t *)store_at(s, index) + offset) <= key;
}

uint32_t store_last_up_to(struct store *s, size_t offset, uint32_t key)
{
    uint32_t low = 1, high = s->count;
    for (uint32_t i = s->found; i && i <= s->found + 1 && i < s->count; i++)
        if (is_up_to(s, i, offset, key) && (i + 1 == s->count || !is_up_to(s, i + 1, offset, key)))
            return s->found = i;
    while (low < high) {
        const uint32_t middle = high == s->count ? high - 1 : low + (high - low) / 2;
        if (is_up_to(s, middle, offset, key))
            low = middle + 1;
        else
            high = middle;
    }
    return s->found = low - 1;
}
