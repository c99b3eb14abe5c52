/* The TCP header, from its octets to the core's struct segment (RFC 9293 section 3.1).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TCP_H
#define TCPSTATE_TCP_H

#include "bare_ip.h"

#include "segment.h"

enum { TCP_HEADER_MIN = 20, TCP_HEADER_MAX = 60 };

/* Of the header at `p` at least TCP_HEADER_MIN octets were captured, and `total` were sent, with
 * the text. `s` has nothing but its place yet; `ports` are those of source and destination. */
void tcp_read(const uint8_t *p, unsigned captured, unsigned total, struct segment *s,
              uint16_t ports[2]);

/* What the IP header tells that lies right before that of TCP, which was read already. */
void tcp_read_ip(const uint8_t *ip, const struct bare_ip *layout, struct segment *s);

#endif
