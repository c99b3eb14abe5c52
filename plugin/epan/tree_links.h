/* The details of a packet: which other frames it has to do with, and its connection.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TREE_LINKS_H
#define TCPSTATE_TREE_LINKS_H

#include "items.h"

/* Reply and evidence, the connection, and, on its last frame, what it means that it ends here. */
void tree_links_draw(const struct drawing *d, proto_tree *tree);

#endif
