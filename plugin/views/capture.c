/* See capture.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture.h"

#include "host.h"
#include "observe.h"
#include "store.h"
#include "ways.h"

/* One event. They are in the order of the capture. */
struct captured {
    struct segment segment;
    int64_t since_first;
    uint32_t next; /* of its connection, or 0: as chain_up() found last */
    uint16_t layer;
    bool is_icmp;
    uint8_t icmp;
};

/* The events of a connection, each with the next one. */
struct chain {
    uint32_t first, last; /* indices; 0: there is none */
};

/* From the beginning of a capture until the next. */
static struct store events;
static struct store chains; /* by number of connection, from 1 */
static struct store firsts; /* uint32_t: connections in the order of their first events */
static uint32_t chained;    /* events in chains */

void capture_begin(const struct lender *lender, const struct rules *rules)
{
    observe_begin(lender, rules);
    store_begin(&events, sizeof(struct captured));
    chained = 0;
}

void capture_add(void *unused, struct reader_packet *packet)
{
    struct recorded recorded;
    (void)unused;
    packet->seen.network = ways_network(packet->network);
    if (!observe(&packet->seen, &recorded))
        return;
    struct captured *event = store_add(&events);
    *event = (struct captured){.segment = packet->seen.segment,
                               .since_first = packet->since_first,
                               .layer = packet->seen.layer,
                               .is_icmp = packet->seen.is_icmp,
                               .icmp = (uint8_t)packet->seen.icmp};
    event->segment.from = recorded.verdict.sender;
}

/* False: its record is gone. */
static bool recall(uint32_t index, struct told *told)
{
    const struct captured *event = store_at(&events, index);
    struct recorded *r = &told->recorded;
    if (!observe_read(event->segment.frame, event->layer, r))
        return false;
    told->account = (struct account){.verdict = &r->verdict,
                                     .segment = &event->segment,
                                     .time = event->since_first,
                                     .live = {r->live[0], r->live[1]},
                                     .hindsight = r->hindsight,
                                     .is_icmp = event->is_icmp,
                                     .icmp = event->icmp};
    host_name_ends(&told->account, records_owner(r->verdict.connection));
    return true;
}

void capture_each(capture_tell *tell, void *context)
{
    struct told told;
    for (uint32_t i = 1; i < events.count; i++)
        if (recall(i, &told))
            tell(context, &told);
}

static struct chain *chain_of(uint32_t connection)
{
    while (chains.count <= connection + 1)
        store_add(&chains);
    return store_at(&chains, connection + 1);
}

static void link_event(uint32_t index, uint32_t connection)
{
    struct chain *chain = chain_of(connection);
    if (chain->first)
        ((struct captured *)store_at(&events, chain->last))->next = index;
    else
        *(uint32_t *)store_add(&firsts) = connection;
    chain->first = chain->first ? chain->first : index;
    chain->last = index;
}

static void chain_up(void)
{
    struct told told;
    if (chained == events.count)
        return;
    store_begin(&chains, sizeof(struct chain));
    store_begin(&firsts, sizeof(uint32_t));
    for (uint32_t i = 1; i < events.count; i++) {
        ((struct captured *)store_at(&events, i))->next = 0;
        if (recall(i, &told))
            link_event(i, told.recorded.verdict.connection);
    }
    chained = events.count;
}

static void tell_chain(uint32_t connection, capture_tell *tell, void *context)
{
    struct told told;
    for (uint32_t i = chain_of(connection)->first; i;
         i = ((const struct captured *)store_at(&events, i))->next)
        if (recall(i, &told))
            tell(context, &told);
}

void capture_each_connection(int64_t wanted, capture_tell *tell, void *context)
{
    chain_up();
    for (uint32_t i = 1; i < firsts.count; i++) {
        const uint32_t connection = *(const uint32_t *)store_at(&firsts, i);
        if (wanted < 0 || wanted == connection)
            tell_chain(connection, tell, context);
    }
}

bool capture_ending(const struct told *told, struct ending *ending)
{
    return observe_ending(&told->recorded, told->account.segment->time, ending);
}
