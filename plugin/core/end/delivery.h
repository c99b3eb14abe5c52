/* What of an end's text its peer has, as far as the capture shows. Octets are of text: SYN and FIN
 * do not count. What lies behind the capture point nobody sees, so there may be a range.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_DELIVERY_H
#define TCPSTATE_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

struct connection;

/* Of the text of one end. What it has sent is the sum of `acknowledged`, `unacknowledged` and
 * `in_vain`. */
struct delivery {
    uint64_t acknowledged;     /* by its peer, in what was captured */
    uint64_t acknowledged_max; /* ... and perhaps in ACKs that nobody saw: what can have come */
    uint64_t unacknowledged;
    uint64_t held;       /* of these: came to its peer behind a hole, so no program gets it */
    uint64_t hole;       /* the hole's SEQ, counted from the end's ISS; 0: there is none */
    uint64_t in_vain;    /* beyond its own FIN, or to a peer that had left by a RST ... */
    uint64_t beyond_fin; /* ... of these, beyond its FIN */
    bool is_known;       /* both ends were heard; otherwise nothing is told, and all is 0 */
    bool from_start;     /* its SYN was captured; otherwise from the first octet captured */
};

/* The text of `end`, 0 or 1, at this moment (RFC 9293 section 3.4). */
struct delivery delivery_of(const struct connection *c, unsigned end);

static inline uint64_t delivery_sent(const struct delivery *d)
{
    return d->acknowledged + d->unacknowledged + d->in_vain;
}

#endif
