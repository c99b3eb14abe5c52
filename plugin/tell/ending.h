/* What it means that a connection has nothing more, in words: for each end, by its state, by what
 * it has sent again, and by the silence afterwards; or that its sockets went on to the next one.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_ENDING_H
#define TCPSTATE_ENDING_H

#include "end/outcome.h"
#include "sink.h"
#include "verdict.h"

/* What is known of a connection when its last frame has been written down. */
struct ending {
    struct retries retries[2]; /* what either end has sent and nobody has acknowledged */
    int64_t silence;           /* nanoseconds from that frame to the last of all connections */
    int64_t two_msl;           /* nanoseconds in TIME_WAIT */
    uint32_t next,
        next_frame;     /* the connection that the same sockets open then, and its first frame; */
                        /* next_frame is 0: there is none */
    int64_t next_after; /* ... and nanoseconds to that from the last of this one */
    struct outcome outcome; /* what was delivered, and who closed first */
};

/* Tells some sentences, each with one call. */
typedef void ending_sentence(void *context, wording sentence);
void ending_tell(const struct verdict *v, const struct ending *ending, ending_sentence *tell,
                 void *context);

/* The state of an end when the file ends: TIME_WAIT may be over by then. */
unsigned ending_state(const struct verdict *v, unsigned end, const struct ending *ending);

#endif
