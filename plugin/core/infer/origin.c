/* See origin.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "infer/origin.h"

#include "patience.h"

enum { STEADY = 2 }; /* so often in a row, and it is a habit */

/* Hosts begin to count hops at one of these, and some at another for a RST than for the rest. */
static bool is_other_start(unsigned a, unsigned b)
{
    static const uint8_t starts[] = {32, 60, 64, 128, 255};
    for (unsigned i = 0; i < sizeof starts; i++)
        for (unsigned k = 0; k < sizeof starts; k++)
            if (a <= starts[i] && b <= starts[k] && starts[i] - a == starts[k] - b)
                return true;
    return false;
}

/* Ways of equal cost differ by little. */
bool origin_is_other_hops(const struct endpoint *self, const struct segment *s)
{
    enum { FEW_HOPS = 3 };
    const unsigned here = s->ttl, before = self->ttl;
    const unsigned off = here < before ? before - here : here - before;
    return here && self->ttl_times >= STEADY && off > FEW_HOPS && !is_other_start(here, before);
}

/* Soon after the last, since some hosts have one counter for all that they send. A datagram without
 * a number (RFC 6864) tells nothing. */
bool origin_is_other_series(const struct endpoint *self, const struct segment *s, int64_t ago)
{
    enum { NEAR = 1024 };
    const uint16_t off = (uint16_t)(s->ip_id - self->ip_id);
    return s->ip_id && off > NEAR && off < (uint16_t)-NEAR && self->id_steps >= STEADY &&
           ago < patience(PATIENCE_SAME_SERIES);
}

bool origin_is_other(const struct endpoint *self, const struct segment *s, int64_t ago)
{
    return origin_is_other_hops(self, s) || origin_is_other_series(self, s, ago);
}
