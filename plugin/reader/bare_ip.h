/* An IP header without options or extension headers: its size, and what stands where in it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_BARE_IP_H
#define TCPSTATE_BARE_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "octets.h"

/* The version; and so many octets. No identification: 0. The length counts `counted` octets of the
 * header itself. */
struct bare_ip {
    uint8_t version, header, ttl, source, id, length, counted;
};

static const struct bare_ip bare_ipv4 = {4, 20, 8, 12, 4, 2, 20},
                            bare_ipv6 = {6, 40, 7, 8, 0, 4, 0};

/* Is it that header, from that address of so many octets? */
static inline bool bare_ip_is_from(const uint8_t *header, const struct bare_ip *ip,
                                   const void *source, size_t size)
{
    return *header >> 4 == ip->version && memcmp(header + ip->source, source, size) == 0;
}

/* How many octets follow it. Where a capture claims a frame check sequence that it does not have,
 * four octets are taken off that are the segment's, as IP says. Otherwise who has read the frame
 * knows better how much was sent: `reported`. */
static inline unsigned bare_ip_payload(const uint8_t *header, const struct bare_ip *ip,
                                       unsigned reported)
{
    enum { FCS_LENGTH = 4 };
    const unsigned said = get16(header + ip->length) - (unsigned)ip->counted;
    return said - reported <= FCS_LENGTH ? said : reported;
}

#endif
