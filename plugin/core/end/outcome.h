/* How a connection ended, in numbers: what was delivered, and who closed first.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_OUTCOME_H
#define TCPSTATE_OUTCOME_H

#include "end/delivery.h"

#define NEVER_SPOKE INT64_C(-1)

/* Of an open connection: as far as it has come. Valid as long as the caller keeps it. */
struct outcome {
    struct delivery delivered[2];
    int64_t
        silent[2]; /* nanoseconds since either end's last new text, when the first of both closed
                           by FIN or RST; NEVER_SPOKE: it had sent none */
    uint32_t closed_in; /* the frame of that FIN or RST; 0: there is none, or it was not captured */
    uint8_t closed_by;  /* a bit for each end that closed first (closing.h) */
    uint32_t waited[2]; /* milliseconds since an end sent a SYN or FIN once, and not again */
    bool was_heard[2];  /* a segment of the end was captured */
    bool was_open;      /* both ends have sent a SYN, or went on from one that was not captured */
    bool was_reset;     /* an end has left by a RST */
};

/* At `now`, in nanoseconds as segment.time: silence since then counts as giving up. */
struct outcome outcome_of(const struct connection *c, int64_t now);

#endif
