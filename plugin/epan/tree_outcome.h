/* How a connection ended, as items of the details: what was delivered, and who closed first.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TREE_OUTCOME_H
#define TCPSTATE_TREE_OUTCOME_H

#include "compat.h"

#include "ending.h"
#include "tap.h"

/* Of a connection's last frame, in hindsight. What `ending` says of it in sentences is above. */
void tree_outcome(proto_tree *tree, tvbuff_t *tvb, const struct verdict *v,
                  const struct outcome *outcome);

/* How long both ends were silent before the segment, where that is told. */
void tree_idle(proto_tree *tree, tvbuff_t *tvb, const struct verdict *v);

#endif
