/* Segments that nobody has asked about yet, as a queue. Whoever asks first has all of them
 * observed, and where nobody ever does, the state machine need not run.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_BACKLOG_H
#define TCPSTATE_BACKLOG_H

#include "sighting.h"

/* A file is opened: the queue is empty. What is in it lives in Wireshark's file scope. */
void backlog_begin(void);

/* Append one; it takes 24 octets, some more with timestamps or other sockets; server_port_hint is
 * not kept. */
void backlog_add(const struct sighting *seen);

/* Take the oldest one out. False: the queue is empty. */
bool backlog_take(struct sighting *seen);

#endif
