/* What one segment did, as a comment in plain words for readers who have no plugin.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_COMMENT_H
#define TCPSTATE_COMMENT_H

#include "sink.h"
#include "verdict.h"

/* Did it move a state, or is there a finding or a fate? */
bool comment_is_due(const struct verdict *v);

/* Some sentences; what a reader should see first comes first. */
void comment_write(const struct sink *to, const struct verdict *v);

#endif
