/* See observe.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A connection is found by its pair of sockets (pairs.c), and woken if
 * it is at rest (memory.c); what each segment did is written into its record (records.c), and
 * written anew when a later one shows that it did something else (history.h). */
#include "observe.h"

#include "heap.h"
#include "infer/belongs.h"
#include "map.h"
#include "memory.h"
#include "ways.h"

/* The first segment of a pair, as long as it is the only one: a scan or a SYN flood is many pairs
 * of one segment, and this is a tenth of a memory's size. */
struct first {
    struct segment segment;
    uint32_t record, number; /* and that of its connection, plus 1 */
    bool closed;             /* the end of the capture has told something of it */
};

/* From the beginning of a capture until the next. */
static struct rules rules;
static struct host host;

/* What is being observed, for host.write(). */
static struct {
    const struct segment *segment;
    uint16_t layer;
    struct pair *pair;
    struct memory *memory;
    uint32_t record; /* that was written last */
} now;

static uint32_t write(void *unused, const struct event *e, bool first, const struct verdict *v)
{
    (void)unused;
    if (first && e->tag)
        records_go_back(&now.memory->start, &now.pair->snapshot);
    else if (first)
        now.memory->start = records_mark(now.pair->snapshot);
    return now.record = records_write(e ? &e->segment : now.segment, now.layer, v, e ? e->tag : 0,
                                      e != NULL, &now.pair->snapshot, now.pair);
}

/* As long as the capture: by number, the outcomes of those connections whose sockets have opened another one.
 * That of any other is in the memory of its pair. */
static struct map outcomes; /* struct outcome */

static void remember_outcome(void *unused, uint32_t connection, const struct outcome *o)
{
    struct outcome *kept = map_find(&outcomes, connection);
    (void)unused;
    if (!kept)
        map_put(&outcomes, connection, kept = heap_new(sizeof *kept));
    *kept = *o;
}

void observe_begin(const struct lender *lender, const struct rules *by)
{
    heap_begin(lender);
    rules = *by;
    host = (struct host){.rules = &rules, .write = write, .ended = remember_outcome};
    outcomes = (struct map){.room = 0};
    pairs_begin();
    ways_begin();
    memory_begin();
    records_begin(rules.two_msl);
}

/* How much the port speaks for a server (ports.def). */
static int serves(uint16_t port)
{
    enum { OPENS = -1, NOT_KNOWN, LISTENS };
    switch (port) {
#define PORT(number, role, service)                                                                \
    case number:                                                                                   \
        return role;
#include "ports.def"
#undef PORT
    default:
        return NOT_KNOWN;
    }
}

/* By the service, or else the lower port: stock TCP's own guess looks at the ports only, too. */
static uint8_t likely_server(const struct sockets *sockets)
{
    const uint16_t port[2] = {sockets_port(sockets, 0), sockets_port(sockets, 1)};
    const int more = serves(port[1]) - serves(port[0]);
    if (port[0] == port[1])
        return 0;
    return (uint8_t)(1 + (more ? more > 0 : port[1] < port[0]));
}

/* The first segment once more, now that there is a second one: it has its record already. */
static uint32_t write_nothing(void *context, const struct event *e, bool first,
                              const struct verdict *v)
{
    (void)first;
    (void)v;
    return e ? ((const struct first *)context)->record : 0;
}

static void remember_first(struct memory *memory, struct first *first)
{
    struct verdict unused;
    struct host once = {
        .rules = &rules, .numbers = first->number - 1, .write = write_nothing, .context = first};
    memory->start = (struct record_mark){.snapshot = 0};
    history_observe(&memory->history, &once, &first->segment, &unused);
    memory->history.closed = first->closed;
}

/* The memory of a pair of which at least one segment was seen. */
static struct memory *memory_of(struct pair *pair)
{
    struct first *first = pair->has_connection ? NULL : pair->first;
    struct memory *memory = memory_wake(pair);
    if (!first)
        return memory;
    remember_first(memory, first);
    heap_free(first);
    return memory_wake(pair);
}

/* A memory for a pair's only segment, which is not kept. */
static struct memory *memory_of_one(void)
{
    static struct event event;
    static struct memory alone;
    alone = (struct memory){.history = {.event = &event}};
    return &alone;
}

static void observe_first(struct pair *pair, const struct segment *s, struct verdict *v)
{
    now.memory = memory_of_one();
    history_observe(&now.memory->history, &host, s, v);
    pair->first = heap_new(sizeof(struct first));
    *pair->first =
        (struct first){.segment = *s, .record = now.record, .number = now.memory->history.number};
    pair->unsettled = true;
}

static void observe_segment(struct segment *s, const struct sockets *sockets, struct pair *pair,
                            struct verdict *v)
{
    s->server_port_hint = likely_server(sockets);
    if (!pair->has_connection && !pair->first) {
        observe_first(pair, s, v);
        return;
    }
    now.memory = memory_of(pair);
    history_observe(&now.memory->history, &host, s, v);
    pair->unsettled = now.memory->history.count > 0;
    records_write_live(v);
}

/* What is remembered of a pair, to be looked at: until the next call. */
static struct memory *recall(struct pair *pair)
{
    struct first *first = pair->has_connection ? NULL : pair->first;
    struct memory *memory = first ? memory_of_one() : memory_of(pair);
    if (first)
        remember_first(memory, first);
    return memory;
}

/* Nothing is changed by asking. */
static bool fits(struct pair *pair, const struct segment *s)
{
    return belongs_to(&recall(pair)->history.now, s);
}

/* NULL: an error about what was never seen. */
static struct pair *pair_of(const struct sighting *seen)
{
    struct pair *first =
        seen->is_icmp ? pairs_find(&seen->sockets) : pairs_get(&seen->sockets, seen->network);
    return first && first->network != seen->network ? ways_pair(first, seen, fits) : first;
}

/* An ICMP error is told in its frame, too, if it is about a segment of a connection that was seen. */
bool observe(struct sighting *seen, struct recorded *r)
{
    struct pair *pair = pair_of(seen);
    if (!pair)
        return false;
    now.segment = &seen->segment;
    now.layer = seen->layer;
    now.pair = pair;
    if (seen->is_icmp) {
        now.memory = memory_of(pair);
        history_icmp(&now.memory->history, &host, &seen->segment, seen->icmp, &r->verdict);
    } else {
        observe_segment(&seen->segment, &seen->sockets, pair, &r->verdict);
    }
    r->number = now.record;
    r->hindsight = false;
    return true;
}

/* Have the end of the capture tell what it tells, as far as it has been read. */
static void close_pair(struct pair *pair)
{
    const uint32_t end = records_count();
    struct first *first = pair->has_connection ? NULL : pair->first;
    if (!pair->unsettled || pair->closed_at == end)
        return;
    pair->closed_at = end;
    now.pair = pair;
    now.memory = recall(pair);
    history_close(&now.memory->history, &host, records_latest());
    if (first)
        first->closed = now.memory->history.closed;
}

bool observe_read(uint32_t frame, uint16_t layer, struct recorded *recorded)
{
    struct pair *pair = records_pair(frame, layer);
    if (!pair)
        return false;
    close_pair(pair);
    return records_read(frame, layer, recorded);
}

void observe_outcome(uint32_t connection, struct outcome *o)
{
    const struct history *h = &recall(records_owner(connection))->history;
    uint32_t now_is;
    if (history_outcome(h, records_latest(), &now_is, o) && now_is == connection)
        return;
    const struct outcome *kept = map_find(&outcomes, connection);
    *o = kept ? *kept : (struct outcome){.closed_in = 0};
}

bool observe_ending(const struct recorded *r, int64_t time, struct ending *ending)
{
    if (!records_ending(r, time, ending))
        return false;
    observe_outcome(r->verdict.connection, &ending->outcome);
    return true;
}
