/* See witness.h. What the plugin keeps packed (keep/records.c) is kept here as it is.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "witness.h"

#include "number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct rules rules = {.two_msl = 60 * NANOSECONDS, .rfc5961 = true};

/* Two sockets and what happened between them. */
struct pair {
    struct history history;
    unsigned first; /* index of its first sight */
};

static void *or_fail(void *memory)
{
    if (memory)
        return memory;
    fprintf(stderr, "out of memory\n");
    exit(2);
}

/* What was sent again in `frame` had arrived, as a later segment shows. */
static void note_needless(struct witness *w, uint32_t frame)
{
    for (unsigned i = w->count; i-- > 0;)
        if (w->sight[i].seen.segment.frame == frame && w->sight[i].known.resend)
            w->sight[i].known.resend = RESEND_needless;
}

/* Tags are 1 + the index of a sight. */
static uint32_t write_down(void *context, const struct event *e, bool first,
                           const struct verdict *v)
{
    struct witness *w = context;
    const uint32_t tag = e && e->tag ? e->tag : w->count;
    struct sight *sight = &w->sight[tag - 1];
    (void)first;
    sight->known = *v;
    if (v->needless)
        note_needless(w, v->needless);
    if (!e || !e->tag)
        for (unsigned end = 0; end < 2; end++)
            sight->live_state[end] = v->end[end].state;
    return tag;
}

static void write_outcome(void *context, uint32_t connection, const struct outcome *o)
{
    struct witness *w = context;
    while (w->outcomes <= connection) {
        w->outcome = or_fail(realloc(w->outcome, (w->outcomes + 1u) * sizeof *w->outcome));
        w->outcomes++;
    }
    w->outcome[connection] = *o;
}

void witness_begin(struct witness *w)
{
    *w = (struct witness){
        .core = {.rules = &rules, .write = write_down, .ended = write_outcome, .context = w}};
}

void witness_end(struct witness *w)
{
    for (unsigned i = 0; i < w->pairs; i++)
        free(w->pair[i].history.event);
    free(w->pair);
    free(w->outcome);
    free(w->sight);
}

static bool is_of(const struct witness *w, unsigned pair, const struct seen *seen)
{
    const struct seen *first = &w->sight[w->pair[pair].first].seen;
    return memcmp(first->host, seen->host, sizeof seen->host) == 0 &&
           memcmp(first->port, seen->port, sizeof seen->port) == 0;
}

static unsigned find_pair(const struct witness *w, const struct seen *seen)
{
    unsigned pair = 0;
    while (pair < w->pairs && !is_of(w, pair, seen))
        pair++;
    return pair;
}

static void add_pair(struct witness *w)
{
    w->pair = or_fail(realloc(w->pair, (w->pairs + 1u) * sizeof *w->pair));
    w->pair[w->pairs++] = (struct pair){.first = w->count};
}

const struct sight *witness_observe(struct witness *w, const struct seen *seen)
{
    const unsigned pair = find_pair(w, seen);
    if (pair == w->pairs && seen->is_icmp)
        return NULL;
    if (pair == w->pairs)
        add_pair(w);
    struct history *h = &w->pair[pair].history;
    h->event = or_fail(realloc(h->event, (h->count + 1u) * sizeof *h->event));
    w->sight = or_fail(realloc(w->sight, (w->count + 1u) * sizeof *w->sight));
    struct sight *sight = &w->sight[w->count++];
    *sight = (struct sight){.seen = *seen, .pair = pair};
    struct segment *s = &sight->seen.segment;
    if (seen->is_icmp) {
        history_icmp(h, &w->core, s, seen->icmp, &sight->live);
        return sight;
    }
    history_observe(h, &w->core, s, &sight->live);
    for (unsigned end = 0; end < 2; end++)
        sight->live_state[end] = sight->live.end[end].state;
    return sight;
}

static int64_t latest(const struct witness *w)
{
    int64_t time = 0;
    for (unsigned i = 0; i < w->count; i++)
        if (w->sight[i].seen.segment.time > time)
            time = w->sight[i].seen.segment.time;
    return time;
}

void witness_close(struct witness *w)
{
    for (unsigned i = 0; i < w->pairs; i++)
        if (w->pair[i].history.count)
            history_close(&w->pair[i].history, &w->core, latest(w));
    unsigned *last = or_fail(calloc(w->core.numbers + 1u, sizeof *last));
    for (unsigned i = 0; i < w->count; i++)
        last[w->sight[i].known.connection] = i;
    for (unsigned i = 0; i < w->count; i++)
        w->sight[i].last = last[w->sight[i].known.connection];
    free(last);
}

static void write_host(const struct sink *to, const void *host)
{
    sink_word(to, host);
}

/* From where the sight is kept: what is in the account lives as long as it. */
static struct account account_of(const struct sight *sight, const struct verdict *v)
{
    const struct seen *seen = &sight->seen;
    return (struct account){.verdict = v,
                            .segment = &seen->segment,
                            .time = seen->since_first,
                            .live = {sight->live_state[0], sight->live_state[1]},
                            .is_icmp = seen->is_icmp,
                            .icmp = (uint8_t)seen->icmp,
                            .port = {seen->port[0], seen->port[1]},
                            .host = {seen->host[0], seen->host[1]},
                            .write_host = write_host};
}

struct account witness_live(const struct witness *w, unsigned i)
{
    return account_of(&w->sight[i], &w->sight[i].live);
}

/* Who is who is known in the end, and so is how often what goes on was found, and what was assumed
 * and proved later. */
struct account witness_known(const struct witness *w, unsigned i, struct verdict *v)
{
    const struct sight *sight = &w->sight[i];
    const struct verdict *end = &w->sight[sight->last].known;
    *v = sight->known;
    v->client = end->client;
    v->roles = end->roles;
    v->amends = 0;
    for (unsigned n = 0; n < 2; n++) {
        v->end[n].found = end->end[n].found;
        if (sight->seen.segment.frame < end->end[n].open_since) {
            v->end[n].confirmed = v->end[n].state;
            v->end[n].possible = v->end[n].settled;
        }
    }
    struct account a = account_of(sight, v);
    a.hindsight = true;
    return a;
}

void witness_outcome(const struct witness *w, uint32_t connection, struct outcome *o)
{
    uint32_t now;
    for (unsigned i = 0; i < w->pairs; i++)
        if (history_outcome(&w->pair[i].history, latest(w), &now, o) && now == connection)
            return;
    *o = connection < w->outcomes ? w->outcome[connection] : (struct outcome){0};
}

struct ending witness_ending(const struct witness *w, unsigned i)
{
    const uint32_t connection = w->sight[i].known.connection;
    struct ending ending = {.silence = latest(w) - w->sight[i].seen.segment.time,
                            .two_msl = rules.two_msl};
    witness_outcome(w, connection, &ending.outcome);
    unsigned before = w->count; /* the sight of these sockets before this one */
    for (unsigned n = 0; n < w->count; n++) {
        const struct verdict *v = &w->sight[n].known;
        if (w->sight[n].pair != w->sight[i].pair)
            continue;
        if (v->opens && before < w->count && w->sight[before].known.connection == connection) {
            ending.next = v->connection;
            ending.next_frame = w->sight[n].seen.segment.frame;
            ending.next_after = w->sight[n].seen.segment.time - w->sight[i].seen.segment.time;
        }
        before = n;
        for (unsigned end = 0; v->connection == connection && end < 2; end++)
            if (!v->retries[end].times || (v->retransmitted && v->sender == end))
                ending.retries[end] =
                    v->retransmitted && v->sender == end ? v->retries[end] : (struct retries){0};
    }
    return ending;
}
