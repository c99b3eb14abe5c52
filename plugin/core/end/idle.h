/* How long both ends were silent.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_IDLE_H
#define TCPSTATE_IDLE_H

#include "segment.h"

/* Nanoseconds from the `last` segment of either end to this one. 0: it is the first, or it neither
 * closes nor ends a pause, and nothing is told. */
int64_t idle_since(int64_t last, const struct segment *s);

#endif
