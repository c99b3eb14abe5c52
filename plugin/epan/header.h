/* The TCP header, from the bytes of the packet to the core's struct segment.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_HEADER_H
#define TCPSTATE_HEADER_H

#include "compat.h"

#include "segment.h"

/* False when this is no segment of the connection: no whole header was captured, it is a fragment,
 * or it is quoted in an ICMP error. `ports` are those of source and destination; `s->from` and
 * `s->server_port_hint` are left to the caller. */
bool header_read(tvbuff_t *tvb, const packet_info *pinfo, struct segment *s, uint16_t ports[2]);

/* True when the checksum is wrong and can be verified: everything was captured. A sum over the
 * pseudo header alone is what a sending host with offload leaves in its own captures, and not
 * wrong. */
bool header_checksum_is_bad(tvbuff_t *tvb, const packet_info *pinfo);

/* Capture time in nanoseconds, as struct segment has it. */
int64_t header_time(const packet_info *pinfo);
/* The same since the first frame of the file; negative before it. */
int64_t header_time_since_first(const packet_info *pinfo);

#endif
