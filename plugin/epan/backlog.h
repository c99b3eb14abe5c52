/* What passed while nobody looked, in the order in which it passed: whoever looks first has the state
 * machine catch up, and where nobody ever does, it need not run.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_BACKLOG_H
#define TCPSTATE_BACKLOG_H

#include "sighting.h"

/* A file is opened: nothing has passed. What is kept lives in Wireshark's file scope. */
void backlog_begin(void);

/* Keep one, packed: mostly 32 octets. */
void backlog_add(const struct sighting *seen);

/* The earliest that is still kept, which is not kept any longer. False: there is none. */
bool backlog_take(struct sighting *seen);

#endif
