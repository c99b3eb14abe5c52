/* See memory.h. A struct history has room for whatever may happen, and mostly little has: half of
 * it and more is zero. Captures have many connections, and few at a time.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "memory.h"

#include "fold.h"
#include "heap.h"

#include <string.h>

enum { AWAKE_MAX = 1024, FEW = 4 };

/* As long as the capture; place 0 is never used. A hand goes round, and who was not heard
 * of since it came by the last time has to go. */
static struct place {
    struct memory *memory;
    struct pair *owner;
    bool heard;
} places[AWAKE_MAX];
static uint16_t hand;
static void (*rests)(struct pair *pair);

void memory_begin(void (*tell)(struct pair *pair))
{
    rests = tell;
    memset(places, 0, sizeof places); /* what they held was of another capture */
    hand = 0;
}

static void lay_to_rest(struct place *place)
{
    if (place->owner) {
        struct history *h = &place->memory->history;
        if (!h->count) { /* settled: nothing is told anew */
            h->start = (struct connection){.started = false};
            heap_free(h->event);
            h->event = NULL;
            place->memory->room = 0;
        }
        if (rests)
            rests(place->owner);
        place->owner->folded = fold(place->memory, sizeof *place->memory);
        place->owner->place = 0;
    }
    place->owner = NULL;
}

/* A place that is free, or becomes so. */
static uint16_t find_place(void)
{
    do {
        hand = (uint16_t)(hand % (AWAKE_MAX - 1) + 1);
        if (!places[hand].heard) {
            lay_to_rest(&places[hand]);
            return hand;
        }
        places[hand].heard = false;
    } while (true);
}

static void make_room(struct memory *m)
{
    struct history *h = &m->history;
    if (h->count < m->room)
        return;
    m->room = m->room ? (uint16_t)(2 * m->room) : FEW;
    h->event = heap_resize(h->event, m->room * sizeof *h->event);
}

struct memory *memory_wake(struct pair *pair)
{
    if (!pair->place) {
        struct folded *folded = pair->has_connection ? pair->folded : NULL;
        pair->place = find_place();
        struct place *place = &places[pair->place];
        if (!place->memory)
            place->memory = heap_new(sizeof(struct memory));
        if (folded)
            unfold(place->memory, sizeof *place->memory, folded);
        else
            memset(place->memory, 0, sizeof *place->memory);
        if (folded)
            heap_free(folded);
        place->owner = pair;
        pair->has_connection = true;
    }
    places[pair->place].heard = true;
    make_room(places[pair->place].memory);
    return places[pair->place].memory;
}
