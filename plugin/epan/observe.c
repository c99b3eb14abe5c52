/* See observe.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What waits is in backlog.c. A connection is found by its pair of sockets (pairs.c), and woken if
 * it is at rest (rest.c); the verdict on each segment is written into the record (records.c). */
#include "observe.h"

#include "backlog.h"
#include "connection.h"
#include "pairs.h"
#include "prefs.h"
#include "rest.h"

#include <epan/wmem_scopes.h>

/* From opening a file until the next. */
static struct rules rules;
static uint32_t connections;

void observe_begin(void)
{
    rules = preferences_rules();
    connections = 0;
    backlog_begin();
    pairs_begin();
    rest_begin();
    records_begin();
}

/* The lower port: stock TCP's own guess of the server looks at the ports only, too. */
static uint8_t likely_server(const struct sockets *sockets)
{
    const uint16_t port[2] = {pairs_port(sockets, 0), pairs_port(sockets, 1)};
    return port[0] == port[1] ? 0 : (uint8_t)(1 + (port[1] < port[0]));
}

/* The connection of a pair, for its second segment or a later one. The first segment alone is kept
 * as it was: a scan or a SYN flood is many pairs of one segment, and this is a tenth of the size.
 */
static struct connection *second_segment(struct pair *pair)
{
    struct verdict unused;
    const bool first = !pair->has_connection;
    struct segment *before = first ? pair->first : NULL;
    struct connection *c = rest_wake(pair);
    if (!first)
        return c;
    connection_observe(c, &rules, before, &unused);
    wmem_free(wmem_file_scope(), before);
    return c;
}

static void observe_segment(struct segment *s, const struct sockets *sockets, struct pair *pair,
                            struct recorded *r)
{
    struct connection fresh, *c = &fresh;
    s->server_port_hint = likely_server(sockets);
    if (pair->has_connection || pair->first) {
        c = second_segment(pair);
    } else {
        fresh = (struct connection){0};
        pair->first = wmem_memdup(wmem_file_scope(), s, sizeof *s);
    }
    connection_observe(c, &rules, s, &r->verdict);
    if (r->verdict.opens)
        pair->number = connections++;
}

/* Let the core see what was sighted, and write down its verdict. An ICMP error is told in its
 * frame, too, if it is about a segment of a connection that was seen; otherwise this is false. */
static bool observe(struct sighting *seen, struct recorded *r)
{
    struct pair *pair = seen->is_icmp ? pairs_find(&seen->sockets) : pairs_get(&seen->sockets);
    if (!pair)
        return false;
    if (seen->is_icmp)
        connection_icmp(second_segment(pair), &seen->segment, seen->icmp, &r->verdict);
    else
        observe_segment(&seen->segment, &seen->sockets, pair, r);
    r->connection = pair->number;
    records_write(&seen->segment, seen->layer, r, &pair->snapshot);
    if (r->verdict.amends)
        records_amend(r->verdict.amends, pair->number, r->verdict.amendment);
    return true;
}

void observe_pending(void)
{
    struct sighting seen;
    struct recorded unused;
    while (backlog_take(&seen))
        observe(&seen, &unused);
}

bool observe_now(struct sighting *seen, struct recorded *recorded)
{
    observe_pending();
    return observe(seen, recorded);
}

void observe_later(const struct sighting *seen)
{
    backlog_add(seen);
}
