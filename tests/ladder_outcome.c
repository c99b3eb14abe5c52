/* How a connection ended, as a ladder states it in its last line. It is compared as text, so that
 * nothing has to be read.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "ladder_check.h"

#include <inttypes.h>
#include <stdio.h>

/* A 4, A 0..5 of 9, 3 behind a hole at 2, 4 in vain; A ?: nothing is known. */
static int write_delivery(char *to, size_t room, int peer, const struct delivery *d)
{
    char sent[64] = "", most[64] = "", held[96] = "", in_vain[64] = "";
    if (!d->is_known)
        return snprintf(to, room, "%c ?", 'A' + peer);
    if (d->acknowledged_max != d->acknowledged)
        snprintf(most, sizeof most, "..%" PRIu64, d->acknowledged_max);
    if (delivery_sent(d) != d->acknowledged)
        snprintf(sent, sizeof sent, " of %" PRIu64, delivery_sent(d));
    if (d->held)
        snprintf(held, sizeof held, ", %" PRIu64 " behind a hole at %" PRIu64, d->held, d->hole);
    if (d->in_vain)
        snprintf(in_vain, sizeof in_vain, ", %" PRIu64 " in vain", d->in_vain);
    return snprintf(to, room, "%c %" PRIu64 "%s%s%s%s%s", 'A' + peer, d->acknowledged, most, sent,
                    held, in_vain, d->from_start ? "" : ", since captured");
}

void ladder_write_outcome(const struct outcome *o, char *to, size_t room)
{
    static const char *const closers[] = {"nobody", "A", "B", "both"};
    int n = snprintf(to, room, "(delivered: ");
    n += write_delivery(to + n, room - (size_t)n, 0, &o->delivered[0]);
    n += snprintf(to + n, room - (size_t)n, "; ");
    n += write_delivery(to + n, room - (size_t)n, 1, &o->delivered[1]);
    snprintf(to + n, room - (size_t)n, "; closed by %s)", closers[o->closed_by]);
}
