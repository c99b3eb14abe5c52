/* See remembered.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "remembered.h"

#include "heap.h"
#include "observe.h"

#include <string.h>

static void make_room(struct remembered *r, uint32_t count)
{
    if (count > r->room) {
        r->room = 2 * count;
        r->all = heap_resize(r->all, r->room * r->size);
    }
    memset(r->all + r->count * r->size, 0, (count - r->count) * r->size);
    r->count = count;
}

static void *memory_of(void *context, uint32_t connection)
{
    struct remembered *r = context;
    if (connection >= r->count)
        make_room(r, connection + 1);
    return r->all + connection * r->size;
}

struct memories remembered_begin(struct remembered *r, size_t size)
{
    *r = (struct remembered){.size = size};
    return (struct memories){memory_of, r};
}

void remembered_end(struct remembered *r)
{
    heap_free(r->all);
}

/* ---- stories ---- */

static struct story **place_of(void *shelf, uint32_t connection)
{
    return memory_of(&((struct shelf *)shelf)->stories, connection);
}

static struct story *find(void *shelf, uint32_t connection)
{
    return *place_of(shelf, connection);
}

static struct story *make(void *shelf, uint32_t connection)
{
    return *place_of(shelf, connection) = heap_zeroed(sizeof(struct story));
}

static void drop(void *shelf, uint32_t connection)
{
    struct story **place = place_of(shelf, connection);
    heap_free(*place);
    *place = NULL;
}

static void outcome(void *shelf, uint32_t connection, struct outcome *o)
{
    (void)shelf;
    observe_outcome(connection, o);
}

struct story_host shelf_begin(struct shelf *shelf)
{
    remembered_begin(&shelf->stories, sizeof(struct story *));
    return (struct story_host){find, make, drop, outcome, shelf};
}

void shelf_end(struct shelf *shelf)
{
    remembered_end(&shelf->stories);
}
