/* See dump.h.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "dump.h"

#include <inttypes.h>
#include <string.h>

/* A member of so many octets. False: it is more than fits into it, or no number. */
static bool read_member(FILE *in, size_t size, uint64_t *n)
{
    char end;
    return fscanf(in, "%" SCNu64 "%c", n, &end) == 2 && end == ' ' &&
           (size == sizeof *n || *n >> (8 * size) == 0);
}

static bool read_said(FILE *in, struct segment *s)
{
    uint64_t n;
#define SAID(type, member)                                                                         \
    if (!read_member(in, sizeof(type), &n))                                                        \
        return false;                                                                              \
    s->member = (type)n;
#include "tables/segment.def"
    return true;
}

/* The lower port: where a capture begins late it has none of those that the plugin knows. */
static uint8_t likely_server(const uint16_t port[2])
{
    return port[0] == port[1] ? 0 : (uint8_t)(1 + (port[1] < port[0]));
}

bool dump_read(FILE *in, struct seen *seen)
{
    struct segment *s = &seen->segment;
    unsigned icmp;
    memset(seen, 0, sizeof *seen);
    const bool is_read = fscanf(in, "%" SCNu32 " %" SCNd64 " %" SCNd64 " %u %" SCNu8, &s->frame,
                                &s->time, &seen->since_first, &icmp, &s->from) == 5 &&
                         read_said(in, s) &&
                         fscanf(in, "%47s %" SCNu16 " %47s %" SCNu16 "\n", seen->host[0],
                                &seen->port[0], seen->host[1], &seen->port[1]) == 4;
    if (!is_read)
        return false;
    s->from &= 1;
    s->server_port_hint = likely_server(seen->port);
    seen->is_icmp = icmp > 0;
    seen->icmp = icmp == 1 + ICMP_HARD ? ICMP_HARD : ICMP_SOFT;
    return true;
}

void dump_write(FILE *out, const struct seen *seen)
{
    const struct segment *s = &seen->segment;
    fprintf(out, "%" PRIu32 " %" PRId64 " %" PRId64 " %d %u", s->frame, s->time, seen->since_first,
            seen->is_icmp ? 1 + (int)seen->icmp : 0, s->from);
#define SAID(type, member) fprintf(out, " %" PRIu64, (uint64_t)s->member);
#include "tables/segment.def"
    fprintf(out, " %s %u %s %u\n", seen->host[0], seen->port[0], seen->host[1], seen->port[1]);
}
