/* The record of every segment, packed.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Most segments only carry data and change nothing. So a record is small and points to what
 * connections share over many segments (a snapshot) and to what only a few have (an event). All are
 * kept in append-only arrays (store.h): nothing is ever moved, and no segment has its own heap
 * block. What may be told anew has an event from the beginning, so that nothing is ever inserted.
 */
#include "records.h"

#include "number.h"
#include "store.h"

#include <string.h>

/* As long as the capture, one for each segment, in the order of dissection. */
struct record {
    uint32_t frame;
    uint32_t snapshot : 30, sender : 1, eventful : 1; /* has an event, which knows its record */
};

/* As long as the capture, one for each change of a connection. */
struct snapshot {
    uint32_t since[2], connection;
    state_set possible[2], settled[2];
    uint16_t layer; /* which TCP segment of the frame: nearly always the same in a connection */
    uint8_t state[2], confirmed[2], client, roles;
};

/* As long as the capture, one for each segment that moved somebody, or has a link or a reply, or
 * may be told anew. */
struct happening {
    int64_t time;     /* of the segment */
    uint32_t record;  /* whose it is; they are in the order of records */
    uint32_t step;    /* the first of its steps, which are consecutive */
    uint32_t finding; /* 0: none */
    uint32_t answers, evidence, fate_frame;
    uint32_t repetition; /* 0: it is not sent again */
    uint32_t why;        /* 0: it is no RST of which that can be told, and not sent again */
    uint32_t was0 : 4, was1 : 4, live0 : 4, live1 : 4, class : 2, owes : 4, steps : 4, fate : 3;
    uint32_t shows : 3, ignored : 1, opens : 1, fate_sure : 1, room : 4; /* for so many steps */
};

/* As long as the capture, one for each event with findings. */
struct finding {
    check_set checks;
};

/* As long as the capture, one for each step of an endpoint. */
struct packed_step {
    uint32_t frame;
    uint32_t end : 1, from : 4, to : 4, signal : 5, why : 4, cite : 8; /* index into `cites` */
};

/* As long as the capture, one for each segment that ends a pause, or closes: they are in the order
 * of records. */
struct pause {
    uint32_t record, seconds, nanoseconds;
};

/* As long as the capture, one for each segment that is sent again. */
struct repetition {
    struct retries retries;
};

/* As long as the capture, one for each RST of which the cause is known, and for each segment sent
 * again. */
struct why {
    uint32_t cause_frame;
    uint8_t cause, resend;
};

/* As long as the capture, one for each connection in which something went on that was found: how
 * often, of each end. */
struct tallies {
    struct tally of[2];
};

/* As long as the capture, one for each connection, from 1: whose it is; where its last record is;
 * of each end the last repetition of what is not acknowledged, or 0; from which frame on something
 * is assumed that nothing proves; the next connection of the same sockets, and its first frame, or
 * 0; 1 + the one before, or 0; its tallies, or 0; and who is who, as far as is known in the end. */
struct last {
    struct pair *pair;
    uint32_t record, repetition[2], open_since[2], next, next_frame, before, tallies;
    uint8_t client, roles;
};

/* What does not fit would be cut off. */
_Static_assert(STATE_COUNT <= 16 && SIGNAL_COUNT <= 32 && STEPS_MAX < 16 && REPLY_COUNT <= 16 &&
                   STEP_WHY_COUNT <= 16 && VERDICT_ILLEGAL < 4 && FATE_COUNT <= 8,
               "the bits of an event and of a step");

static struct store records, snapshots, happenings, findings, steps, repetitions, whys, tallies,
    lasts, pauses;
static int64_t latest; /* time of the last of all records */
static int64_t two_msl;

/* Program lifetime: the texts are constants of the core, and few. */
static const char *cites[UINT8_MAX];

void records_begin(int64_t time_wait)
{
    store_begin(&records, sizeof(struct record));
    store_begin(&snapshots, sizeof(struct snapshot));
    store_begin(&happenings, sizeof(struct happening));
    store_begin(&findings, sizeof(struct finding));
    store_begin(&steps, sizeof(struct packed_step));
    store_begin(&repetitions, sizeof(struct repetition));
    store_begin(&whys, sizeof(struct why));
    store_begin(&tallies, sizeof(struct tallies));
    store_begin(&lasts, sizeof(struct last));
    store_begin(&pauses, sizeof(struct pause));
    latest = 0;
    two_msl = time_wait;
}

int64_t records_latest(void)
{
    return latest;
}

uint32_t records_count(void)
{
    return records.count;
}

static struct last *last_of(uint32_t connection)
{
    return store_at(&lasts, connection + 1);
}

static uint32_t last_record(uint32_t frame)
{
    return store_last_up_to(&records, offsetof(struct record, frame), frame);
}

static struct happening *happening_of(uint32_t record)
{
    return store_at(&happenings,
                    store_last_up_to(&happenings, offsetof(struct happening, record), record));
}

static const struct snapshot *snapshot_at(const struct record *record)
{
    return store_at(&snapshots, record->snapshot);
}

static struct retries *retries_at(uint32_t repetition)
{
    return &((struct repetition *)store_at(&repetitions, repetition))->retries;
}

/* ---- writing ---- */

static uint8_t cite_index(const char *cite)
{
    uint8_t i = 0;
    while (cites[i] && cites[i] != cite && i < sizeof cites / sizeof *cites - 1)
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
           v->opens || v->retransmitted || v->fate || v->cause || v->resend ||
           checks_any(&v->checks);
}

static void write_steps(struct happening *h, const struct verdict *v)
{
    if (v->steps > h->room) { /* what room there was is given up */
        h->step = steps.count;
        h->room = v->steps & 0xfu;
        for (unsigned i = 0; i < v->steps; i++)
            store_add(&steps);
    }
    h->steps = v->steps & 0xfu;
    for (unsigned i = 0; i < v->steps; i++) {
        const struct step *from = &v->step[i];
        struct packed_step *to = store_at(&steps, h->step + i);
        to->frame = from->frame;
        to->end = from->end & 1u;
        to->from = from->from & 0xfu;
        to->to = from->to & 0xfu;
        to->signal = from->signal & 0x1fu;
        to->why = from->why & 0xfu;
        to->cite = cite_index(from->cite);
    }
}

/* Room in one of the arrays, the one that there is or a new one. */
static uint32_t room_in(struct store *store, uint32_t index)
{
    if (index)
        return index;
    store_add(store);
    return store->count - 1;
}

static void write_happening(struct happening *h, const struct verdict *v)
{
    if (checks_any(&v->checks) || h->finding) {
        h->finding = room_in(&findings, h->finding);
        ((struct finding *)store_at(&findings, h->finding))->checks = v->checks;
    }
    if (v->retransmitted) {
        h->repetition = room_in(&repetitions, h->repetition);
        *retries_at(h->repetition) = v->retries[v->sender];
    } else {
        h->repetition = 0;
    }
    if (v->cause || v->resend || h->why) {
        h->why = room_in(&whys, h->why);
        *(struct why *)store_at(&whys, h->why) = (struct why){v->cause_frame, v->cause, v->resend};
    }
    h->answers = v->answers;
    h->evidence = v->evidence;
    h->fate_frame = v->fate_frame;
    h->was0 = v->end[0].was & 0xfu;
    h->was1 = v->end[1].was & 0xfu;
    h->class = v->class & 0x3u;
    h->owes = v->owes & 0xfu;
    h->fate = v->fate & 0x7u;
    h->shows = v->shows & 0x7u;
    h->ignored = v->ignored;
    h->fate_sure = v->fate_sure;
    h->opens = v->opens;
    write_steps(h, v);
}

static void set_live(struct happening *h, const struct verdict *v)
{
    h->live0 = v->end[0].state & 0xfu;
    h->live1 = v->end[1].state & 0xfu;
}

static struct snapshot snapshot_of(const struct verdict *v, uint16_t layer)
{
    struct snapshot now = {
        .connection = v->connection, .layer = layer, .client = v->client, .roles = v->roles};
    for (unsigned i = 0; i < 2; i++) {
        now.since[i] = v->end[i].since;
        now.possible[i] = v->end[i].possible;
        now.settled[i] = v->end[i].settled;
        now.state[i] = v->end[i].state;
        now.confirmed[i] = v->end[i].confirmed;
    }
    return now;
}

/* A snapshot has no padding, so it can be compared as bytes. */
_Static_assert(sizeof(struct snapshot) == 28, "a snapshot without padding");

static bool is_snapshot(uint32_t index, const struct snapshot *now)
{
    return index && memcmp(store_at(&snapshots, index), now, sizeof *now) == 0;
}

/* `own`: that of the record, when it is written anew; `last`: that of the record before. */
static uint32_t write_snapshot(const struct verdict *v, uint16_t layer, uint32_t own, uint32_t last)
{
    const struct snapshot *before = last ? store_at(&snapshots, last) : NULL;
    if (before && v->quiet && before->layer == layer)
        return last;
    const struct snapshot now = snapshot_of(v, layer);
    if (is_snapshot(last, &now))
        return last;
    if (is_snapshot(own, &now))
        return own;
    memcpy(store_add(&snapshots), &now, sizeof now);
    return snapshots.count - 1;
}

static void note_next(uint32_t connection, uint32_t next, uint32_t frame)
{
    struct last *last = last_of(connection);
    last->next = next;
    last->next_frame = frame;
    last_of(next)->before = connection + 1;
}

static const struct tallies *tallies_of(const struct last *last)
{
    static const struct tallies none;
    return last->tallies ? store_at(&tallies, last->tallies) : &none;
}

static void note_tallies(struct last *last, const struct tally found[2])
{
    const struct tallies now = {{found[0], found[1]}};
    if (memcmp(&now, tallies_of(last), sizeof now) == 0)
        return;
    if (!last->tallies) {
        last->tallies = tallies.count;
        store_add(&tallies);
    }
    *(struct tallies *)store_at(&tallies, last->tallies) = now;
}

/* What opened the next connection once is told anew where this one has segments then. */
static void note_last(uint32_t number, uint32_t frame, const struct verdict *v, struct pair *pair)
{
    struct last *last = last_of(v->connection);
    if (frame >= last->next_frame)
        last->next_frame = 0;
    last->pair = pair;
    last->record = number;
    last->client = v->client;
    last->roles = v->roles;
    for (unsigned i = 0; i < 2; i++) {
        last->open_since[i] = v->end[i].open_since;
        if (!v->retries[i].times)
            last->repetition[i] = 0;
    }
    note_tallies(last, (const struct tally[]){v->end[0].found, v->end[1].found});
    if (v->retransmitted)
        last->repetition[v->sender] = happening_of(number)->repetition;
}

/* Of the record that was added last. */
static void add_pause(int64_t idle)
{
    struct pause *p = store_add(&pauses);
    p->record = records.count - 1;
    p->seconds = (uint32_t)(idle / NANOSECONDS);
    p->nanoseconds = (uint32_t)(idle % NANOSECONDS);
}

static int64_t pause_before(uint32_t record)
{
    const uint32_t index = store_last_up_to(&pauses, offsetof(struct pause, record), record);
    const struct pause *p = index ? store_at(&pauses, index) : NULL;
    return p && p->record == record ? p->seconds * NANOSECONDS + p->nanoseconds : 0;
}

/* A later segment shows that what was sent again in `frame` had arrived. */
static void note_needless(uint32_t frame)
{
    const uint32_t index = last_record(frame);
    const struct record *record = index ? store_at(&records, index) : NULL;
    const uint32_t why =
        record && record->frame == frame && record->eventful ? happening_of(index)->why : 0;
    if (why)
        ((struct why *)store_at(&whys, why))->resend = RESEND_needless;
}

static void make_room_for(uint32_t connection)
{
    while (lasts.count <= connection + 1)
        store_add(&lasts);
}

/* Of the record that was added last. */
static struct happening *add_happening(const struct segment *s, const struct verdict *v)
{
    struct happening *h = store_add(&happenings);
    h->time = s->time;
    h->record = records.count - 1;
    set_live(h, v);
    return h;
}

uint32_t records_write(const struct segment *s, uint16_t layer, const struct verdict *v,
                       uint32_t number, bool unsettled, uint32_t *snapshot, struct pair *pair)
{
    const bool new = !number;
    struct record *record = new ? store_add(&records) : store_at(&records, number);
    number = new ? records.count - 1 : number;
    make_room_for(v->connection);
    if (v->opens && *snapshot)
        note_next(((const struct snapshot *)store_at(&snapshots, *snapshot))->connection,
                  v->connection, s->frame);
    if (!new)
        layer = snapshot_at(record)->layer;
    *snapshot = write_snapshot(v, layer, new ? 0 : record->snapshot, *snapshot);
    record->snapshot = *snapshot & 0x3fffffffu;
    record->sender = v->sender & 1u;
    if (new) {
        record->frame = s->frame;
        record->eventful = !v->quiet && (unsettled || is_eventful(v));
        latest = s->time > latest ? s->time : latest;
    }
    if (new && v->idle)
        add_pause(v->idle);
    if (record->eventful)
        write_happening(new ? add_happening(s, v) : happening_of(number), v);
    if (v->needless)
        note_needless(v->needless);
    note_last(number, s->frame, v, pair);
    return number;
}

void records_write_live(const struct verdict *live)
{
    const struct record *record = store_at(&records, records.count - 1);
    if (record->eventful)
        set_live(happening_of(records.count - 1), live);
}

struct record_mark records_mark(uint32_t snapshot)
{
    struct record_mark mark = {.snapshot = snapshot};
    if (!snapshot)
        return mark;
    mark.connection = ((const struct snapshot *)store_at(&snapshots, snapshot))->connection;
    const struct last *last = last_of(mark.connection);
    mark.record = last->record;
    mark.next = last->next;
    mark.next_frame = last->next_frame;
    for (unsigned i = 0; i < 2; i++) {
        mark.repetition[i] = last->repetition[i];
        mark.found[i] = tallies_of(last)->of[i];
    }
    return mark;
}

void records_go_back(const struct record_mark *mark, uint32_t *snapshot)
{
    *snapshot = mark->snapshot;
    if (!mark->snapshot)
        return;
    struct last *last = last_of(mark->connection);
    last->record = mark->record;
    last->next = mark->next;
    last->next_frame = mark->next_frame;
    for (unsigned i = 0; i < 2; i++)
        last->repetition[i] = mark->repetition[i];
    note_tallies(last, mark->found);
}

/* ---- reading ---- */

bool records_ending(const struct recorded *r, int64_t time, struct ending *ending)
{
    const struct last *last = last_of(r->verdict.connection);
    *ending = (struct ending){.silence = latest - time,
                              .two_msl = two_msl,
                              .next = last->next,
                              .next_frame = last->next_frame};
    if (last->next_frame)
        ending->next_after = records_time(last->next_frame) - time;
    for (unsigned i = 0; i < 2; i++)
        if (last->repetition[i])
            ending->retries[i] = *retries_at(last->repetition[i]);
    return last->record == r->number;
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

/* What is assumed counts as proved where a later segment proves it. */
static struct end_view read_end(const struct snapshot *s, unsigned end, bool proved)
{
    return (struct end_view){.was = s->state[end],
                             .state = s->state[end],
                             .confirmed = proved ? s->state[end] : s->confirmed[end],
                             .possible = proved ? s->settled[end] : s->possible[end],
                             .since = s->since[end]};
}

static void read_snapshot(const struct record *record, struct recorded *r)
{
    const struct snapshot *s = snapshot_at(record);
    const struct last *last = last_of(s->connection);
    struct verdict *v = &r->verdict;
    v->connection = s->connection;
    v->client = last->client;
    v->roles = last->roles;
    for (unsigned i = 0; i < 2; i++) {
        v->end[i] = read_end(s, i, record->frame < last->open_since[i]);
        v->end[i].found = tallies_of(last)->of[i];
        r->live[i] = s->state[i];
    }
}

static void read_steps(const struct happening *h, struct verdict *v)
{
    for (v->steps = 0; v->steps < h->steps; v->steps++) {
        const struct packed_step *from = store_at(&steps, h->step + v->steps);
        v->step[v->steps] = (struct step){.end = from->end,
                                          .from = from->from,
                                          .to = from->to,
                                          .signal = from->signal,
                                          .why = from->why,
                                          .cite = cites[from->cite],
                                          .frame = from->frame};
    }
}

static void read_why(const struct happening *h, struct verdict *v)
{
    if (!h->why)
        return;
    const struct why *why = store_at(&whys, h->why);
    v->cause = why->cause;
    v->cause_frame = why->cause_frame;
    v->resend = why->resend;
}

static void read_happening(const struct happening *h, struct recorded *r)
{
    struct verdict *v = &r->verdict;
    read_why(h, v);
    if (h->finding)
        v->checks = ((const struct finding *)store_at(&findings, h->finding))->checks;
    v->retransmitted = h->repetition != 0;
    if (v->retransmitted)
        v->retries[v->sender] = *retries_at(h->repetition);
    v->answers = h->answers;
    v->evidence = h->evidence;
    v->fate_frame = h->fate_frame;
    v->end[0].was = h->was0;
    v->end[1].was = h->was1;
    r->live[0] = h->live0;
    r->live[1] = h->live1;
    v->class = h->class;
    v->owes = h->owes;
    v->fate = h->fate;
    v->shows = h->shows;
    v->ignored = h->ignored;
    v->fate_sure = h->fate_sure;
    v->opens = h->opens;
    read_steps(h, v);
}

bool records_read(uint32_t frame, uint16_t layer, struct recorded *r)
{
    const uint32_t index = find_record(frame, layer);
    if (!index)
        return false;
    const struct record *record = store_at(&records, index);
    *r = (struct recorded){
        .verdict = {.sender = record->sender}, .number = index, .hindsight = true};
    read_snapshot(record, r);
    r->verdict.idle = pause_before(index);
    if (record->eventful)
        read_happening(happening_of(index), r);
    return true;
}

struct pair *records_pair(uint32_t frame, uint16_t layer)
{
    const uint32_t index = find_record(frame, layer);
    if (!index)
        return NULL;
    const struct record *record = store_at(&records, index);
    return last_of(snapshot_at(record)->connection)->pair;
}

struct pair *records_owner(uint32_t connection)
{
    return last_of(connection)->pair;
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
            return happening_of(i)->time;
    }
    return 0;
}
