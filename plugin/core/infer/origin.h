/* Does a segment come from where its end's other segments come from?
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Neither answer is proof: ways change, and a forger may stand on the way. What an end lacks (too
 * few segments, no steady TTL, IP identifications by chance or none) tells nothing. */
#ifndef TCPSTATE_ORIGIN_H
#define TCPSTATE_ORIGIN_H

#include "connection.h"

/* It has come over another number of hops than what `self` sent before it. */
bool origin_is_other_hops(const struct endpoint *self, const struct segment *s);

/* `self` counts its datagrams, and the IP identification of this one is far off; `ago`: nanoseconds
 * since its last, of which only a short while tells. */
bool origin_is_other_series(const struct endpoint *self, const struct segment *s, int64_t ago);

/* Either of both. */
bool origin_is_other(const struct endpoint *self, const struct segment *s, int64_t ago);

#endif
