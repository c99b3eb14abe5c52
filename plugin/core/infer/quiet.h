/* The segments that move nobody and in which nothing can be found: most of all.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_QUIET_H
#define TCPSTATE_QUIET_H

#include "connection.h"

/* True when connection_sent() and connection_received() would move nobody, find nothing and owe
 * nothing for this segment, so that only numbers and times have to be remembered. False proves
 * nothing. */
bool quiet_is(const struct connection *c, const struct segment *s);

/* The same of a connection that is settled. It still is when the segment has been taken. */
bool quiet_goes_on(const struct connection *c, const struct segment *s);

/* Both ends are in ESTABLISHED with nothing assumed, open or in doubt: no later segment can speak
 * against what came before. */
bool quiet_is_settled(const struct connection *c);

#endif
