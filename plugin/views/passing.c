/* See passing.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "passing.h"

#include "connections.h"
#include "host.h"
#include "settle.h"
#include "story_json.h"
#include "waiting.h"
#include "ways.h"

/* What is remembered of a connection for the table. */
struct table_line {
    struct connections_row row;
    struct verdict last;
};

/* From the beginning of a capture until the next. */
static const struct look *look;
static const struct sink *to;
static struct settle_reader settle_reader;
static int64_t first_time; /* capture time of the first frame */
static uint32_t shown;

static bool is_wanted(const struct verdict *v)
{
    return look->wanted < 0 || look->wanted == v->connection;
}

static struct account account_of(const struct settled *s)
{
    struct account a = {.verdict = s->verdict,
                        .segment = s->segment,
                        .time = s->segment->time - first_time,
                        .hindsight = true,
                        .is_icmp = s->is_icmp,
                        .icmp = s->icmp};
    host_name_ends(&a, s->pair);
    return a;
}

/* ---- stories ---- */

/* What the program of an end has heard, if what its end was in is proved by the end of the capture.
 */
struct doubt {
    wording hears;
    uint32_t frame;
    uint32_t end;
};

enum { DOUBTS = 4 }; /* the last ones */

/* What is remembered of a connection for its story. */
struct story_line {
    struct story story;
    struct doubt doubt[DOUBTS];
    uint64_t doubts; /* so many, of which the last are kept */
};

static void note_doubts(struct story_line *line, const struct verdict *v, uint32_t frame)
{
    struct verdict proved = *v;
    for (unsigned i = 0; i < v->steps; i++) {
        const struct step *step = &v->step[i];
        struct end_view *end = &proved.end[step->end];
        if (end->confirmed != STATE_UNKNOWN)
            continue;
        end->confirmed = end->state;
        const wording hears = waiting_hears(&proved, step);
        if (hears)
            line->doubt[line->doubts++ % DOUBTS] = (struct doubt){hears, frame, step->end};
        end->confirmed = STATE_UNKNOWN;
    }
}

static void settle_doubts(struct story_line *line)
{
    const uint64_t first = line->doubts > DOUBTS ? line->doubts - DOUBTS : 0;
    for (uint64_t i = first; i < line->doubts; i++) {
        const struct doubt *doubt = &line->doubt[i % DOUBTS];
        struct story_end *end = &line->story.end[doubt->end];
        if (doubt->frame < end->heard ||
            doubt->frame >= line->story.last.end[doubt->end].open_since)
            continue;
        end->hears = doubt->hears;
        end->heard = doubt->frame;
    }
}

static void add_to_story(void *memory, const struct settled *s)
{
    struct story_line *line = memory;
    const struct account a = account_of(s);
    if (!is_wanted(s->verdict))
        return;
    story_take(&line->story, &a);
    if (s->verdict->steps)
        note_doubts(line, s->verdict, s->segment->frame);
}

static void note_in_vain(void *line, uint32_t frame)
{
    story_resent_in_vain(&((struct story_line *)line)->story, frame);
}

static void end_story(void *unused, void *memory, const struct settled_end *end)
{
    struct story_line *line = memory;
    (void)unused;
    if (!line->story.is_begun)
        return;
    settle_doubts(line);
    story_write(to, &line->story, &end->ending, look->capture);
    shown++;
}

/* ---- connections ---- */

static void count_in_line(void *memory, const struct settled *s)
{
    struct table_line *line = memory;
    const struct account a = account_of(s);
    if (!is_wanted(s->verdict))
        return;
    connections_count(&line->row, &a);
    line->last = *s->verdict;
}

static void end_line(void *unused, void *memory, const struct settled_end *end)
{
    const struct table_line *line = memory;
    struct account a = {.verdict = &line->last};
    (void)unused;
    if (!line->row.is_begun)
        return;
    host_name_ends(&a, end->pair);
    connections_write_row(to, &line->row, &a, &end->ending);
    shown++;
}

/* ---- both ---- */

static void begin(const struct lender *lender, const struct rules *rules, const struct look *wanted,
                  const struct sink *sink)
{
    look = wanted;
    to = sink;
    shown = 0;
    settle_begin(lender, rules, &settle_reader);
}

void passing_begin_stories(const struct lender *lender, const struct rules *rules,
                           const struct look *wanted, const struct sink *sink)
{
    settle_reader = (struct settle_reader){.size = sizeof(struct story_line),
                                           .add = add_to_story,
                                           .in_vain = note_in_vain,
                                           .end = end_story};
    begin(lender, rules, wanted, sink);
}

static void ignore(void *line, uint32_t frame)
{
    (void)line;
    (void)frame;
}

void passing_begin_connections(const struct lender *lender, const struct rules *rules,
                               const struct look *wanted, const struct sink *sink)
{
    settle_reader = (struct settle_reader){.size = sizeof(struct table_line),
                                           .by_first = true,
                                           .add = count_in_line,
                                           .in_vain = ignore,
                                           .end = end_line};
    begin(lender, rules, wanted, sink);
    connections_write_head(to);
}

void passing_add(void *unused, struct reader_packet *packet)
{
    (void)unused;
    first_time = packet->seen.segment.time - packet->since_first;
    packet->seen.network = ways_network(packet->network);
    settle_add(&packet->seen);
}

bool passing_end(void)
{
    settle_end();
    if (settle_reader.by_first)
        connections_write_foot(to);
    return shown > 0;
}
