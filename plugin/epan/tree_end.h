/* The details of a packet: one end of its connection.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TREE_END_H
#define TCPSTATE_TREE_END_H

#include "items.h"

/* Where the end stands now, how sure that is, and what it waits for. */
void tree_end_draw(const struct drawing *d, proto_tree *parent, enum role role);

#endif
