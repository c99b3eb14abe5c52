/* See header.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * It reads the bytes itself rather than stock TCP's fields, which depend on preferences and exist
 * only when somebody asks for them. */
#include "header.h"

#include "capture_time.h"
#include "octets.h"
#include "tcp.h"

#include <epan/in_cksum.h>
#include <epan/ipproto.h>

/* No dissector tells those below it what stood in the IP header. It is looked for right before the
 * TCP header `p`, and known by its source address: mostly stock IP's address is those very octets,
 * and nothing need be compared. NULL: it is not there. */
static const uint8_t *find_ip(tvbuff_t *tvb, const uint8_t *p, const address *src,
                              const struct bare_ip **layout)
{
    if (src->type != AT_IPv4 && src->type != AT_IPv6)
        return NULL;
    const struct bare_ip *ip = *layout = src->type == AT_IPv4 ? &bare_ipv4 : &bare_ipv6;
    const bool is_there = (uintptr_t)p - (uintptr_t)src->data == (unsigned)ip->header - ip->source;
    if (!is_there && tvb_raw_offset(tvb) < ip->header)
        return NULL;
    p -= ip->header;
    return is_there || bare_ip_is_from(p, ip, src->data, (size_t)src->len) ? p : NULL;
}

/* IP says it, where there is such a header. */
static unsigned length_of(tvbuff_t *tvb, const uint8_t *header, const struct bare_ip *ip)
{
    const unsigned reported = tvb_reported_length(tvb);
    return header ? bare_ip_payload(header, ip, reported) : reported;
}

/* So many of these octets stand in the capture: those taken off, too. */
static unsigned captured_of(tvbuff_t *tvb, unsigned length)
{
    if (length == tvb_reported_length(tvb))
        return tvb_captured_length(tvb);
    const unsigned all = tvb_captured_length(tvb_get_ds_tvb(tvb));
    return MIN(length, all - (unsigned)tvb_raw_offset(tvb));
}

int64_t header_time(const packet_info *pinfo)
{
    return capture_time((int64_t)pinfo->abs_ts.secs, pinfo->abs_ts.nsecs, 0);
}

int64_t header_time_since_first(const packet_info *pinfo)
{
    return capture_time((int64_t)pinfo->rel_ts.secs, pinfo->rel_ts.nsecs, -CAPTURE_SECONDS_MAX);
}

bool header_read(tvbuff_t *tvb, const packet_info *pinfo, struct segment *s, uint16_t ports[2])
{
    if (!tvb_captured_length(tvb) || pinfo->fragmented || pinfo->flags.in_error_pkt)
        return false;
    const struct bare_ip *ip = NULL;
    const uint8_t *p = tvb_get_ptr(tvb, 0, 1), *header = find_ip(tvb, p, &pinfo->src, &ip);
    const unsigned length = length_of(tvb, header, ip),
                   captured = MIN(captured_of(tvb, length), TCP_HEADER_MAX);
    if (captured < TCP_HEADER_MIN)
        return false;
    *s = (struct segment){.frame = pinfo->num, .time = header_time(pinfo)};
    tcp_read(p, captured, length, s, ports);
    if (header)
        tcp_read_ip(header, ip, s);
    return true;
}

bool header_checksum_is_bad(tvbuff_t *tvb, const packet_info *pinfo)
{
    const unsigned length = tvb_reported_length(tvb);
    const struct bare_ip *ip = NULL;
    if (tvb_captured_length(tvb) < length || !length ||
        (pinfo->src.type != AT_IPv4 && pinfo->src.type != AT_IPv6))
        return false;
    const uint8_t *header = find_ip(tvb, tvb_get_ptr(tvb, 0, 1), &pinfo->src, &ip);
    if (length_of(tvb, header, ip) != length)
        return false;
    const uint32_t pseudo[2] = {g_htonl(length), g_htonl(IP_PROTO_TCP)};
    vec_t sum[4];
    SET_CKSUM_VEC_PTR(sum[0], (const uint8_t *)pinfo->src.data, pinfo->src.len);
    SET_CKSUM_VEC_PTR(sum[1], (const uint8_t *)pinfo->dst.data, pinfo->dst.len);
    SET_CKSUM_VEC_PTR(sum[2], (const uint8_t *)pseudo, sizeof pseudo);
    SET_CKSUM_VEC_TVB(sum[3], tvb, 0, (int)length);
    const int partial = in_cksum(sum, 3);
    const uint16_t in_header = get16(sum[3].ptr + 16);
    return in_cksum(sum, 4) != 0 && in_header != g_ntohs((uint16_t)~partial);
}
