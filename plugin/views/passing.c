/* See passing.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "passing.h"

#include "connections.h"
#include "host.h"
#include "settle.h"
#include "story_json.h"
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

static void add_to_story(void *story, const struct settled *s)
{
    const struct account a = account_of(s);
    if (is_wanted(s->verdict))
        story_take(story, &a);
}

static void note_in_vain(void *story, uint32_t frame)
{
    story_resent_in_vain(story, frame);
}

static void end_story(void *unused, void *memory, const struct settled_end *end)
{
    const struct story *story = memory;
    (void)unused;
    if (!story->is_begun)
        return;
    story_write(to, story, &end->ending, look->capture);
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
    settle_reader = (struct settle_reader){.size = sizeof(struct story),
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
