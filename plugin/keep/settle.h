/* Segments told in hindsight as soon as nothing that comes later can change what they did, with
 * nothing kept of them afterwards: what is remembered is of connections.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A segment is final when its episode has ended (core/infer/history.h), and most are at once. What
 * is told is what its record would say (records.h) but for who is client, which is known in the
 * end, and for what was sent again in vain, which is told apart. */
#ifndef TCPSTATE_SETTLE_H
#define TCPSTATE_SETTLE_H

#include "ending.h"
#include "heap.h"
#include "pairs.h"
#include "sighting.h"

struct rules;

/* A segment, or an ICMP error about one. Lives as long as the call. */
struct settled {
    const struct pair *pair;
    const struct segment *segment;
    const struct verdict *verdict;
    bool is_icmp;
    uint8_t icmp;
};

/* A connection of which nothing more is captured. */
struct settled_end {
    const struct pair *pair;
    struct ending ending;
};

/* Who is told. `memory` is his, of one connection: `size` octets, whole words, zeroed at first, and
 * folded while it rests. */
struct settle_reader {
    size_t size;
    bool by_first; /* connections end in the order of their first segments, not of their last */
    void (*add)(void *memory, const struct settled *settled);
    /* What was sent again in this frame had arrived before. */
    void (*in_vain)(void *memory, uint32_t frame);
    void (*end)(void *context, void *memory, const struct settled_end *end);
    void *context;
};

/* A capture begins; see follow_begin(). `reader` lives until settle_end(). */
void settle_begin(const struct lender *lender, const struct rules *rules,
                  const struct settle_reader *reader);

/* The next one was seen. */
void settle_add(struct sighting *seen);

/* There is no more: all that is not told is told now. */
void settle_end(void);

#endif
