/* See bystander.h.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "bystander.h"

#include "dump.h"
#include "infer/quiet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct rules bystander_rules = {.two_msl = INT64_C(60) * 1000000000, .rfc5961 = true};
const struct rules bystander_rules_without_5961 = {.two_msl = INT64_C(60) * 1000000000};

/* Tags are 1 + the index of a sight. */
static uint32_t write_down(void *context, const struct event *e, bool first,
                           const struct verdict *v)
{
    struct bystander *b = context;
    const uint32_t at = e && e->tag ? e->tag : b->count;
    (void)first;
    b->sight[at - 1].known = *v;
    for (unsigned i = 0; v->needless && i < at; i++)
        if (b->sight[i].segment.frame == v->needless)
            b->sight[i].known.resend = RESEND_needless;
    return at;
}

static void *or_fail(void *memory)
{
    if (memory)
        return memory;
    fprintf(stderr, "out of memory\n");
    exit(2);
}

void bystander_begin(struct bystander *b, const struct rules *rules, unsigned room)
{
    *b = (struct bystander){.rules = rules, .room = room, .sight = NULL};
    b->sight = or_fail(calloc(room + 1u, sizeof *b->sight));
    bystander_again(b);
}

void bystander_end(struct bystander *b)
{
    free(b->history.event);
    free(b->sight);
}

void bystander_again(struct bystander *b)
{
    free(b->history.event);
    b->history = (struct history){.count = 0};
    b->host = (struct host){.rules = b->rules, .write = write_down, .context = b};
    b->count = 0;
}

/* Room for exactly one event more: a sanitizer sees a step beyond it. */
static struct sight *see(struct bystander *b, const struct segment *s)
{
    if (b->count == b->room) {
        fprintf(stderr, "more than %u segments\n", b->room);
        exit(2);
    }
    b->history.event =
        or_fail(realloc(b->history.event, (b->history.count + 1u) * sizeof *b->history.event));
    struct sight *sight = &b->sight[b->count++];
    memset(sight, 0xa5, sizeof *sight); /* what it was makes no difference */
    sight->segment = *s;
    sight->is_icmp = false;
    return sight;
}

const struct verdict *bystander_observe(struct bystander *b, const struct segment *s)
{
    struct sight *sight = see(b, s);
    sight->quiet = !b->history.count && quiet_is(&b->history.now, s);
    history_observe(&b->history, &b->host, s, &sight->live);
    return &sight->live;
}

const struct verdict *bystander_icmp(struct bystander *b, const struct segment *quoted,
                                     enum icmp_error error)
{
    struct sight *sight = see(b, quoted);
    sight->is_icmp = true;
    sight->quiet = false;
    history_icmp(&b->history, &b->host, quoted, error, &sight->live);
    return &sight->live;
}

static void find_last(struct bystander *b)
{
    unsigned *last = or_fail(calloc(b->host.numbers + 1u, sizeof *last));
    for (unsigned i = 0; i < b->count; i++)
        last[b->sight[i].known.connection + 1u] = i;
    for (unsigned i = 0; i < b->count; i++)
        b->sight[i].last = last[b->sight[i].known.connection + 1u];
    free(last);
}

void bystander_close(struct bystander *b, int64_t end)
{
    history_close(&b->history, &b->host, end);
    find_last(b);
}

/* All that was assumed at sight `i` is proved, as the connection's last row tells. */
static bool is_settled(const struct bystander *b, unsigned i, unsigned end)
{
    return b->sight[i].segment.frame < b->sight[b->sight[i].last].known.end[end].open_since;
}

enum state bystander_confirmed(const struct bystander *b, unsigned i, unsigned end)
{
    const struct end_view *view = &b->sight[i].known.end[end];
    return (enum state)(is_settled(b, i, end) ? view->state : view->confirmed);
}

state_set bystander_possible(const struct bystander *b, unsigned i, unsigned end)
{
    const struct end_view *view = &b->sight[i].known.end[end];
    return is_settled(b, i, end) ? view->settled : view->possible;
}

unsigned bystander_read(const char *file, struct segment *list, unsigned room)
{
    FILE *in = fopen(file, "r");
    struct seen seen;
    unsigned count = 0;
    while (in && count < room && dump_read(in, &seen)) {
        if (seen.is_icmp)
            continue;
        list[count] = seen.segment;
        list[count].frame = count + 1;
        count++;
    }
    const bool ok = in && feof(in) && count;
    if (in)
        fclose(in);
    if (!ok)
        fprintf(stderr, "%s: not a list of segments\n", file);
    return ok ? count : 0;
}
