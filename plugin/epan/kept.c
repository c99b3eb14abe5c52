/* See kept.h. Addresses are kept once, whoever uses them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "kept.h"

#include "pending.h"

struct kept {
    GArray *events;
    GHashTable *addresses; /* each is its own key */
};

/* One event, without what its record tells. */
struct kept_event {
    struct segment segment;
    const address *src, *dst;
    int64_t mark, since_first;
    uint16_t srcport, dstport, layer;
    bool is_icmp;
    uint8_t icmp;
};

static unsigned hash_address(const void *key)
{
    return add_address_to_hash(0, key);
}

static gboolean same_address(const void *a, const void *b)
{
    return addresses_equal(a, b);
}

static void free_kept_address(void *kept)
{
    free_address_wmem(NULL, kept);
    g_free(kept);
}

struct kept *kept_new(void)
{
    struct kept *kept = g_new(struct kept, 1);
    kept->events = g_array_new(FALSE, FALSE, sizeof(struct kept_event));
    kept->addresses = g_hash_table_new_full(hash_address, same_address, NULL, free_kept_address);
    return kept;
}

void kept_free(struct kept *kept)
{
    g_array_free(kept->events, TRUE);
    g_hash_table_destroy(kept->addresses);
    g_free(kept);
}

void kept_reset(struct kept *kept)
{
    g_array_set_size(kept->events, 0);
    g_hash_table_remove_all(kept->addresses);
}

static const address *keep_address(struct kept *kept, const address *a)
{
    address *known = g_hash_table_lookup(kept->addresses, a);
    if (!known) {
        known = g_new(address, 1);
        copy_address_wmem(NULL, known, a);
        g_hash_table_add(kept->addresses, known);
    }
    return known;
}

void kept_add(struct kept *kept, const struct tcpstate_tap_info *info, int64_t mark)
{
    const struct kept_event event = {.segment = info->segment,
                                     .src = keep_address(kept, &info->src),
                                     .dst = keep_address(kept, &info->dst),
                                     .mark = mark,
                                     .since_first = info->since_first,
                                     .srcport = info->srcport,
                                     .dstport = info->dstport,
                                     .layer = info->layer,
                                     .is_icmp = info->is_icmp,
                                     .icmp = (uint8_t)info->icmp};
    g_array_append_val(kept->events, event);
}

/* False: its record is gone. */
static bool recall(const struct kept *kept, unsigned index, struct tcpstate_tap_info *info)
{
    const struct kept_event *event = &g_array_index(kept->events, struct kept_event, index);
    *info = (struct tcpstate_tap_info){.segment = event->segment,
                                       .since_first = event->since_first,
                                       .src = *event->src,
                                       .dst = *event->dst,
                                       .srcport = event->srcport,
                                       .dstport = event->dstport,
                                       .layer = event->layer,
                                       .is_icmp = event->is_icmp,
                                       .icmp = (enum icmp_error)event->icmp};
    return pending_read(event->segment.frame, event->layer, &info->recorded);
}

static int64_t mark_of(const struct kept *kept, unsigned index)
{
    return g_array_index(kept->events, struct kept_event, index).mark;
}

void kept_each(const struct kept *kept, kept_tell *tell, void *context)
{
    struct tcpstate_tap_info info;
    for (unsigned i = 0; pending_has_file() && i < kept->events->len; i++)
        if (recall(kept, i, &info))
            tell(context, &info, mark_of(kept, i));
}

/* The events of a connection, each with the next one. */
struct chain {
    uint32_t first, last; /* 1 + index; 0: there is none */
};

/* Connections in the order of their first events: `firsts`; for each event, 1 + the next one of its
 * connection, or 0: `next`. */
static void chain_up(const struct kept *kept, GArray *firsts, uint32_t *next)
{
    GArray *chains = g_array_new(FALSE, TRUE, sizeof(struct chain));
    struct tcpstate_tap_info info;
    for (uint32_t i = 0; i < kept->events->len; i++) {
        if (!recall(kept, i, &info))
            continue;
        const uint32_t number = info.recorded.verdict.connection, place = i + 1;
        if (number >= chains->len)
            g_array_set_size(chains, number + 1);
        struct chain *chain = &g_array_index(chains, struct chain, number);
        if (chain->first)
            next[chain->last - 1] = place;
        else
            g_array_append_val(firsts, place);
        chain->first = chain->first ? chain->first : place;
        chain->last = place;
    }
    g_array_free(chains, TRUE);
}

void kept_each_connection(const struct kept *kept, kept_tell *tell, void *context)
{
    if (!pending_has_file())
        return;
    GArray *firsts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t *next = g_new0(uint32_t, kept->events->len);
    struct tcpstate_tap_info info;
    chain_up(kept, firsts, next);
    for (unsigned i = 0; i < firsts->len; i++)
        for (uint32_t at = g_array_index(firsts, uint32_t, i); at; at = next[at - 1])
            if (recall(kept, at - 1, &info))
                tell(context, &info, mark_of(kept, at - 1));
    g_array_free(firsts, TRUE);
    g_free(next);
}
