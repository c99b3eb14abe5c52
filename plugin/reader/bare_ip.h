/* An IP header without options or extension headers: its size, and what stands where in it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_BARE_IP_H
#define TCPSTATE_BARE_IP_H

#include <stdint.h>

/* The version; and so many octets. No identification: 0. */
struct bare_ip {
    uint8_t version, header, ttl, source, id;
};

static const struct bare_ip bare_ipv4 = {4, 20, 8, 12, 4}, bare_ipv6 = {6, 40, 7, 8, 0};

#endif
