/* See account.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "account.h"

#include "number.h"

#include <string.h>

/* A number of `end`; the peer's first ACK may tell the first before its SYN does. Half of all
 * numbers are before the first, until text has come near to them: no window is larger than 2^30. */
static int64_t count_from(struct origin *o, unsigned end, uint32_t n, uint32_t first, bool exact)
{
    if (exact)
        return n;
    if (!o->is_known[end]) {
        o->is_known[end] = true;
        o->base[end] = first;
    }
    const uint32_t count = n - o->base[end];
    o->is_far[end] |= count >> 30 == 1;
    return count >> 31 && !o->is_far[end] ? (int64_t)(int32_t)count : (int64_t)count;
}

/* Of a quoted segment the receiver of the error has sent it. A RST for somebody who has sent
 * nothing has a made-up number. */
int64_t account_seq(const struct account *a, struct origin *origin, bool exact)
{
    const struct segment *s = a->segment;
    const unsigned sender = a->verdict->sender;
    if (a->is_icmp)
        return count_from(origin, !sender, s->seq, s->seq, exact);
    if (segment_is(s, SEG_RST) && !origin->is_known[sender])
        return s->seq;
    return count_from(origin, sender, s->seq, s->seq - (segment_is(s, SEG_SYN) ? 0 : 1), exact);
}

int64_t account_ack(const struct account *a, struct origin *origin, bool exact)
{
    const uint32_t ack = a->segment->ack;
    return count_from(origin, !a->verdict->sender, ack, ack - 1, exact);
}

void account_host_and_port(const struct sink *to, wording host, uint16_t port)
{
    const bool is_long = strchr(host, ':') != NULL;
    SAY(to, is_long ? "[" : NULL, host, is_long ? "]:" : ":", NUMBER(port));
}

void account_socket(const struct account *a, unsigned end, const struct sink *to)
{
    struct draft host;
    a->write_host(draft_begin(&host), a->host[end]);
    account_host_and_port(to, host.text, a->port[end]);
}
