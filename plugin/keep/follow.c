/* See follow.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A connection is found by its pair of sockets (pairs.c), also in several networks (ways.c), and
 * woken if it is at rest (memory.c). What each segment did, and does when a later one shows that it
 * did something else (history.h), is the scribe's to write down. */
#include "follow.h"

#include "heap.h"
#include "infer/belongs.h"
#include "map.h"
#include "ways.h"

/* The first segment of a pair, as long as it is the only one: a scan or a SYN flood is many pairs
 * of one segment, and this is a tenth of a memory's size. */
struct first {
    struct segment segment;
    uint32_t tag, number; /* the scribe's; and that of its connection, plus 1 */
    bool closed;          /* the end of the capture has told something of it */
};

/* From the beginning of a capture until the next. */
static struct rules rules;
static struct host host;
static const struct scribe *scribe;
static struct followed now;

static uint32_t write(void *unused, const struct event *e, bool first, const struct verdict *v)
{
    (void)unused;
    return now.tag = scribe->write(&now, e, first, v);
}

/* As long as the capture: by number, the outcomes of those connections whose sockets have opened
 * another one. That of any other is in the memory of its pair. */
static struct map outcomes; /* struct outcome */

static void remember_outcome(void *unused, uint32_t connection, const struct outcome *o)
{
    struct outcome *kept = map_find(&outcomes, connection);
    (void)unused;
    if (!kept)
        map_put(&outcomes, connection, kept = heap_new(sizeof *kept));
    *kept = *o;
}

void follow_begin(const struct lender *lender, const struct rules *by,
                  const struct scribe *written_by)
{
    heap_begin(lender);
    rules = *by;
    scribe = written_by;
    host = (struct host){.rules = &rules, .write = write, .ended = remember_outcome};
    outcomes = (struct map){.room = 0};
    pairs_begin();
    ways_begin();
    memory_begin(scribe->rests);
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

/* The first segment once more, now that there is a second one: it has been written down already. */
static uint32_t write_again(void *context, const struct event *e, bool first,
                            const struct verdict *v)
{
    (void)first;
    if (e && scribe->write_again)
        scribe->write_again(&now, e, v);
    return e ? ((const struct first *)context)->tag : 0;
}

static uint32_t write_nothing(void *context, const struct event *e, bool first,
                              const struct verdict *v)
{
    (void)first;
    (void)v;
    return e ? ((const struct first *)context)->tag : 0;
}

static void remember_first(struct memory *memory, struct pair *pair, struct first *first,
                           bool is_written)
{
    struct verdict unused;
    struct host once = {.rules = &rules,
                        .numbers = first->number - 1,
                        .write = is_written ? write_again : write_nothing,
                        .context = first};
    memory->start = (struct record_mark){.snapshot = 0};
    now.pair = pair;
    now.memory = memory;
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
    remember_first(memory, pair, first, true);
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

/* What is remembered of a pair: until the next call. */
static struct memory *recall(struct pair *pair, bool is_written)
{
    struct first *first = pair->has_connection ? NULL : pair->first;
    struct memory *memory = first ? memory_of_one() : memory_of(pair);
    if (first)
        remember_first(memory, pair, first, is_written);
    return memory;
}

/* Nothing is changed by asking. */
static bool fits(struct pair *pair, const struct segment *s)
{
    return belongs_to(&recall(pair, false)->history.now, s);
}

/* NULL: an error about what was never seen. */
static struct pair *pair_of(const struct sighting *seen)
{
    struct pair *first =
        seen->is_icmp ? pairs_find(&seen->sockets) : pairs_get(&seen->sockets, seen->network);
    return first && first->network != seen->network ? ways_pair(first, seen, fits) : first;
}

static void follow_first(struct pair *pair, const struct segment *s, struct verdict *v)
{
    now.memory = memory_of_one();
    history_observe(&now.memory->history, &host, s, v);
    pair->first = heap_new(sizeof(struct first));
    *pair->first =
        (struct first){.segment = *s, .tag = now.tag, .number = now.memory->history.number};
    pair->unsettled = true;
}

/* Where an episode is full the next segment begins another. */
static void wake(struct pair *pair)
{
    now.memory = memory_of(pair);
    if (now.memory->history.count == EPISODE_MAX && scribe->ends)
        scribe->ends(&now);
}

static void follow_segment(struct segment *s, const struct sockets *sockets, struct pair *pair,
                           struct verdict *v)
{
    s->server_port_hint = likely_server(sockets);
    if (!pair->has_connection && !pair->first) {
        follow_first(pair, s, v);
        return;
    }
    wake(pair);
    history_observe(&now.memory->history, &host, s, v);
    pair->unsettled = now.memory->history.count > 0;
}

const struct followed *follow(struct sighting *seen, struct verdict *v)
{
    struct pair *pair = pair_of(seen);
    if (!pair)
        return NULL;
    now.segment = &seen->segment;
    now.layer = seen->layer;
    now.pair = pair;
    if (!seen->is_icmp) {
        follow_segment(&seen->segment, &seen->sockets, pair, v);
        return &now;
    }
    wake(pair);
    history_icmp(&now.memory->history, &host, &seen->segment, seen->icmp, v);
    return &now;
}

uint32_t follow_only_tag(const struct pair *pair)
{
    return pair->first->tag;
}

const struct followed *follow_close(struct pair *pair, int64_t end)
{
    struct first *first = pair->has_connection ? NULL : pair->first;
    now.memory = recall(pair, true);
    now.pair = pair;
    history_close(&now.memory->history, &host, end);
    if (first)
        first->closed = now.memory->history.closed;
    return &now;
}

void follow_outcome(struct pair *pair, uint32_t connection, int64_t end, struct outcome *o)
{
    const struct history *h = &recall(pair, false)->history;
    uint32_t now_is;
    if (history_outcome(h, end, &now_is, o) && now_is == connection)
        return;
    const struct outcome *kept = map_find(&outcomes, connection);
    *o = kept ? *kept : (struct outcome){.closed_in = 0};
}
