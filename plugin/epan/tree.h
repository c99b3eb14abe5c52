/* The details of one packet, and the Info column.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TREE_H
#define TCPSTATE_TREE_H

#include "tap.h"

/* A file is opened: all that Wireshark registers itself is there. */
void tree_begin(void);

/* Does anybody see what tree_draw() makes? Most programs ask for no tree, or not for our fields. */
bool tree_is_wanted(const packet_info *pinfo, proto_tree *tree);

/* The expert indicator is the coloured circle at the lower left of Wireshark's status bar. It shows
 * the severest expert item of all packets (expert_get_highest_severity()), and does not ask for it
 * as other views do: there each item that is severer than those before is issued on the first pass,
 * though nobody looks at the packet. */
void tree_feed_indicator(packet_info *pinfo, const struct verdict *v);

/* Add the TCP State subtree to `tree`, and issue the expert items; `tree` may be NULL. */
void tree_draw(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo,
               const struct tcpstate_tap_info *info);

/* Append [CLIENT/SERVER] to the Info column. */
void tree_append_to_info(packet_info *pinfo, const struct tcpstate_tap_info *info);

#endif
