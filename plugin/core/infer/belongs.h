/* Could a segment be of a connection, by its numbers?
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_BELONGS_H
#define TCPSTATE_BELONGS_H

#include "connection.h"

/* True as well where nothing is known that would speak against it. */
bool belongs_to(const struct connection *c, const struct segment *s);

#endif
