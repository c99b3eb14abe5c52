/* The TCP header that an ICMP error quotes: it moves nobody, but its sender hears of the error.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_QUOTE_H
#define TCPSTATE_QUOTE_H

#include "compat.h"

#include "segment.h"

/* False when `tvb` is no quoted TCP header of at least 8 octets behind an error that TCP has to
 * hear of (RFC 1122 section 4.2.3.9). `s` gets the sequence number, frame and time, nothing else;
 * `ports` are those of source and destination. */
bool quote_read(tvbuff_t *tvb, const packet_info *pinfo, struct segment *s, uint16_t ports[2],
                enum icmp_error *error);

#endif
