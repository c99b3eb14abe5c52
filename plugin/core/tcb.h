/* The numbers of a TCB, as far as the segments of its owner tell them.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_TCB_H
#define TCPSTATE_TCB_H

#include "endpoint.h"

/* `x` has sent the segment to `y`: its SND and RCV variables, windows, timestamps, counts. */
void tcb_sent(struct endpoint *x, const struct endpoint *y, const struct segment *s);

#endif
