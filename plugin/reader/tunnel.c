/* Tunnels: GRE and what is in UDP (layer.h).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "layer.h"

enum { UDP = 8 };

/* A router of old may have listed the way (RFC 1701): its end, or 0 where that was not captured. */
static uint32_t behind_routes(struct span span, uint32_t at)
{
    enum { ENTRY = 4, LENGTH = 3 };
    while (has(span, at + ENTRY)) {
        const uint8_t *entry = span.at + at;
        at += ENTRY + entry[LENGTH];
        if (!get16(entry) && !entry[LENGTH])
            return at;
    }
    return 0;
}

struct next layer_gre(struct packet *packet, struct span span)
{
    enum { CHECKSUM = 0x8000, ROUTES = 0x4000, KEY = 0x2000, SEQUENCE = 0x1000 };
    enum { ACK = 0x0080, VERSION = 0x0007, PPP = 0x880b };
    if (!has(span, 4))
        return LAYER_END;
    const uint16_t flags = get16(span.at), type = get16(span.at + 2);
    const bool is_pptp = type == PPP && (flags & VERSION);
    uint32_t header = 4;
    header += flags & (CHECKSUM | ROUTES) ? 4 : 0;
    header += flags & KEY ? 4 : 0;
    header += flags & SEQUENCE ? 4 : 0;
    header += is_pptp && (flags & ACK) ? 4 : 0;
    if (flags & ROUTES)
        header = behind_routes(span, header);
    packet->gre = flags;
    return header ? next_behind(span, header, layer_of_gre(type)) : LAYER_END;
}

/* A switch's copy of a frame. The header is there where GRE has a sequence number. */
struct next layer_erspan(struct packet *packet, struct span span)
{
    enum { SEQUENCE = 0x1000, HEADER = 8, ID = 0xfff, ENCAPSULATION = 0x1800, TAGGED = 0x1800 };
    if (!(packet->gre & SEQUENCE))
        return next_behind(span, 0, layer_ethernet);
    if (!has(span, HEADER) || *span.at >> 4 != 1)
        return LAYER_END;
    if (!packet->tag && (get16(span.at + 2) & ENCAPSULATION) != TAGGED)
        packet->tag = get16(span.at) & ID;
    return next_behind(span, HEADER, layer_ethernet);
}

struct next layer_erspan3(struct packet *packet, struct span span)
{
    enum { HEADER = 12, MORE = 8, FLAGS = 10, ID = 0xfff, TYPE = 0x7c00, SUBHEADER = 1 };
    if (!has(span, HEADER) || *span.at >> 4 != 2)
        return LAYER_END;
    const uint16_t flags = get16(span.at + FLAGS);
    packet->tag = get16(span.at) & ID;
    if (flags & TYPE)
        return LAYER_END; /* not Ethernet */
    return next_behind(span, HEADER + (flags & SUBHEADER ? MORE : 0), layer_ethernet);
}

struct next layer_etherip(struct packet *packet, struct span span)
{
    (void)packet;
    return next_behind(span, 2, layer_ethernet);
}

/* The lower port is the likelier one to say what is in it. */
struct next layer_udp(struct packet *packet, struct span span)
{
    if (!has(span, UDP))
        return LAYER_END;
    const uint16_t a = get16(span.at), b = get16(span.at + 2), length = get16(span.at + 4);
    read_layer *low = layer_of_port(a < b ? a : b), *high = layer_of_port(a < b ? b : a);
    if (length || packet->address_size == 4)
        limit(&span, length); /* too short: nothing is left */
    return next_behind(span, UDP, low ? low : high);
}

struct next layer_vxlan(struct packet *packet, struct span span)
{
    (void)packet;
    return next_behind(span, 8, layer_ethernet);
}

struct next layer_geneve(struct packet *packet, struct span span)
{
    enum { HEADER = 8, OPTIONS = 0x3f, TYPE = 2 };
    (void)packet;
    if (!has(span, HEADER))
        return LAYER_END;
    return next_behind(span, HEADER + (*span.at & OPTIONS) * 4u,
                       layer_of_ethertype(get16(span.at + TYPE)));
}
