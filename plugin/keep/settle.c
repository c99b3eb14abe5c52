/* See settle.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "settle.h"

#include "connection.h"
#include "fold.h"
#include "follow.h"
#include "store.h"

#include <string.h>

/* What is known of a connection so far, with what the reader remembers of it. */
struct course {
    int64_t last_time, next_time; /* of its last segment, and of the first of the next connection */
    struct retries repetition[2]; /* what either end has sent again, and nobody acknowledged */
    uint32_t number, first, last; /* of its first and last event among all */
    uint32_t next, next_frame;    /* the connection of the same sockets after it, or 0 */
    uint32_t is_begun;
    uint64_t memory[];
};

/* A connection that is over, since its sockets have opened another. */
struct before {
    struct before *before;
    struct folded *course;
};

/* Of a pair of which more than one segment was seen. */
struct passing {
    struct before *before;
    struct course *course;   /* while it is awake ... */
    struct folded *folded;   /* ... and while it rests */
    struct verdict *verdict; /* of what is not final: one for each event of the episode ... */
    struct folded *verdicts; /* ... while it rests */
    uint16_t count, room;
};

/* One connection to be told, in the order of `key`. */
struct line {
    uint32_t key;
    struct pair *pair;
    struct folded *course; /* NULL: the pair has but one segment */
};

/* As long as the capture. */
static const struct settle_reader *reader;
static struct rules rules;
static struct store pairs; /* struct pair *, in the order of their first segments */
static struct store lines; /* struct line, in the end */
static uint32_t events;    /* so far */
static int64_t latest;     /* time of the last of them */

static size_t course_size(void)
{
    return sizeof(struct course) + reader->size;
}

/* ---- awake and at rest ---- */

static void rest(struct pair *pair)
{
    struct passing *p = pair->passing;
    if (!p)
        return;
    if (p->course)
        p->folded = fold(p->course, course_size());
    if (p->count)
        p->verdicts = fold(p->verdict, p->count * sizeof *p->verdict);
    heap_free(p->course);
    heap_free(p->verdict);
    p->course = NULL;
    p->verdict = NULL;
    p->room = 0;
}

static void wake(struct passing *p)
{
    if (p->folded) {
        p->course = heap_new(course_size());
        unfold(p->course, course_size(), p->folded);
        heap_free(p->folded);
        p->folded = NULL;
    }
    if (p->verdicts) {
        p->room = p->count;
        p->verdict = heap_new(p->room * sizeof *p->verdict);
        unfold(p->verdict, p->count * sizeof *p->verdict, p->verdicts);
        heap_free(p->verdicts);
        p->verdicts = NULL;
    }
}

static struct passing *passing_of(struct pair *pair)
{
    if (!pair->passing)
        pair->passing = heap_zeroed(sizeof *pair->passing);
    wake(pair->passing);
    return pair->passing;
}

/* ---- what is final ---- */

/* The steps that it does not have are anything, and would be folded. */
static void clear_steps(struct verdict *v)
{
    memset(&v->step[v->steps], 0, (STEPS_MAX - v->steps) * sizeof *v->step);
}

/* What a record would tell of it (records.c). */
static struct verdict as_recorded(const struct verdict *v, uint32_t frame)
{
    struct verdict r = *v;
    clear_steps(&r);
    r.amends = r.needless = 0;
    r.amendment = 0;
    r.quiet = false;
    for (unsigned end = 0; end < 2; end++) {
        struct end_view *view = &r.end[end];
        if (!r.retransmitted || r.sender != end)
            r.retries[end] = (struct retries){0};
        if (frame >= view->open_since)
            continue;
        view->confirmed = view->state;
        view->possible = view->settled;
    }
    return r;
}

static void count_retries(struct course *c, const struct verdict *v)
{
    for (unsigned end = 0; end < 2; end++)
        if (!v->retries[end].times)
            c->repetition[end] = (struct retries){0};
    if (v->retransmitted)
        c->repetition[v->sender] = v->retries[v->sender];
}

static void finish_course(struct passing *p, const struct segment *next, const struct verdict *v)
{
    struct before *before = heap_new(sizeof *before);
    p->course->next = v->connection;
    p->course->next_frame = next->frame;
    p->course->next_time = next->time;
    *before = (struct before){p->before, fold(p->course, course_size())};
    p->before = before;
    heap_free(p->course);
    p->course = NULL;
}

static void begin_course(struct passing *p, const struct verdict *v, uint32_t event)
{
    p->course = heap_zeroed(course_size());
    p->course->number = v->connection;
    p->course->first = event;
}

static void settle(struct pair *pair, struct passing *p, const struct settled *s, uint32_t event)
{
    const struct verdict *v = s->verdict;
    const struct verdict recorded = as_recorded(v, s->segment->frame);
    const struct settled told = {pair, s->segment, &recorded, s->is_icmp, s->icmp};
    if (p->course && v->opens)
        finish_course(p, s->segment, v);
    if (!p->course)
        begin_course(p, v, event);
    p->course->last = event;
    p->course->last_time = s->segment->time;
    count_retries(p->course, v);
    reader->add(p->course->memory, &told);
}

/* The episode has ended. */
static void settle_episode(const struct followed *now)
{
    struct passing *p = passing_of(now->pair);
    for (unsigned i = 0; i < p->count; i++) {
        const struct event *e = &now->memory->history.event[i];
        struct segment segment = e->segment;
        segment.from = p->verdict[i].sender;
        settle(now->pair, p,
               &(struct settled){.segment = &segment,
                                 .verdict = &p->verdict[i],
                                 .is_icmp = e->icmp > 0,
                                 .icmp = (uint8_t)(e->icmp - 1)},
               e->tag);
    }
    p->count = 0;
}

/* ---- what is not ---- */

static void note_in_vain(const struct followed *now, struct passing *p, uint32_t frame)
{
    for (unsigned i = 0; i < p->count; i++)
        if (now->memory->history.event[i].segment.frame == frame) {
            struct verdict *v = &p->verdict[i];
            v->resend = v->resend || v->cause ? RESEND_needless : v->resend;
            return;
        }
    if (p->course)
        reader->in_vain(p->course->memory, frame);
}

static void keep_verdict(struct passing *p, unsigned i, const struct verdict *v)
{
    enum { FEW = 4 };
    if (i >= p->room) {
        p->room = (uint16_t)(i < FEW ? FEW : 2 * i);
        p->verdict = heap_resize(p->verdict, p->room * sizeof *p->verdict);
    }
    p->verdict[i] = *v;
    clear_steps(&p->verdict[i]);
    p->count = (uint16_t)(i >= p->count ? i + 1 : p->count);
}

/* Tags are the numbers of events. */
static uint32_t write(const struct followed *now, const struct event *e, bool first,
                      const struct verdict *v)
{
    (void)first;
    if (!now->pair->has_connection && !now->pair->first)
        return events; /* the only one of its pair so far */
    struct passing *p = passing_of(now->pair);
    if (e)
        keep_verdict(p, (unsigned)(e - now->memory->history.event), v);
    if (v->needless)
        note_in_vain(now, p, v->needless);
    if (!e)
        settle(now->pair, p, &(struct settled){.segment = now->segment, .verdict = v}, events);
    return e && e->tag ? e->tag : events;
}

static void write_again(const struct followed *now, const struct event *e, const struct verdict *v)
{
    keep_verdict(passing_of(now->pair), (unsigned)(e - now->memory->history.event), v);
}

void settle_begin(const struct lender *lender, const struct rules *by,
                  const struct settle_reader *told)
{
    static const struct scribe scribe = {write, write_again, settle_episode, rest};
    reader = told;
    rules = *by;
    events = 0;
    latest = 0;
    follow_begin(lender, by, &scribe);
    store_begin(&pairs, sizeof(struct pair *));
}

void settle_add(struct sighting *seen)
{
    struct verdict v;
    events++;
    const struct followed *now = follow(seen, &v);
    if (!now)
        return;
    latest = seen->segment.time > latest ? seen->segment.time : latest;
    if (!now->pair->passing && !now->pair->has_connection)
        *(struct pair **)store_add(&pairs) = now->pair;
    else if (!now->memory->history.count)
        settle_episode(now);
}

/* ---- the end ---- */

static void close_pair(struct pair *pair)
{
    const struct followed *now = follow_close(pair, latest);
    settle_episode(now);
}

static void tell_course(struct pair *pair, struct course *c)
{
    struct settled_end end = {
        .pair = pair,
        .ending = {.retries = {c->repetition[0], c->repetition[1]},
                   .silence = latest - c->last_time,
                   .two_msl = rules.two_msl,
                   .next = c->next,
                   .next_frame = c->next_frame,
                   .next_after = c->next_frame ? c->next_time - c->last_time : 0}};
    follow_outcome(pair, c->number, latest, &end.ending.outcome);
    reader->end(reader->context, c->memory, &end);
}

/* Nothing is kept of a pair with one segment: it is told when it is its turn. */
static void tell_single(struct pair *pair)
{
    close_pair(pair);
    struct passing *p = pair->passing;
    tell_course(pair, p->course);
    heap_free(p->course);
    heap_free(p->verdict);
    heap_free(p);
    pair->passing = NULL;
}

static uint32_t key_of(const struct course *c)
{
    return reader->by_first ? c->first : c->last;
}

static void add_line(struct pair *pair, struct folded *folded, struct course *room)
{
    unfold(room, course_size(), folded);
    *(struct line *)store_add(&lines) = (struct line){key_of(room), pair, folded};
}

static void add_lines(struct pair *pair, struct course *room)
{
    if (!pair->has_connection) {
        *(struct line *)store_add(&lines) = (struct line){follow_only_tag(pair), pair, NULL};
        return;
    }
    if (pair->unsettled)
        close_pair(pair);
    rest(pair);
    for (const struct before *b = pair->passing->before; b; b = b->before)
        add_line(pair, b->course, room);
    add_line(pair, pair->passing->folded, room);
}

static struct line *line_at(uint32_t i)
{
    return store_at(&lines, i);
}

/* In a heap the one below is never after the two above it, whose places are twice its own. */
static void sift(uint32_t at, uint32_t count)
{
    for (uint32_t above; (above = 2 * at) <= count; at = above) {
        above += above < count && line_at(above + 1)->key > line_at(above)->key;
        struct line *low = line_at(at), *high = line_at(above);
        if (low->key >= high->key)
            return;
        const struct line line = *low;
        *low = *high;
        *high = line;
    }
}

/* J. W. J. Williams' heapsort: it takes no memory. */
static void sort_lines(void)
{
    const uint32_t count = lines.count - 1;
    for (uint32_t i = count / 2; i; i--)
        sift(i, count);
    for (uint32_t last = count; last > 1; last--) {
        const struct line line = *line_at(1);
        *line_at(1) = *line_at(last);
        *line_at(last) = line;
        sift(1, last - 1);
    }
}

void settle_end(void)
{
    struct course *room = heap_new(course_size());
    store_begin(&lines, sizeof(struct line));
    for (uint32_t i = 1; i < pairs.count; i++)
        add_lines(*(struct pair **)store_at(&pairs, i), room);
    sort_lines();
    for (uint32_t i = 1; i < lines.count; i++) {
        const struct line *line = line_at(i);
        if (line->course) {
            unfold(room, course_size(), line->course);
            tell_course(line->pair, room);
        } else {
            tell_single(line->pair);
        }
    }
    heap_free(room);
}
