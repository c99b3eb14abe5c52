/* See ranges.h.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "rfc/ranges.h"

#include "seq.h"

static void drop_first(struct ranges *r)
{
    r->count--;
    for (unsigned i = 0; i < r->count; i++)
        r->held[i] = r->held[i + 1];
}

/* Keep the ranges sorted; what no longer fits falls off the far end. */
static void insert(struct ranges *r, struct range new)
{
    unsigned at = 0;
    while (at < r->count && seq_lt(r->held[at].start, new.start))
        at++;
    for (unsigned i = r->count < RANGES_MAX ? r->count++ : RANGES_MAX - 1u; i > at; i--)
        r->held[i] = r->held[i - 1];
    if (at < RANGES_MAX)
        r->held[at] = new;
}

static void join_neighbours(struct ranges *r)
{
    for (unsigned i = 0; i + 1 < r->count;) {
        if (seq_lt(r->held[i].end, r->held[i + 1].start)) {
            i++;
            continue;
        }
        r->held[i + 1].start = r->held[i].start;
        r->held[i + 1].end = seq_max(r->held[i].end, r->held[i + 1].end);
        r->count--;
        for (unsigned k = i; k < r->count; k++)
            r->held[k] = r->held[k + 1];
    }
}

uint32_t ranges_add(struct ranges *r, uint32_t edge, uint32_t start, uint32_t end)
{
    if (seq_lt(edge, start)) {
        insert(r, (struct range){start, end});
        join_neighbours(r);
        return edge;
    }
    edge = seq_max(edge, end);
    while (r->count && seq_le(r->held[0].start, edge)) {
        edge = seq_max(edge, r->held[0].end);
        drop_first(r);
    }
    return edge;
}
