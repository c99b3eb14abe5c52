/* See live.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "live.h"

#include "host.h"
#include "observe.h"
#include "ways.h"

void live_begin_list(struct live *live, const struct look *look, const struct sink *to,
                     int64_t two_msl)
{
    (void)two_msl;
    *live = (struct live){.is_list = true};
    live->list = views_begin_list(&live->remembered, look, to);
}

void live_begin_stories(struct live *live, const struct look *look, const struct sink *to,
                        int64_t two_msl)
{
    *live = (struct live){.is_list = false};
    live->stories = (struct stories){.to = to,
                                     .host = shelf_begin(&live->shelf),
                                     .capture = look->capture,
                                     .wanted = look->wanted,
                                     .two_msl = two_msl};
}

static void add_to_stories(struct stories *stories, const struct account *a)
{
    const struct verdict *v = a->verdict;
    const uint32_t before = v->opens ? records_before(v->connection) : 0;
    if (before)
        story_taken_over(stories, before - 1, a);
    story_add(stories, a, NULL);
}

void live_add(void *context, struct reader_packet *packet)
{
    struct live *live = context;
    struct recorded recorded;
    struct sighting *seen = &packet->seen;
    seen->network = ways_network(packet->network);
    if (!observe(seen, &recorded))
        return;
    const struct verdict *v = &recorded.verdict;
    struct account a = {.verdict = v,
                        .segment = &seen->segment,
                        .time = packet->since_first,
                        .is_icmp = seen->is_icmp,
                        .icmp = (uint8_t)seen->icmp};
    seen->segment.from = v->sender;
    host_name_ends(&a, records_owner(v->connection));
    if (live->is_list)
        list_add(&live->list, &a);
    else
        add_to_stories(&live->stories, &a);
}

bool live_end(struct live *live)
{
    if (live->is_list) {
        list_end(&live->list);
        remembered_end(&live->remembered);
        return live->list.lines > 0;
    }
    story_end(&live->stories);
    shelf_end(&live->shelf);
    return live->stories.told > 0;
}
