/* See observe.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What each segment did is written into its record (records.c), and written anew when a later one
 * shows that it did something else. */
#include "observe.h"

#include "follow.h"

static uint32_t write(const struct followed *now, const struct event *e, bool first,
                      const struct verdict *v)
{
    if (first && e->tag)
        records_go_back(&now->memory->start, &now->pair->snapshot);
    else if (first)
        now->memory->start = records_mark(now->pair->snapshot);
    return records_write(e ? &e->segment : now->segment, now->layer, v, e ? e->tag : 0, e != NULL,
                         &now->pair->snapshot, now->pair);
}

void observe_begin(const struct lender *lender, const struct rules *rules)
{
    static const struct scribe scribe = {.write = write};
    follow_begin(lender, rules, &scribe);
    records_begin(rules->two_msl);
}

bool observe(struct sighting *seen, struct recorded *r)
{
    const struct followed *now = follow(seen, &r->verdict);
    if (!now)
        return false;
    if (!seen->is_icmp)
        records_write_live(&r->verdict);
    r->number = now->tag;
    r->hindsight = false;
    return true;
}

/* Have the end of the capture tell what it tells, as far as it has been read. */
static void close_pair(struct pair *pair)
{
    const uint32_t end = records_count();
    if (!pair->unsettled || pair->closed_at == end)
        return;
    pair->closed_at = end;
    follow_close(pair, records_latest());
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
    follow_outcome(records_owner(connection), connection, records_latest(), o);
}

bool observe_ending(const struct recorded *r, int64_t time, struct ending *ending)
{
    if (!records_ending(r, time, ending))
        return false;
    observe_outcome(r->verdict.connection, &ending->outcome);
    return true;
}
