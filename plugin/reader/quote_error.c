/* See quote_error.h. Type and code are read from the octets before the quotation: ICMP and ICMPv6
 * put 8 octets before the packet that they quote.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "quote_error.h"

#include "octets.h"

enum { ICMP_HEADER = 8 };

static const struct {
    uint8_t ip_version,
        ip_header; /* IPv4 options and IPv6 extension headers are not looked behind */
    uint8_t type, code;
    enum icmp_error error;
} errors[] = {
    {4, 20, 3, 0, ICMP_SOFT},  /* net unreachable */
    {4, 20, 3, 1, ICMP_SOFT},  /* host unreachable */
    {4, 20, 3, 2, ICMP_HARD},  /* protocol unreachable */
    {4, 20, 3, 3, ICMP_HARD},  /* port unreachable */
    {4, 20, 3, 5, ICMP_SOFT},  /* source route failed */
    {4, 20, 11, 0, ICMP_SOFT}, /* time to live exceeded */
    {4, 20, 12, 0, ICMP_SOFT}, /* parameter problem */
    {6, 40, 1, 0, ICMP_SOFT},  /* no route */
    {6, 40, 1, 3, ICMP_SOFT},  /* address unreachable */
    {6, 40, 1, 4, ICMP_HARD},  /* port unreachable */
    {6, 40, 3, 0, ICMP_SOFT},  /* hop limit exceeded */
};

bool quote_error(const uint8_t *tcp, unsigned before, enum icmp_error *error)
{
    for (unsigned i = 0; i < sizeof errors / sizeof *errors; i++) {
        const unsigned ip = errors[i].ip_header, icmp = ip + ICMP_HEADER;
        *error = errors[i].error;
        if (before >= icmp && *(tcp - ip) >> 4 == errors[i].ip_version &&
            *(tcp - icmp) == errors[i].type && *(tcp - icmp + 1) == errors[i].code)
            return true;
    }
    return false;
}

void quote_header(const uint8_t *tcp, struct segment *s, uint16_t ports[2])
{
    ports[0] = get16(tcp);
    ports[1] = get16(tcp + 2);
    s->seq = get32(tcp + 4);
}
