/* The ways of the same two sockets where a capture has them in several networks: the number of a
 * network, and the connection that a segment in it belongs to.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_WAYS_H
#define TCPSTATE_WAYS_H

#include "pairs.h"
#include "sighting.h"

/* A capture begins: no network is known. */
void ways_begin(void);

/* The number of the network that a key tells from all others: the same for the same key. Beyond
 * UINT16_MAX networks share a number. */
uint16_t ways_network(uint64_t key);

/* Could the segment be of the pair's connection, by its numbers? */
typedef bool ways_fit(struct pair *pair, const struct segment *s);

/* The pair that the segment belongs to, which was seen in another network than the first that has
 * these sockets: `first`, where both networks carry one connection; a pair of its own, where their
 * numbers have nothing in common. */
struct pair *ways_pair(struct pair *first, const struct sighting *seen, ways_fit *fits);

#endif
