/* See kept.h. Addresses are kept once, whoever uses them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "kept.h"

#include "observe.h"

struct kept {
    GArray *events;
    GHashTable *addresses; /* each is its own key */
};

/* One event, without what its record tells. */
struct kept_event {
    struct segment segment;
    const address *src, *dst;
    int64_t mark;
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
                                     .srcport = info->srcport,
                                     .dstport = info->dstport,
                                     .layer = info->layer,
                                     .is_icmp = info->is_icmp,
                                     .icmp = (uint8_t)info->icmp};
    g_array_append_val(kept->events, event);
}

void kept_each(const struct kept *kept, kept_tell *tell, void *context)
{
    wmem_allocator_t *pool = wmem_allocator_new(WMEM_ALLOCATOR_BLOCK_FAST);
    for (unsigned i = 0; observe_has_file() && i < kept->events->len; i++) {
        const struct kept_event *event = &g_array_index(kept->events, struct kept_event, i);
        struct tcpstate_tap_info info = {.segment = event->segment,
                                         .src = *event->src,
                                         .dst = *event->dst,
                                         .srcport = event->srcport,
                                         .dstport = event->dstport,
                                         .layer = event->layer,
                                         .is_icmp = event->is_icmp,
                                         .icmp = (enum icmp_error)event->icmp};
        if (observe_read(event->segment.frame, event->layer, &info.recorded))
            tell(context, pool, &info, event->mark);
        wmem_free_all(pool);
    }
    wmem_destroy_allocator(pool);
}
