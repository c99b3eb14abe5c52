/* How a connection ended, as items of the details: what was delivered, and who closed first. The
 * sentences of its ending say it all; so the items are hidden.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TREE_OUTCOME_H
#define TCPSTATE_TREE_OUTCOME_H

#include "ending.h"
#include "items.h"

/* Of a connection's last frame, in hindsight. */
void tree_outcome_draw(const struct drawing *d, proto_tree *tree, const struct outcome *outcome);

/* How long both ends were silent before the segment, where that is told. */
void tree_outcome_idle(const struct drawing *d, proto_tree *tree);

#endif
