/* The record of every segment, packed.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Most segments only carry data and change nothing. So a record is small and points to what
 * connections share over many segments (a snapshot) and to what only a few have (an event). All are
 * kept in append-only arrays of chunks: nothing is ever moved, and no segment has its own heap
 * block. */
#include "compat.h"

#include "records.h"

#include <epan/wmem_scopes.h>

/* File scope. An array that only grows, by chunks of CHUNK items. Item 0 is never handed out. */
enum { CHUNK = 2048 };
struct store {
    size_t size;     /* of one item */
    uint32_t count;  /* including item 0 */
    uint32_t chunks; /* allocated; the table of them has room for the next power of two */
    uint8_t **chunk;
};

/* File scope, one for each segment, in the order of dissection. */
struct record {
    uint32_t frame, snapshot;
    uint16_t layer; /* which TCP segment of the frame */
    uint8_t sender;
    bool eventful; /* has an event, which knows its record */
};

/* File scope, one for each change of a connection. */
struct snapshot {
    uint32_t since[2], connection;
    state_set possible[2];
    uint8_t state[2], confirmed[2], client, roles;
};

/* File scope, one for each segment with anything to tell. Only a finding that later segments bring
 * is added to it afterwards. */
struct event {
    check_set checks;
    int64_t time; /* of the segment */
    uint32_t answers, evidence, amends;
    uint32_t record; /* whose it is; events are in the order of records */
    uint32_t step;   /* the first of its steps, which are consecutive */
    uint8_t was[2], class, owes, steps, amendment;
    bool refutes, ignored, opens, again;
};

/* File scope, one for each step of an endpoint. */
struct packed_step {
    uint32_t frame;
    uint8_t end, from, to, signal, why;
    uint8_t cite; /* index into `cites` */
};

/* File scope, one for each segment that is sent again. */
struct repetition {
    uint32_t record; /* whose it is; they are in the order of records */
    struct retries retries;
};

/* File scope, one for each connection, from 1: where its last record is, and of each end the last
 * repetition of what is not acknowledged, or 0. */
struct last {
    uint32_t record, repetition[2];
};

static struct store records, snapshots, events, steps, repetitions, lasts;
static int64_t latest; /* time of the last of all records */

/* Program lifetime: the texts are constants of the core, and few. */
static const char *cites[UINT8_MAX];

static void store_begin(struct store *s, size_t size)
{
    *s = (struct store){.size = size, .count = 1};
}

static void *store_at(const struct store *s, uint32_t index)
{
    return s->chunk[index / CHUNK] + index % CHUNK * s->size;
}

/* Room for one more item, zeroed. */
static void *store_add(struct store *s)
{
    if (s->count / CHUNK >= s->chunks) {
        if ((s->chunks & (s->chunks - 1)) == 0) /* 0 or a power of two: the table is full */
            s->chunk = wmem_realloc(wmem_file_scope(), s->chunk,
                                    (s->chunks ? 2 * s->chunks : 1) * sizeof *s->chunk);
        s->chunk[s->chunks++] = wmem_alloc(wmem_file_scope(), CHUNK * s->size);
    }
    return memset(store_at(s, s->count++), 0, s->size);
}

void records_begin(void)
{
    store_begin(&records, sizeof(struct record));
    store_begin(&snapshots, sizeof(struct snapshot));
    store_begin(&events, sizeof(struct event));
    store_begin(&steps, sizeof(struct packed_step));
    store_begin(&repetitions, sizeof(struct repetition));
    store_begin(&lasts, sizeof(struct last));
    latest = 0;
}

static uint8_t cite_index(const char *cite)
{
    uint8_t i = 0;
    while (cites[i] && cites[i] != cite && i < array_length(cites) - 1)
        i++;
    cites[i] = cite;
    return i;
}

static bool is_eventful(const struct verdict *v)
{
    bool moved = false;
    for (unsigned i = 0; i < 2; i++)
        moved |= v->end[i].was != v->end[i].state;
    return moved || v->steps || v->class || v->owes || v->answers || v->evidence || v->ignored ||
           v->opens || v->again || v->amends || checks_any(&v->checks);
}

static void write_steps(const struct verdict *v)
{
    for (unsigned i = 0; i < v->steps; i++) {
        const struct step *from = &v->step[i];
        struct packed_step *to = store_add(&steps);
        *to = (struct packed_step){.frame = from->frame,
                                   .end = from->end,
                                   .from = from->from,
                                   .to = from->to,
                                   .signal = from->signal,
                                   .why = from->why,
                                   .cite = cite_index(from->cite)};
    }
}

static bool write_event(const struct verdict *v, int64_t time)
{
    if (!is_eventful(v))
        return false;
    struct event *e = store_add(&events);
    *e = (struct event){.checks = v->checks,
                        .time = time,
                        .answers = v->answers,
                        .evidence = v->evidence,
                        .amends = v->amends,
                        .amendment = v->amendment,
                        .record = records.count - 1,
                        .step = steps.count,
                        .was = {v->end[0].was, v->end[1].was},
                        .class = v->class,
                        .owes = v->owes,
                        .steps = v->steps,
                        .refutes = v->refutes,
                        .ignored = v->ignored,
                        .opens = v->opens,
                        .again = v->again};
    write_steps(v);
    if (v->again)
        *(struct repetition *)store_add(&repetitions) =
            (struct repetition){records.count - 1, v->retries[v->sender]};
    return true;
}

static uint32_t write_snapshot(const struct recorded *r, uint32_t last)
{
    const struct verdict *v = &r->verdict;
    struct snapshot now;
    memset(&now, 0, sizeof now); /* padding too: it is compared */
    now.connection = r->connection;
    now.client = v->client;
    now.roles = v->roles;
    for (unsigned i = 0; i < 2; i++) {
        now.since[i] = v->end[i].since;
        now.possible[i] = v->end[i].possible;
        now.state[i] = v->end[i].state;
        now.confirmed[i] = v->end[i].confirmed;
    }
    /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): its padding is zeroed above */
    if (last && memcmp(store_at(&snapshots, last), &now, sizeof now) == 0)
        return last;
    memcpy(store_add(&snapshots), &now, sizeof now);
    return snapshots.count - 1;
}

static void note_last(uint32_t connection, const struct verdict *v)
{
    while (lasts.count <= connection + 1)
        store_add(&lasts);
    struct last *last = store_at(&lasts, connection + 1);
    last->record = records.count - 1;
    if (v->again)
        last->repetition[v->sender] = repetitions.count - 1;
    for (unsigned i = 0; i < 2; i++)
        if (!v->retries[i].times)
            last->repetition[i] = 0;
}

void records_write(const struct segment *s, uint16_t layer, const struct recorded *r,
                   uint32_t *last)
{
    struct record *record = store_add(&records);
    *last = write_snapshot(r, *last);
    *record = (struct record){.frame = s->frame,
                              .snapshot = *last,
                              .layer = layer,
                              .sender = r->verdict.sender,
                              .eventful = write_event(&r->verdict, s->time)};
    note_last(r->connection, &r->verdict);
    latest = MAX(latest, s->time);
}

static const struct retries *retries_at(uint32_t repetition)
{
    return &((const struct repetition *)store_at(&repetitions, repetition))->retries;
}

bool records_ending(uint32_t frame, int64_t time, uint32_t connection, struct ending *ending)
{
    if (lasts.count <= connection + 1)
        return false;
    const struct last *last = store_at(&lasts, connection + 1);
    *ending = (struct ending){.silence = latest - time};
    for (unsigned i = 0; i < 2; i++)
        if (last->repetition[i])
            ending->retries[i] = *retries_at(last->repetition[i]);
    return ((const struct record *)store_at(&records, last->record))->frame == frame;
}

/* The index of the last item whose number at `offset`, a frame or a record, is at most `key`; 0 is
 * none. Both are written in ascending order, and mostly the newest is asked for. */
static uint32_t last_up_to(const struct store *s, size_t offset, uint32_t key)
{
    uint32_t low = 1, high = s->count;
    while (low < high) {
        const uint32_t middle = high == s->count ? high - 1 : low + (high - low) / 2;
        if (*(const uint32_t *)((const uint8_t *)store_at(s, middle) + offset) <= key)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

static uint32_t last_record(uint32_t frame)
{
    return last_up_to(&records, offsetof(struct record, frame), frame);
}

static struct event *event_of(uint32_t record)
{
    return store_at(&events, last_up_to(&events, offsetof(struct event, record), record));
}

/* The last match counts: under a read filter a frame that fails it has the number of the next one,
 * so a number can be seen more than once. */
static uint32_t find_record(uint32_t frame, uint16_t layer)
{
    for (uint32_t i = last_record(frame); i > 0; i--) {
        const struct record *record = store_at(&records, i);
        if (record->frame != frame)
            break;
        if (record->layer == layer)
            return i;
    }
    return 0;
}

/* What is amended has an event: it did something that turned out to be something else. */
static void amend(uint32_t record, enum check check)
{
    struct event *e = event_of(record);
    e->checks.bits[check / 64] |= UINT64_C(1) << (check % 64);
    e->class = MAX(e->class, check_text(check)->class);
}

void records_amend(uint32_t frame, uint32_t connection, enum check check)
{
    for (uint32_t i = last_record(frame); i > 0; i--) {
        const struct record *record = store_at(&records, i);
        const struct snapshot *snapshot = store_at(&snapshots, record->snapshot);
        if (record->frame != frame)
            break;
        if (snapshot->connection == connection && record->eventful)
            amend(i, check);
    }
}

static void read_snapshot(const struct snapshot *s, struct recorded *r)
{
    struct verdict *v = &r->verdict;
    r->connection = s->connection;
    v->client = s->client;
    v->roles = s->roles;
    for (unsigned i = 0; i < 2; i++) {
        v->end[i] = (struct end_view){.was = s->state[i],
                                      .state = s->state[i],
                                      .confirmed = s->confirmed[i],
                                      .possible = s->possible[i],
                                      .since = s->since[i]};
    }
}

static void read_steps(const struct event *e, struct verdict *v)
{
    for (v->steps = 0; v->steps < e->steps; v->steps++) {
        const struct packed_step *from = store_at(&steps, e->step + v->steps);
        v->step[v->steps] = (struct step){.frame = from->frame,
                                          .end = from->end,
                                          .from = from->from,
                                          .to = from->to,
                                          .signal = from->signal,
                                          .why = from->why,
                                          .cite = cites[from->cite]};
    }
}

static void read_event(const struct event *e, struct verdict *v)
{
    v->checks = e->checks;
    v->answers = e->answers;
    v->evidence = e->evidence;
    v->amends = e->amends;
    v->amendment = e->amendment;
    v->end[0].was = e->was[0];
    v->end[1].was = e->was[1];
    v->class = e->class;
    v->owes = e->owes;
    v->refutes = e->refutes;
    v->ignored = e->ignored;
    v->opens = e->opens;
    v->again = e->again;
    if (v->again)
        v->retries[v->sender] =
            *retries_at(last_up_to(&repetitions, offsetof(struct repetition, record), e->record));
    read_steps(e, v);
}

bool records_read(uint32_t frame, uint16_t layer, struct recorded *r)
{
    const uint32_t index = find_record(frame, layer);
    if (!index)
        return false;
    const struct record *record = store_at(&records, index);
    *r = (struct recorded){.verdict = {.sender = record->sender}};
    read_snapshot(store_at(&snapshots, record->snapshot), r);
    if (record->eventful)
        read_event(event_of(index), &r->verdict);
    return true;
}

int64_t records_time(uint32_t frame)
{
    for (uint32_t i = last_record(frame); i > 0; i--) {
        const struct record *record = store_at(&records, i);
        if (record->frame != frame)
            break;
        if (record->eventful)
            return event_of(i)->time;
    }
    return 0;
}
