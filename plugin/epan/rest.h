/* Connections at rest: all but those that were heard of last are folded to what is not zero in
 * them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_REST_H
#define TCPSTATE_REST_H

#include "pairs.h"

/* A file is opened: there are no connections. */
void rest_begin(void);

/* The connection of a pair, to be read and written until the next call; zeroed when the pair had
 * none
 * (`has_connection`), and then it has one. */
struct connection *rest_wake(struct pair *pair);

#endif
