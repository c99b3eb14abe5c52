/* The details of one packet, and the Info column.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TREE_H
#define TCPSTATE_TREE_H

#include "tap.h"

/* A file is opened: all that Wireshark registers itself is there. */
void tree_begin(void);

/* Does anybody see what tree_draw() makes? Most programs ask for no tree, or not for our fields. */
bool tree_is_wanted(const packet_info *pinfo, proto_tree *tree);

/* Where nobody does: Wireshark still shows the severest finding of a file by a light. Other programs
 * have none. */
bool tree_has_light(void);

/* On the first pass of a program that has it. */
void tree_signal(packet_info *pinfo, const struct verdict *v);

/* Add the TCP State subtree to `tree`, and issue the expert items; `tree` may be NULL. */
void tree_draw(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo,
               const struct tcpstate_tap_info *info);

/* Append [CLIENT/SERVER] to the Info column. */
void tree_append_to_info(packet_info *pinfo, const struct tcpstate_tap_info *info);

#endif
