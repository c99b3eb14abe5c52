/* See ladder_check.h. Departures and arrivals are told as the ladder draws them, and nothing is
 * inferred of them: what this shows is the machine, and that the ladder is a story of Figure 5.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "ladder_check.h"
#include "told.h"

#include <stdio.h>
#include <string.h>

struct told {
    const char *file;
    const struct ladder *ladder;
    struct connection connection;
    bool quiet;
    int wrong;
};

static void check_label(struct told *t, unsigned i, int peer)
{
    const struct ladder_row *row = ladder_label_for(t->ladder, i, peer);
    const enum state state = state_number(t->connection.end[peer].belief.state);
    if (ladder_is_deferred(t->ladder, i, peer) || !row->peer[peer].state ||
        row->peer[peer].state == state)
        return;
    t->wrong++;
    if (!t->quiet)
        printf("%s:%d: peer %c is %s, as it is told; the ladder says %s\n", t->file, row->line,
               'A' + peer, state_text(state)->rfc, state_text(row->peer[peer].state)->rfc);
}

/* A segment leaves, and arrives where its row says so. An old duplicate only arrives. */
static void tell_departure(struct told *t, const struct ladder_row *row)
{
    struct event e = {.segment = row->segment};
    struct verdict v;
    const state_set before = t->connection.end[!row->segment.from].belief.state;
    const bool futile = row->fate == FATE_REFUSED && before != LISTEN; /* which refuses by itself */
    e.fate.way = futile ? CLUE_FUTILE : CLUE_NONE;
    const bool crossed = segment_is_syn(&row->segment) && !row->arrives &&
                         row->peer[!row->segment.from].state == STATE_CLOSED;
    e.fate.origin = row->fate == FATE_NO_FIN ? CLUE_NO_FIN : crossed ? CLUE_CROSSED : CLUE_NONE;
    struct moment m = moment_of(&t->connection, t->ladder->rules, &e.segment, &v);
    m.event = &e;
    m.stranger = row->fate == FATE_NOT_ITS_OWN;
    if ((!row->departs || connection_sent(&m)) && !m.ignored && row->arrives)
        connection_received(&m, futile ? ARRIVES_FUTILE : ARRIVES);
}

static void tell_arrival(struct told *t, const struct ladder_row *row,
                         const struct ladder_row *left)
{
    struct verdict v;
    struct moment m = moment_of(&t->connection, t->ladder->rules, &left->segment, &v);
    m.row = &row->segment;
    connection_received(&m, ARRIVES);
}

static void tell_icmp(struct told *t, const struct ladder_row *row)
{
    struct segment quoted = row->segment;
    struct verdict v;
    quoted.from = !quoted.from;
    struct moment m = moment_of(&t->connection, t->ladder->rules, &quoted, &v);
    connection_icmp(&m, row->icmp);
}

static void tell_row(struct told *t, unsigned i)
{
    const struct ladder_row *row = &t->ladder->row[i];
    const struct ladder_row *left = row->departs ? NULL : ladder_departure(t->ladder, i);
    struct verdict v;
    if (!row->has_segment)
        told_time(&t->connection, t->ladder->rules, row->segment.time, &v);
    else if (row->is_icmp)
        tell_icmp(t, row);
    else if (row->captured)
        tell_departure(t, row);
    else if (left)
        tell_arrival(t, row, left);
}

int ladder_check_told(const char *file, const struct ladder *l, bool quiet)
{
    static struct told t;
    memset(&t, 0, sizeof t);
    t.file = file;
    t.ladder = l;
    t.quiet = quiet;
    for (unsigned i = 0; i < l->count && !l->is_not_told && !l->is_printed; i++) {
        if (l->row[i].missed)
            continue;
        tell_row(&t, i);
        for (int peer = 0; peer < 2 && i >= l->prelude; peer++)
            check_label(&t, i, peer);
    }
    return t.wrong;
}
