/* The TCP header, from the bytes of the packet to the core's struct segment (RFC 9293 section 3.1).
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * It reads the bytes itself rather than stock TCP's fields, which depend on preferences and exist
 * only when somebody asks for them. */
#include "header.h"

#include "seq.h"

#include <epan/in_cksum.h>
#include <epan/ipproto.h>

enum { HEADER_MIN = 20, HEADER_MAX = 60 };

/* Option kinds of the IANA registry, and what makes them what they are. */
enum {
    OPT_END = 0,
    OPT_NOP = 1,
    OPT_MSS = 2,
    OPT_WSCALE = 3,
    OPT_SACK = 5,
    OPT_TIMESTAMPS = 8,
    OPT_MPTCP = 30,
    OPT_FAST_OPEN = 34,
    OPT_EXPERIMENT = 254,
    MPTCP_FASTCLOSE = 7,     /* subtype, RFC 8684 section 3.5 */
    FAST_OPEN_MAGIC = 0xf989 /* experiment identifier, RFC 7413 section 4.1.1 */
};

static uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void read_fast_open(bool has_cookie, struct segment *s)
{
    s->has |= HAS_FAST_OPEN;
    if (has_cookie)
        s->has |= HAS_FAST_COOKIE;
}

/* The first block is of text that has just come. That was there already where it lies below the ACK
 * number, or within the second block (RFC 2883 section 4). */
static void read_sack(const uint8_t *p, unsigned length, struct segment *s)
{
    enum { HEAD = 2, BLOCK = 8 };
    const bool two = length >= HEAD + 2 * BLOCK;
    const uint32_t left = get32(p + HEAD), right = get32(p + HEAD + 4);
    const bool within =
        two && seq_le(get32(p + HEAD + BLOCK), left) && seq_le(right, get32(p + HEAD + BLOCK + 4));
    const bool again = within || seq_lt(left, s->ack);
    if (!again || two)
        s->has |= HAS_SACK;
    if (again) {
        s->has |= HAS_DSACK;
        s->dsack = (uint16_t)right;
    }
}

/* One option of `length` octets, which includes kind and length. A wrong length: not that option.
 */
static void read_option(const uint8_t *p, unsigned length, struct segment *s)
{
    switch (p[0]) {
    case OPT_MSS:
        if (length == 4) {
            s->has |= HAS_MSS;
            s->mss = get16(p + 2);
        }
        break;
    case OPT_WSCALE:
        if (length == 3) {
            s->has |= HAS_WSCALE;
            s->wscale = p[2];
        }
        break;
    case OPT_SACK:
        if (length >= 10 && length % 8 == 2)
            read_sack(p, length, s);
        break;
    case OPT_TIMESTAMPS:
        if (length == 10) {
            s->has |= HAS_TIMESTAMPS;
            s->tsval = get32(p + 2);
            s->tsecr = get32(p + 6);
        }
        break;
    case OPT_MPTCP:
        if (length >= 3 && p[2] >> 4 == MPTCP_FASTCLOSE)
            s->has |= HAS_FAST_CLOSE;
        break;
    case OPT_FAST_OPEN:
        read_fast_open(length > 2, s);
        break;
    case OPT_EXPERIMENT:
        if (length >= 4 && get16(p + 2) == FAST_OPEN_MAGIC)
            read_fast_open(length > 4, s);
        break;
    }
}

static void read_options(const uint8_t *p, unsigned size, struct segment *s)
{
    while (size > 0 && p[0] != OPT_END) {
        const unsigned length = p[0] == OPT_NOP ? 1 : size > 1 ? p[1] : 0;
        if (length > size || (length < 2 && p[0] != OPT_NOP))
            return; /* malformed or cut short: a receiver stops here too */
        if (length > 1)
            read_option(p, length, s);
        p += length;
        size -= length;
    }
}

/* Of the `captured` octets at `p`, and the `total` that were sent. */
static void read_lengths(const uint8_t *p, unsigned captured, unsigned total, struct segment *s)
{
    const unsigned header = (p[12] >> 4) * 4u;
    if (header < HEADER_MIN || header > total) {
        s->has |= HAS_BAD_HEADER;
        return;
    }
    s->text = total - header;
    read_options(p + HEADER_MIN, MIN(header, captured) - HEADER_MIN, s);
}

/* An IP header without options or extension headers: its size, and what stands where in it. */
struct ip {
    uint8_t version, header, ttl, source, length,
        counted; /* the length counts so many octets of it */
};

/* No dissector tells those below it what stood in the IP header. It is looked for right before the
 * TCP header `p`, and known by its source address: mostly stock IP's address is those very octets,
 * and nothing need be compared. NULL: it is not there. */
static const uint8_t *find_ip(tvbuff_t *tvb, const uint8_t *p, const address *src,
                              const struct ip **found)
{
    static const struct ip ipv4 = {4, 20, 8, 12, 2, 20}, ipv6 = {6, 40, 7, 8, 4, 0};
    if (src->type != AT_IPv4 && src->type != AT_IPv6)
        return NULL;
    const struct ip *ip = *found = src->type == AT_IPv4 ? &ipv4 : &ipv6;
    const bool is_there = (uintptr_t)p - (uintptr_t)src->data == (unsigned)ip->header - ip->source;
    if (!is_there && tvb_raw_offset(tvb) < ip->header)
        return NULL;
    p -= ip->header;
    if (!is_there &&
        (*p >> 4 != ip->version || memcmp(p + ip->source, src->data, (size_t)src->len) != 0))
        return NULL;
    return p;
}

static void read_ip(const uint8_t *p, const struct ip *ip, struct segment *s)
{
    enum { IPV4_ID = 4 };
    s->ttl = p[ip->ttl];
    if (ip->version == 4 && !segment_any(s, SEG_SYN))
        s->ip_id = get16(p + IPV4_ID);
}

/* Where a capture claims a frame check sequence that it does not have, Wireshark takes off four
 * octets that are the segment's, as IP says. Otherwise it knows better how much was sent. */
static unsigned length_of(tvbuff_t *tvb, const uint8_t *p, const struct ip *ip)
{
    enum { FCS_LENGTH = 4 };
    const unsigned reported = tvb_reported_length(tvb);
    const unsigned by_ip = p ? get16(p + ip->length) - (unsigned)ip->counted : reported;
    return by_ip - reported <= FCS_LENGTH ? by_ip : reported;
}

/* So many of these octets stand in the capture: those taken off, too. */
static unsigned captured_of(tvbuff_t *tvb, unsigned length)
{
    if (length == tvb_reported_length(tvb))
        return tvb_captured_length(tvb);
    const unsigned all = tvb_captured_length(tvb_get_ds_tvb(tvb));
    return MIN(length, all - (unsigned)tvb_raw_offset(tvb));
}

/* Kept within what can be subtracted, to 2255: a file may claim any time, 2^63 seconds too. */
static const int64_t SECONDS_MAX = INT64_C(9000000000);

static int64_t nanoseconds(const nstime_t *time, int64_t seconds_min)
{
    static const int64_t SECOND = 1000000000;
    const int64_t seconds = (int64_t)time->secs;
    return CLAMP(seconds, seconds_min, SECONDS_MAX) * SECOND + time->nsecs;
}

int64_t header_time(const packet_info *pinfo)
{
    return nanoseconds(&pinfo->abs_ts, 0);
}

int64_t header_time_since_first(const packet_info *pinfo)
{
    return nanoseconds(&pinfo->rel_ts, -SECONDS_MAX);
}

bool header_read(tvbuff_t *tvb, const packet_info *pinfo, struct segment *s, uint16_t ports[2])
{
    if (!tvb_captured_length(tvb) || pinfo->fragmented || pinfo->flags.in_error_pkt)
        return false;
    const struct ip *ip = NULL;
    const uint8_t *p = tvb_get_ptr(tvb, 0, 1), *before = find_ip(tvb, p, &pinfo->src, &ip);
    const unsigned length = length_of(tvb, before, ip),
                   captured = MIN(captured_of(tvb, length), HEADER_MAX);
    if (captured < HEADER_MIN)
        return false;
    *s = (struct segment){.frame = pinfo->num,
                          .time = header_time(pinfo),
                          .flags = p[13] & SEG_KNOWN,
                          .window = get16(p + 14),
                          .seq = get32(p + 4),
                          .ack = get32(p + 8)};
    if (before)
        read_ip(before, ip, s);
    ports[0] = get16(p);
    ports[1] = get16(p + 2);
    read_lengths(p, captured, length, s);
    return true;
}

bool header_checksum_is_bad(tvbuff_t *tvb, const packet_info *pinfo)
{
    const unsigned length = tvb_reported_length(tvb);
    const struct ip *ip = NULL;
    if (tvb_captured_length(tvb) < length || !length ||
        length_of(tvb, find_ip(tvb, tvb_get_ptr(tvb, 0, 1), &pinfo->src, &ip), ip) != length ||
        (pinfo->src.type != AT_IPv4 && pinfo->src.type != AT_IPv6))
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
