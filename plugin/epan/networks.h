/* Networks that use the same addresses: which one does a frame belong to, and which connection,
 * where a capture has the same two sockets in several?
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_NETWORKS_H
#define TCPSTATE_NETWORKS_H

#include "pairs.h"
#include "sighting.h"

/* A file is opened: no network is known. */
void networks_begin(void);

/* The number of the network of a segment, which lies on so many protocol layers: the same for the
 * same interface, VLAN and tunnel. Beyond UINT16_MAX networks share a number. */
uint16_t networks_number(tvbuff_t *tvb, const packet_info *pinfo, unsigned layers);

/* Could the segment be of the pair's connection, by its numbers? */
typedef bool networks_fit(struct pair *pair, const struct segment *s);

/* The pair that the segment belongs to, which was seen in another network than the first that has
 * these sockets: `first`, where both networks carry one connection; a pair of its own, where their
 * numbers have nothing in common. */
struct pair *networks_pair(struct pair *first, const struct sighting *seen, networks_fit *fits);

#endif
