/* In the details of one packet: why it was sent.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TREE_CAUSES_H
#define TCPSTATE_TREE_CAUSES_H

#include "tap.h"

/* Add the cause of a RST, and of what is sent again, to the TCP State subtree `tree`. */
void tree_causes_draw(proto_tree *tree, tvbuff_t *tvb, const struct tcpstate_tap_info *info);

#endif
