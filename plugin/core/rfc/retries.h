/* How often, and at what intervals, an end sends the same again (RFC 9293 section 3.8.1, RFC 6298).
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_RETRIES_H
#define TCPSTATE_RETRIES_H

#include "rfc/endpoint.h"

#define RETRY_PAUSE_MAX INT64_C(120000000) /* microseconds: Linux's longest pause */

/* `self` sends the segment to `peer`, neither has moved yet: count it if it repeats the SYN, the
 * FIN or the earliest text that is not acknowledged, and tell the verdict (`retransmitted`). */
void retries_count(struct endpoint *self, struct endpoint *peer, const struct segment *s,
                   struct verdict *v);

/* What it sends again until it is acknowledged was due once more, long ago: it may have given up,
 * and tells nobody. */
bool retries_may_be_over(const struct endpoint *self, int64_t now);

/* How long an end that goes on would be silent at most, in nanoseconds, after it has sent this. */
int64_t retries_longest_pause(const struct retries *r);

/* What nobody acknowledged was due once more before `now`, and did not come: SYN, SYN,ACK, FIN, or
 * text that was sent again before. It has given up, or the capture ended for it. */
bool retries_have_stopped(const struct endpoint *self, int64_t now);

/* Milliseconds since it sent a SYN or FIN that it has not sent again; 0: there is none. */
uint32_t retries_waited(const struct endpoint *self, int64_t now);

#endif
