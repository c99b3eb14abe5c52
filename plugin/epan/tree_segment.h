/* The details of a packet: what the segment did.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TREE_SEGMENT_H
#define TCPSTATE_TREE_SEGMENT_H

#include "items.h"

/* The findings, the severest first, what became of the segment, and who moved. Expert items are
 * issued without a tree as well: the Expert dialog counts on them. */
void tree_segment_draw(const struct drawing *d, proto_tree *tree);

#endif
