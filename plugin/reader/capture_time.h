/* Capture times, as struct segment has them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_CAPTURE_TIME_H
#define TCPSTATE_CAPTURE_TIME_H

#include <stdint.h>

/* Seconds are kept within what can be subtracted, to 2255: a file may claim any time, 2^63 too. */
static const int64_t CAPTURE_SECONDS_MAX = INT64_C(9000000000);

/* In nanoseconds; fewer seconds than the least count as that. */
static inline int64_t capture_time(int64_t seconds, int64_t nanoseconds, int64_t least)
{
    static const int64_t SECOND = 1000000000;
    const int64_t above = seconds < least ? least : seconds,
                  kept = above > CAPTURE_SECONDS_MAX ? CAPTURE_SECONDS_MAX : above;
    return kept * SECOND + nanoseconds;
}

#endif
