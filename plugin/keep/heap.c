/* See heap.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "heap.h"

#include <string.h>

/* From the beginning of a capture until the next. */
static struct lender lender;

void heap_begin(const struct lender *lent_by)
{
    lender = *lent_by;
}

void *heap_resize(void *memory, size_t size)
{
    return lender.resize(memory, size);
}

void *heap_new(size_t size)
{
    return lender.resize(NULL, size);
}

void *heap_zeroed(size_t size)
{
    return memset(heap_new(size), 0, size);
}

void heap_free(void *memory)
{
    lender.free(memory);
}

uint64_t heap_random(void)
{
    return lender.random();
}
