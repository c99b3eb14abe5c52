/* What a report has been told by the tap, kept until the report is drawn: only then is it known
 * what each segment really did. In one pass the tap comes before that.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_KEPT_H
#define TCPSTATE_KEPT_H

#include "tap.h"

struct kept;

struct kept *kept_new(void);
void kept_free(struct kept *kept);
void kept_reset(struct kept *kept);

/* Keep one event. `mark` is the caller's, and given back with it. */
void kept_add(struct kept *kept, const struct tcpstate_tap_info *info, int64_t mark);

/* Tell all of them again in hindsight, in order, or each connection's after those of the one
 * before; none, once their file is closed. */
typedef void kept_tell(void *context, const struct tcpstate_tap_info *info, int64_t mark);
void kept_each(const struct kept *kept, kept_tell *tell, void *context);
void kept_each_connection(const struct kept *kept, kept_tell *tell, void *context);

#endif
