/* See rest.h. A struct connection has room for whatever may happen, and mostly little has: half of
 * it and more is zero. Captures have many connections, and few at a time.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rest.h"

#include "connection.h"

#include <epan/wmem_scopes.h>

enum { AWAKE_MAX = 1024, WORDS = sizeof(struct connection) / sizeof(uint32_t), MARK_BITS = 32 };
_Static_assert(sizeof(struct connection) % sizeof(uint32_t) == 0, "a connection is whole words");

/* File scope, one for each connection at rest. */
struct folded {
    uint32_t marks[(WORDS + MARK_BITS - 1) / MARK_BITS]; /* a bit for each word that is not zero */
    uint32_t word[];                                     /* these */
};

/* File scope; place 0 is never used. A hand goes round, and who was not heard of since it came by
 * the last time has to go. */
static struct place {
    struct connection *connection;
    struct pair *owner;
    bool heard;
} places[AWAKE_MAX];
static uint16_t hand;

void rest_begin(void)
{
    memset(places, 0, sizeof places); /* what they held was of file scope */
    hand = 0;
}

static struct folded *fold(const struct connection *c)
{
    struct folded *folded, marked = {{0}};
    uint32_t word[WORDS], count = 0;
    memcpy(word, c, sizeof word);
    for (unsigned i = 0; i < WORDS; i++)
        if (word[i]) {
            marked.marks[i / MARK_BITS] |= UINT32_C(1) << (i % MARK_BITS);
            word[count++] = word[i];
        }
    folded = wmem_alloc(wmem_file_scope(), sizeof *folded + count * sizeof *word);
    *folded = marked;
    memcpy(folded->word, word, count * sizeof *word);
    return folded;
}

static void unfold(struct connection *c, const struct folded *folded)
{
    uint32_t word[WORDS] = {0}, count = 0;
    for (unsigned i = 0; i < WORDS; i++)
        if (folded->marks[i / MARK_BITS] >> (i % MARK_BITS) & 1)
            word[i] = folded->word[count++];
    memcpy(c, word, sizeof word);
}

static void lay_to_rest(struct place *place)
{
    if (place->owner) {
        place->owner->folded = fold(place->connection);
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

struct connection *rest_wake(struct pair *pair)
{
    if (!pair->place) {
        struct folded *folded = pair->has_connection ? pair->folded : NULL;
        pair->place = find_place();
        struct place *place = &places[pair->place];
        if (!place->connection)
            place->connection = wmem_new(wmem_file_scope(), struct connection);
        if (folded)
            unfold(place->connection, folded);
        else
            memset(place->connection, 0, sizeof *place->connection);
        if (folded)
            wmem_free(wmem_file_scope(), folded);
        place->owner = pair;
        pair->has_connection = true;
    }
    places[pair->place].heard = true;
    return places[pair->place].connection;
}
