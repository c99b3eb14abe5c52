/* In the details of one packet: why it was sent.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TREE_CAUSES_H
#define TCPSTATE_TREE_CAUSES_H

#include "items.h"

/* Add the cause of a RST to the TCP State subtree `tree`; of other segments nothing. */
void tree_causes_draw(const struct drawing *d, proto_tree *tree);

#endif
