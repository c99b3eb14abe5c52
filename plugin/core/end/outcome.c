/* See outcome.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "end/outcome.h"

#include "end/closing.h"
#include "rfc/retries.h"

struct outcome outcome_of(const struct connection *c, int64_t now)
{
    return (struct outcome){
        .delivered = {delivery_of(c, 0), delivery_of(c, 1)},
        .silent = {c->silent[0], c->silent[1]},
        .closed_in = c->closed_in,
        .closed_by = (uint8_t)closing_by(c, now),
        .waited = {retries_waited(&c->end[0], now), retries_waited(&c->end[1], now)},
        .was_heard = {c->end[0].knows.segment, c->end[1].knows.segment},
        .was_open = c->end[0].knows.snd && c->end[1].knows.snd,
        .was_reset = c->end[0].knows.left || c->end[1].knows.left,
    };
}
