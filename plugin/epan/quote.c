/* See quote.h. Type and code are read from the bytes before the quotation, since no dissector tells
 * them to those below it: ICMP and ICMPv6 put 8 octets before the packet that they quote.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "quote.h"

#include "header.h"

enum { PORTS_AND_SEQ = 8, ICMP_HEADER = 8 };

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

/* The octet `before` octets ahead of `tvb` in the packet, or -1. */
static int octet_before(tvbuff_t *tvb, int before)
{
    const int offset = (int)tvb_raw_offset(tvb) - before;
    return offset < 0 ? -1 : *tvb_get_ptr(tvb_get_ds_tvb(tvb), offset, 1);
}

bool quote_read(tvbuff_t *tvb, const packet_info *pinfo, struct segment *s, uint16_t ports[2],
                enum icmp_error *error)
{
    if (!pinfo->flags.in_error_pkt || tvb_captured_length(tvb) < PORTS_AND_SEQ)
        return false;
    *s = (struct segment){
        .frame = pinfo->num, .time = header_time(pinfo), .seq = tvb_get_ntohl(tvb, 4)};
    ports[0] = tvb_get_ntohs(tvb, 0);
    ports[1] = tvb_get_ntohs(tvb, 2);
    for (unsigned i = 0; i < array_length(errors); i++) {
        const int ip = errors[i].ip_header, icmp = ip + ICMP_HEADER;
        *error = errors[i].error;
        if (octet_before(tvb, ip) >> 4 == errors[i].ip_version &&
            octet_before(tvb, icmp) == errors[i].type &&
            octet_before(tvb, icmp - 1) == errors[i].code)
            return true;
    }
    return false;
}
