/* The record of every segment, packed.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Most segments only carry data and change nothing. So a record is small and points to what
 * connections share over many segments (a snapshot) and to what only a few have (an event). All are
 * kept in append-only arrays (store.h): nothing is ever moved, and no segment has its own heap
 * block. */
#include "compat.h"

#include "records.h"

#include "store.h"

/* File scope, one for each segment, in the order of dissection. */
struct record {
    uint32_t frame;
    uint32_t snapshot : 30, sender : 1, eventful : 1; /* has an event, which knows its record */
};

/* File scope, one for each change of a connection. */
struct snapshot {
    uint32_t since[2], connection;
    state_set possible[2];
    uint16_t layer; /* which TCP segment of the frame: nearly always the same in a connection */
    uint8_t state[2], confirmed[2], client, roles;
};

/* File scope, one for each segment that moved somebody or has a link or a reply. */
struct event {
    int64_t time;     /* of the segment */
    uint32_t record;  /* whose it is; events are in the order of records */
    uint32_t step;    /* the first of its steps, which are consecutive */
    uint32_t finding; /* 0: none */
    uint32_t answers, evidence;
    uint32_t was0 : 4, was1 : 4, class : 2, owes : 4, steps : 4;
    uint32_t refutes : 1, ignored : 1, opens : 1, again : 1;
};

/* File scope, one for each event with findings. Only what later segments bring is added afterwards.
 */
struct finding {
    check_set checks;
    uint32_t amends;
    uint8_t amendment;
};

/* File scope, one for each step of an endpoint. */
struct packed_step {
    uint32_t frame;
    uint32_t end : 1, from : 4, to : 4, signal : 4, why : 3, cite : 8; /* index into `cites` */
};

/* File scope, one for each segment that is sent again. */
struct repetition {
    uint32_t record; /* whose it is; they are in the order of records */
    struct retries retries;
};

/* File scope, one for each connection, from 1: where its last record is; of each end the last
 * repetition of what is not acknowledged, or 0; the next connection of the same sockets, and its
 * first frame, or 0; and 1 + the one before, or 0. */
struct last {
    uint32_t record, repetition[2], next, next_frame, before;
};

/* What does not fit would be cut off. */
_Static_assert(STATE_COUNT <= 16 && SIGNAL_COUNT <= 16 && STEPS_MAX < 16 && REPLY_COUNT <= 16 &&
                   STEP_RESYNC < 8 && VERDICT_ILLEGAL < 4,
               "the bits of an event and of a step");

static struct store records, snapshots, events, findings, steps, repetitions, lasts;
static int64_t latest; /* time of the last of all records */

/* Program lifetime: the texts are constants of the core, and few. */
static const char *cites[UINT8_MAX];

void records_begin(void)
{
    store_begin(&records, sizeof(struct record));
    store_begin(&snapshots, sizeof(struct snapshot));
    store_begin(&events, sizeof(struct event));
    store_begin(&findings, sizeof(struct finding));
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

static bool has_findings(const struct verdict *v)
{
    return v->amends || checks_any(&v->checks);
}

static bool is_eventful(const struct verdict *v)
{
    bool moved = false;
    for (unsigned i = 0; i < 2; i++)
        moved |= v->end[i].was != v->end[i].state;
    return moved || v->steps || v->class || v->owes || v->answers || v->evidence || v->ignored ||
           v->opens || v->again || has_findings(v);
}

static void write_steps(const struct verdict *v)
{
    for (unsigned i = 0; i < v->steps; i++) {
        const struct step *from = &v->step[i];
        struct packed_step *to = store_add(&steps);
        to->frame = from->frame;
        to->end = from->end & 1u;
        to->from = from->from & 0xfu;
        to->to = from->to & 0xfu;
        to->signal = from->signal & 0xfu;
        to->why = from->why & 0x7u;
        to->cite = cite_index(from->cite);
    }
}

static uint32_t write_finding(const struct verdict *v)
{
    struct finding *f = store_add(&findings);
    f->checks = v->checks;
    f->amends = v->amends;
    f->amendment = v->amendment;
    return findings.count - 1;
}

/* Of the record that was added last. */
static void write_event(const struct verdict *v, int64_t time)
{
    struct event *e = store_add(&events);
    e->time = time;
    e->record = records.count - 1;
    e->step = steps.count;
    e->finding = has_findings(v) ? write_finding(v) : 0;
    e->answers = v->answers;
    e->evidence = v->evidence;
    e->was0 = v->end[0].was & 0xfu;
    e->was1 = v->end[1].was & 0xfu;
    e->class = v->class & 0x3u;
    e->owes = v->owes & 0xfu;
    e->steps = v->steps & 0xfu;
    e->refutes = v->refutes;
    e->ignored = v->ignored;
    e->opens = v->opens;
    e->again = v->again;
    write_steps(v);
    if (v->again)
        *(struct repetition *)store_add(&repetitions) =
            (struct repetition){records.count - 1, v->retries[v->sender]};
}

static struct snapshot snapshot_of(const struct recorded *r, uint16_t layer)
{
    const struct verdict *v = &r->verdict;
    struct snapshot now = {
        .connection = r->connection, .layer = layer, .client = v->client, .roles = v->roles};
    for (unsigned i = 0; i < 2; i++) {
        now.since[i] = v->end[i].since;
        now.possible[i] = v->end[i].possible;
        now.state[i] = v->end[i].state;
        now.confirmed[i] = v->end[i].confirmed;
    }
    return now;
}

/* A snapshot has no padding, so it can be compared as bytes. */
_Static_assert(sizeof(struct snapshot) == 24, "a snapshot without padding");

static uint32_t write_snapshot(const struct recorded *r, uint16_t layer, uint32_t last)
{
    const struct snapshot *before = last ? store_at(&snapshots, last) : NULL;
    if (before && r->verdict.quiet && before->layer == layer)
        return last;
    const struct snapshot now = snapshot_of(r, layer);
    if (before && memcmp(before, &now, sizeof now) == 0)
        return last;
    memcpy(store_add(&snapshots), &now, sizeof now);
    return snapshots.count - 1;
}

static struct last *last_of(uint32_t connection)
{
    return store_at(&lasts, connection + 1);
}

static void note_next(uint32_t connection, uint32_t next, uint32_t frame)
{
    struct last *last = last_of(connection);
    last->next = next;
    last->next_frame = frame;
    last_of(next)->before = connection + 1;
}

static void note_last(uint32_t connection, const struct verdict *v)
{
    struct last *last = last_of(connection);
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
    while (lasts.count <= r->connection + 1)
        store_add(&lasts);
    if (r->verdict.opens && *last)
        note_next(((const struct snapshot *)store_at(&snapshots, *last))->connection, r->connection,
                  s->frame);
    *last = write_snapshot(r, layer, *last);
    record->frame = s->frame;
    record->snapshot = *last & 0x3fffffffu;
    record->sender = r->verdict.sender & 1u;
    record->eventful = !r->verdict.quiet && is_eventful(&r->verdict);
    if (record->eventful)
        write_event(&r->verdict, s->time);
    note_last(r->connection, &r->verdict);
    latest = MAX(latest, s->time);
}

static const struct retries *retries_at(uint32_t repetition)
{
    return &((const struct repetition *)store_at(&repetitions, repetition))->retries;
}

bool records_ending(const struct recorded *r, int64_t time, struct ending *ending)
{
    const struct last *last = last_of(r->connection);
    *ending = (struct ending){
        .silence = latest - time, .next = last->next, .next_frame = last->next_frame};
    for (unsigned i = 0; i < 2; i++)
        if (last->repetition[i])
            ending->retries[i] = *retries_at(last->repetition[i]);
    return last->record == r->number;
}

static uint32_t last_record(uint32_t frame)
{
    return store_last_up_to(&records, offsetof(struct record, frame), frame);
}

static struct event *event_of(uint32_t record)
{
    return store_at(&events, store_last_up_to(&events, offsetof(struct event, record), record));
}

static const struct snapshot *snapshot_at(const struct record *record)
{
    return store_at(&snapshots, record->snapshot);
}

/* The last match counts: under a read filter a frame that fails it has the number of the next one,
 * so a number can be seen more than once. */
static uint32_t find_record(uint32_t frame, uint16_t layer)
{
    for (uint32_t i = last_record(frame); i > 0; i--) {
        const struct record *record = store_at(&records, i);
        if (record->frame != frame)
            break;
        if (snapshot_at(record)->layer == layer)
            return i;
    }
    return 0;
}

/* What is amended has an event: it did something that turned out to be something else. */
static void amend(uint32_t record, enum check check)
{
    struct event *e = event_of(record);
    if (!e->finding) {
        store_add(&findings);
        e->finding = findings.count - 1;
    }
    struct finding *f = store_at(&findings, e->finding);
    f->checks.bits[check / 64] |= UINT64_C(1) << (check % 64);
    e->class = MAX(e->class, check_text(check)->class) & 0x3u;
}

void records_amend(uint32_t frame, uint32_t connection, enum check check)
{
    for (uint32_t i = last_record(frame); i > 0; i--) {
        const struct record *record = store_at(&records, i);
        if (record->frame != frame)
            break;
        if (snapshot_at(record)->connection == connection && record->eventful)
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
    if (e->finding) {
        const struct finding *f = store_at(&findings, e->finding);
        v->checks = f->checks;
        v->amends = f->amends;
        v->amendment = f->amendment;
    }
    v->answers = e->answers;
    v->evidence = e->evidence;
    v->end[0].was = e->was0;
    v->end[1].was = e->was1;
    v->class = e->class;
    v->owes = e->owes;
    v->refutes = e->refutes;
    v->ignored = e->ignored;
    v->opens = e->opens;
    v->again = e->again;
    if (v->again)
        v->retries[v->sender] = *retries_at(
            store_last_up_to(&repetitions, offsetof(struct repetition, record), e->record));
    read_steps(e, v);
}

bool records_read(uint32_t frame, uint16_t layer, struct recorded *r)
{
    const uint32_t index = find_record(frame, layer);
    if (!index)
        return false;
    const struct record *record = store_at(&records, index);
    *r = (struct recorded){.verdict = {.sender = record->sender}, .number = index};
    read_snapshot(snapshot_at(record), r);
    if (record->eventful)
        read_event(event_of(index), &r->verdict);
    return true;
}

uint32_t records_before(uint32_t connection)
{
    return last_of(connection)->before;
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
