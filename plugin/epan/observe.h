/* Has the state machine observe what was sighted: each segment once, in capture order.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_OBSERVE_H
#define TCPSTATE_OBSERVE_H

#include "records.h"
#include "sighting.h"

/* A file is opened: nothing has been observed, and nothing waits. The preferences count from now
 * on. */
void observe_begin(void);

/* Have it observed after all that waits, and its verdict written down. False: it is an ICMP error
 * that is not about a segment of a connection that was seen, and there is no verdict. */
bool observe_now(struct sighting *seen, struct recorded *recorded);

/* Have it wait: nobody looks at it yet. */
void observe_later(const struct sighting *seen);

/* Have all that waits observed. */
void observe_pending(void);

#endif
