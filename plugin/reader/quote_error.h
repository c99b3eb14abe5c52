/* The ICMP errors that TCP has to hear of (RFC 1122 section 4.2.3.9).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_QUOTE_ERROR_H
#define TCPSTATE_QUOTE_ERROR_H

#include "segment.h"

enum { QUOTE_MIN = 8 }; /* octets of the TCP header: ports and sequence number */

/* Which error quotes the TCP header at `tcp`, ahead of which there are `before` octets of the
 * packet. False: none that is heard of. */
bool quote_error(const uint8_t *tcp, unsigned before, enum icmp_error *error);

/* What it quotes. `s` has nothing but its place yet; `ports` are of source and destination. */
void quote_header(const uint8_t *tcp, struct segment *s, uint16_t ports[2]);

#endif
