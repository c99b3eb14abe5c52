/* Networks that use the same addresses: which one does a frame belong to?
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_NETWORKS_H
#define TCPSTATE_NETWORKS_H

#include "compat.h"

/* A file is opened. */
void networks_begin(void);

/* The number of the network of a segment, which lies on so many protocol layers: the same for the
 * same interface, VLAN and tunnel. Beyond UINT16_MAX networks share a number. */
uint16_t networks_number(tvbuff_t *tvb, const packet_info *pinfo, unsigned layers);

#endif
