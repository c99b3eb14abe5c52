/* The law of hindsight: until it begins anew each end walks along the arrows of Figure 5.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_TESTS_WALK_H
#define TCPSTATE_TESTS_WALK_H

#include "bystander.h"

/* What breaks it: after which sight, which end, and how. */
typedef void walk_complaint(void *context, const struct sight *at, unsigned end, const char *how);

/* Each step of an end begins where its last one ended, and is an arrow of transitions.def that a
 * bystander can see. The first begins in CLOSED or LISTEN, or in a state that is only assumed
 * where the capture has no SYN. The one exception is a re-synchronisation at a segment
 * which is illegal or incomplete; ends that `conform` have none. Returns how often it is broken. */
int walk_check(const struct bystander *b, bool conform, walk_complaint *complain, void *context);

#endif
