/* How long both ends were silent.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_IDLE_H
#define TCPSTATE_IDLE_H

#include "connection.h"

/* Nanoseconds from the last segment of either end to this one, which is about to be observed. 0: it
 * is the first, or it neither closes nor ends a pause, and nothing is told. */
int64_t idle_before(const struct connection *c, const struct segment *s);

#endif
