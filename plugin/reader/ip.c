/* IP of both versions, with options, extension headers and fragments (layer.h).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "layer.h"

#include <string.h>

enum { IPV4_MIN = 20, IPV6 = 40, EIGHT = 8 };

static struct next next_of_protocol(struct span span, uint32_t octets, uint8_t protocol)
{
    return next_behind(span, octets, layer_of_protocol(protocol));
}

static void take_addresses(struct packet *p, const uint8_t *source, const uint8_t *target,
                           unsigned size)
{
    p->address_size = size;
    memcpy(p->source, source, size);
    memcpy(p->target, target, size);
    p->ips += !p->in_error;
}

/* What was put together of fragments takes the place of the frame. */
static struct next next_of_datagram(struct packet *p, const struct fragment *fragment,
                                    uint8_t protocol)
{
    p->base = fragments_add(p->fragments, fragment, &p->size);
    if (!p->base)
        return LAYER_END;
    p->is_put_together = true;
    p->is_fragment = false;
    return next_of_protocol((struct span){p->base, p->size, p->size}, 0, protocol);
}

static struct fragment fragment_of(const struct packet *p, uint32_t id, struct span span)
{
    struct fragment fragment = {.key = {.id = id, .address_size = p->address_size},
                                .octet = span.at,
                                .size = span.captured};
    memcpy(fragment.key.address[0], p->source, p->address_size);
    memcpy(fragment.key.address[1], p->target, p->address_size);
    return fragment;
}

/* ---- version 4 ---- */

/* The end of the way that a packet is to take (RFC 791 section 3.1), or NULL: the header's own. */
static const uint8_t *end_of_route(const uint8_t *option, unsigned size)
{
    enum { END = 0, NOP = 1, LOOSE = 131, STRICT = 137, POINTER = 2, FIRST = 4 };
    while (size > 0 && *option != END) {
        const unsigned length = *option == NOP ? 1 : size > 1 ? option[1] : 0;
        if (length > size || (length < 2 && *option != NOP))
            return NULL;
        if (*option == LOOSE || *option == STRICT) {
            const bool is_under_way = length > POINTER && option[POINTER] >= FIRST &&
                                      option[POINTER] % 4 == 0 && option[POINTER] <= length;
            return is_under_way ? option + length - 4 : NULL;
        }
        option += length;
        size -= length;
    }
    return NULL;
}

/* Not to be routed beyond a site: there the VLAN tells one host from another. */
static bool is_private(const uint8_t *address)
{
    return address[0] == 10 || (address[0] == 172 && address[1] >> 4 == 1) ||
           (address[0] == 192 && address[1] == 168) || (address[0] == 169 && address[1] == 254);
}

static struct next read_ipv4_fragment(struct packet *p, const uint8_t *ip, struct span payload)
{
    enum { ID = 4, FLAGS = 6, PROTOCOL = 9, MORE = 0x2000, OFFSET = 0x1fff };
    const uint16_t flags = get16(ip + FLAGS),
                   tag = is_private(p->source) || is_private(p->target) ? p->tag : 0;
    struct fragment fragment =
        fragment_of(p, (uint32_t)(get16(ip + ID) ^ ip[PROTOCOL] ^ tag), payload);
    fragment.offset = (flags & OFFSET) * 8u;
    fragment.more = flags & MORE;
    return next_of_datagram(p, &fragment, ip[PROTOCOL]);
}

static struct next read_ipv4(struct packet *p, struct span span)
{
    enum { TOTAL = 2, FLAGS = 6, PROTOCOL = 9, SOURCE = 12, TARGET = 16 };
    enum { MORE = 0x2000, OFFSET = 0x1fff };
    const uint8_t *ip = span.at;
    const uint32_t header = (ip[0] & 15u) * 4, said = get16(ip + TOTAL);
    const uint32_t total = said ? said : span.sent; /* 0: longer than can be said (offload) */
    if (header < IPV4_MIN || total < header || !has(span, header))
        return LAYER_END;
    limit(&span, total);
    const uint8_t *end = end_of_route(ip + IPV4_MIN, header - IPV4_MIN);
    take_addresses(p, ip + SOURCE, end ? end : ip + TARGET, 4);
    struct next next = next_of_protocol(span, header, ip[PROTOCOL]);
    const uint16_t flags = get16(ip + FLAGS);
    const uint32_t payload = total - header;
    p->payload = 0;
    if ((flags & (MORE | OFFSET)) && payload > 0 && has(span, header + payload))
        return read_ipv4_fragment(p, ip, (struct span){ip + header, payload, payload});
    p->is_fragment = flags & MORE;
    return flags & OFFSET ? LAYER_END : next;
}

/* ---- version 6 ---- */

/* The length that an option says where the header has no room for it (RFC 2675), or 0. */
static uint32_t jumbo_payload(struct span span)
{
    enum { PAD1 = 0, JUMBO = 194 };
    if (!has(span, 2))
        return 0;
    const uint32_t end = (span.at[1] + 1u) * EIGHT;
    for (uint32_t at = 2; at < end && has(span, at + 6);) {
        const uint8_t *option = span.at + at;
        if (option[0] == JUMBO && option[1] == 4)
            return get32(option + 2) > UINT16_MAX ? get32(option + 2) : 0;
        at += option[0] == PAD1 ? 1 : 2u + option[1];
    }
    return 0;
}

struct next layer_ipv6(struct packet *packet, struct span span)
{
    enum { PAYLOAD = 4, PROTOCOL = 6, SOURCE = 8, TARGET = 24, HOP_BY_HOP = 0 };
    if (!has(span, IPV6) || *span.at >> 4 != 6)
        return LAYER_END;
    const uint8_t *ip = span.at;
    take_addresses(packet, ip + SOURCE, ip + TARGET, ADDRESS_OCTETS_MAX);
    packet->payload = get16(ip + PAYLOAD);
    struct next next = next_of_protocol(span, IPV6, ip[PROTOCOL]);
    uint32_t payload = packet->payload;
    if (payload == 0 && ip[PROTOCOL] == HOP_BY_HOP)
        payload = jumbo_payload(next.span);
    if (next.read)
        limit(&next.span, payload);
    return next;
}

struct next layer_ip(struct packet *packet, struct span span)
{
    if (!has(span, 1))
        return LAYER_END;
    if (*span.at >> 4 == 4)
        return has(span, IPV4_MIN) ? read_ipv4(packet, span) : LAYER_END;
    return layer_ipv6(packet, span);
}

static struct next behind_extension(struct packet *p, struct span span, uint32_t octets)
{
    p->payload -= p->payload < octets ? p->payload : octets;
    return next_of_protocol(span, octets, *span.at);
}

/* Each option until the end of the header. False: one goes beyond what was captured. */
static bool read_options(struct packet *p, struct span span, uint32_t octets)
{
    enum { PAD1 = 0, HOME_ADDRESS = 201 };
    for (uint32_t at = 2, size; at < octets; at += size) {
        const uint8_t *option = span.at + at;
        size = *option == PAD1 ? 1 : has(span, at + 2) ? 2u + option[1] : UINT16_MAX;
        if (!has(span, at + size))
            return false;
        if (*option == HOME_ADDRESS && has(span, at + 2 + ADDRESS_OCTETS_MAX)) {
            memcpy(p->source, option + 2, ADDRESS_OCTETS_MAX);
            p->address_size = ADDRESS_OCTETS_MAX;
        }
    }
    return true;
}

struct next layer_options(struct packet *packet, struct span span)
{
    if (!has(span, EIGHT))
        return LAYER_END;
    const uint32_t octets = (span.at[1] + 1u) * EIGHT;
    if (!has(span, octets) || !read_options(packet, span, octets))
        return LAYER_END;
    return behind_extension(packet, span, octets);
}

/* The end of a way in a header of so many octets behind the first eight: where it stands, or 0, and
 * how many of its first octets the IP header has instead. */
struct route_end {
    int at, elided;
};

/* RFC 6554: all but the last address may lack other octets than the last. */
static struct route_end end_of_short_route(const uint8_t *header, int size)
{
    const int elided = header[4] & 15, each = ADDRESS_OCTETS_MAX - (header[4] >> 4),
              others = (size - (header[5] >> 4) - (ADDRESS_OCTETS_MAX - elided)) / each;
    return (struct route_end){EIGHT + others * each, elided};
}

static struct route_end end_of_route6(const uint8_t *header, int size)
{
    enum { TYPE = 2, LEFT = 3, SOURCE_ROUTE = 0, HOME = 2, LOW_POWER = 3, SEGMENTS = 4 };
    if (header[LEFT] == 0)
        return (struct route_end){0, 0};
    switch (header[TYPE]) {
    case SOURCE_ROUTE:
        return (struct route_end){size - size % ADDRESS_OCTETS_MAX - EIGHT, 0};
    case HOME:
    case SEGMENTS:
        return (struct route_end){EIGHT, 0};
    case LOW_POWER:
        return end_of_short_route(header, size);
    default:
        return (struct route_end){0, 0};
    }
}

/* All that a header of segments says there are are in it. */
static bool has_segments(const uint8_t *header, int octets)
{
    enum { TYPE = 2, LAST = 4, SEGMENTS = 4 };
    return header[TYPE] != SEGMENTS || EIGHT + (header[LAST] + 1) * ADDRESS_OCTETS_MAX <= octets;
}

struct next layer_routing(struct packet *packet, struct span span)
{
    if (!has(span, EIGHT))
        return LAYER_END;
    const int octets = (span.at[1] + 1) * EIGHT;
    const struct route_end end = end_of_route6(span.at, octets - EIGHT);
    const int size = ADDRESS_OCTETS_MAX - end.elided;
    if (!has(span, (uint32_t)octets) || !has_segments(span.at, octets) ||
        (end.at >= EIGHT && end.at + size > octets))
        return LAYER_END;
    if (end.at >= EIGHT && packet->address_size == ADDRESS_OCTETS_MAX)
        memcpy(packet->target + end.elided, span.at + end.at, (size_t)size);
    return behind_extension(packet, span, (uint32_t)octets);
}

struct next layer_fragment(struct packet *packet, struct span span)
{
    enum { OFFSET_AND_MORE = 2, ID = 4, MORE = 1, OFFSET = 0xfff8 };
    if (!has(span, EIGHT))
        return LAYER_END;
    struct next next = behind_extension(packet, span, EIGHT);
    const uint16_t flags = get16(span.at + OFFSET_AND_MORE);
    const uint32_t payload = packet->payload;
    if (payload == 0 || !(flags & (OFFSET | MORE)))
        return next;
    if (!has(span, EIGHT + payload))
        return LAYER_END;
    struct fragment fragment =
        fragment_of(packet, get32(span.at + ID), (struct span){span.at + EIGHT, payload, payload});
    fragment.offset = flags & OFFSET;
    fragment.more = flags & MORE;
    packet->payload = 0;
    return next_of_datagram(packet, &fragment, *span.at);
}

struct next layer_ah(struct packet *packet, struct span span)
{
    return has(span, 2) ? behind_extension(packet, span, (span.at[1] + 2u) * 4) : LAYER_END;
}
