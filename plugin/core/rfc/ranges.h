/* Octets received beyond a hole: a small, bounded set of ranges of sequence space.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Beyond RANGES_MAX holes the farthest range is forgotten: its octets count as not received until
 * the endpoint acknowledges them. That bounds memory whatever is captured.                       */
#ifndef TCPSTATE_RANGES_H
#define TCPSTATE_RANGES_H

#include <stdint.h>

enum { RANGES_MAX = 4 };

struct range {
    uint32_t start, end; /* [start, end) */
};

struct ranges {
    struct range held[RANGES_MAX]; /* ascending, disjoint, all beyond the edge */
    uint8_t count;
};

/* Octets [start, end) have arrived and everything before `edge` had. Returns the new edge. */
uint32_t ranges_add(struct ranges *r, uint32_t edge, uint32_t start, uint32_t end);

#endif
