/* See ways.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Interface, VLAN and tunnel alone do not tell two connections apart: a router's segment is
 * captured on both sides of it, each direction may have an interface or a VLAN of its own, and
 * merged files number the same interface anew. So a network that is new to a pair of sockets is
 * asked for its first segment in either direction: if its numbers are near those of a connection
 * that is known, it is the same one, and otherwise another. That is settled once. MAC addresses do
 * not count: there are several on the way of one connection. */
#include "ways.h"

#include "heap.h"
#include "map.h"

enum { WAYS_MAX = 64 }; /* of a pair of sockets; in still more networks it is of one that it fits */

/* One way of a pair of sockets in a network, and the connection it belongs to. */
struct way {
    struct way *next;
    struct pair *pair;
    uint16_t network;
    uint8_t from;
    unsigned number; /* from 1 */
};

/* One network that was seen. */
struct network {
    uint16_t number;
};

/* As long as the capture. */
static struct map networks; /* struct network, by key */
static struct map ways;     /* the first struct way, by the first pair */
static struct {
    uint64_t key;
    uint16_t number;
    bool known;
} latest;

void ways_begin(void)
{
    networks = ways = (struct map){.room = 0};
    latest.known = false;
}

/* ---- the number of a network ---- */

static uint16_t number_of(uint64_t key)
{
    struct network *known = map_find(&networks, key);
    if (known)
        return known->number;
    known = heap_new(sizeof *known);
    known->number = (uint16_t)(networks.count < UINT16_MAX ? networks.count : UINT16_MAX);
    map_put(&networks, key, known);
    return known->number;
}

uint16_t ways_network(uint64_t key)
{
    if (!latest.known || latest.key != key) {
        latest.key = key;
        latest.number = number_of(key);
        latest.known = true;
    }
    return latest.number;
}

/* ---- the connection of a segment ---- */

static uint64_t key_of(const struct pair *first)
{
    return (uint64_t)(uintptr_t)first;
}

static const struct way *find_way(struct pair *first, uint16_t network, uint8_t from)
{
    const struct way *way = map_find(&ways, key_of(first));
    while (way && (way->network != network || way->from != from))
        way = way->next;
    return way;
}

static struct pair *add_way(struct pair *first, const struct sighting *seen, struct pair *pair)
{
    struct way *next = map_find(&ways, key_of(first));
    struct way *way = heap_new(sizeof(struct way));
    *way = (struct way){.next = next,
                        .pair = pair,
                        .network = seen->network,
                        .from = seen->segment.from,
                        .number = next ? next->number + 1 : 1};
    map_put(&ways, key_of(first), way);
    return pair;
}

static bool has_many_ways(const struct pair *first)
{
    const struct way *way = map_find(&ways, key_of(first));
    return way && way->number == WAYS_MAX;
}

/* A connection that is known and that the segment fits: of its own network before all others. */
static struct pair *find_fitting(struct pair *first, const struct sighting *seen, ways_fit *fits)
{
    struct pair *found = fits(first, &seen->segment) ? first : NULL;
    for (const struct way *way = map_find(&ways, key_of(first)); way; way = way->next)
        if (way->pair != first && (!found || way->network == seen->network) &&
            fits(way->pair, &seen->segment))
            found = way->pair;
    return found;
}

struct pair *ways_pair(struct pair *first, const struct sighting *seen, ways_fit *fits)
{
    const struct way *way = find_way(first, seen->network, seen->segment.from);
    if (way && !seen->is_icmp)
        return way->pair;
    struct pair *pair = find_fitting(first, seen, fits);
    if (seen->is_icmp || has_many_ways(first))
        return pair ? pair : first;
    return add_way(first, seen, pair ? pair : pairs_add_other(&seen->sockets, seen->network));
}
