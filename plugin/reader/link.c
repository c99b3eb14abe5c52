/* Links, and what lies between them and IP (layer.h).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "layer.h"

enum { ETHERTYPE_MIN = 1536, LENGTH_MAX = 1500 };

/* ---- Ethernet ---- */

/* IEEE 802.2, mostly with a SNAP header, which has an EtherType. */
static struct next read_llc(struct span span)
{
    enum { LLC = 3, SNAP = 8, SAP_SNAP = 0xaa, SAP_IP = 0x06, UNNUMBERED = 0x03 };
    enum { OUI_CISCO = 0xf8 };
    if (!has(span, LLC) || span.at[2] != UNNUMBERED)
        return LAYER_END;
    if (span.at[0] == SAP_IP)
        return next_behind(span, LLC, layer_ip);
    if (!has(span, SNAP) || span.at[0] != SAP_SNAP || span.at[1] != SAP_SNAP ||
        get16(span.at + LLC) || (span.at[LLC + 2] && span.at[LLC + 2] != OUI_CISCO))
        return LAYER_END;
    return next_behind(span, SNAP, layer_of_ethertype(get16(span.at + SNAP - 2)));
}

/* Behind so many octets, the last two of which are an EtherType or a length. */
static struct next behind_type(struct span span, uint32_t octets)
{
    if (!has(span, octets))
        return LAYER_END;
    const uint16_t type = get16(span.at + octets - 2);
    if (type >= ETHERTYPE_MIN)
        return next_behind(span, octets, layer_of_ethertype(type));
    if (type == 0 || type > LENGTH_MAX)
        return LAYER_END;
    limit(&span, octets + type);
    return has(span, octets) ? read_llc((struct span){span.at + octets, span.captured - octets,
                                                      span.sent - octets})
                             : LAYER_END;
}

struct next layer_ethernet(struct packet *packet, struct span span)
{
    if (packet->frame->fcs && span.at == packet->frame->octet && span.sent > packet->frame->fcs)
        limit(&span, span.sent - packet->frame->fcs);
    return behind_type(span, 14);
}

struct next layer_vlan(struct packet *packet, struct span span)
{
    enum { TAGS_MAX = 20, ID = 0xfff }; /* deeper it is nonsense */
    if (!has(span, 4) || ++packet->tags > TAGS_MAX)
        return LAYER_END;
    if (!packet->tag)
        packet->tag = get16(span.at) & ID;
    return behind_type(span, 4);
}

/* ---- Linux cooked ---- */

static struct next behind_cooked(struct span span, uint32_t header, uint16_t hardware,
                                 uint16_t protocol)
{
    enum { LLC = 4, NETLINK = 824, GRE = 778 };
    if (hardware == NETLINK)
        return LAYER_END;
    if (protocol > ETHERTYPE_MIN)
        return next_behind(span, header,
                           hardware == GRE ? layer_of_gre(protocol) : layer_of_ethertype(protocol));
    return protocol == LLC ? read_llc((struct span){span.at + header, span.captured - header,
                                                    span.sent - header})
                           : LAYER_END;
}

struct next layer_sll(struct packet *packet, struct span span)
{
    enum { HEADER = 16, HARDWARE = 2, PROTOCOL = 14 };
    (void)packet;
    return has(span, HEADER)
               ? behind_cooked(span, HEADER, get16(span.at + HARDWARE), get16(span.at + PROTOCOL))
               : LAYER_END;
}

struct next layer_sll2(struct packet *packet, struct span span)
{
    enum { HEADER = 20, HARDWARE = 8, PROTOCOL = 0 };
    (void)packet;
    return has(span, HEADER)
               ? behind_cooked(span, HEADER, get16(span.at + HARDWARE), get16(span.at + PROTOCOL))
               : LAYER_END;
}

/* ---- loopback ---- */

/* A family of protocols as BSDs number them: of IPv6 each has its own. */
static read_layer *layer_of_family(uint32_t family)
{
    enum { INET = 2, INET6_NETBSD = 24, INET6_FREEBSD = 28, INET6_DARWIN = 30 };
    if (family == INET)
        return layer_ip;
    return family == INET6_NETBSD || family == INET6_FREEBSD || family == INET6_DARWIN ? layer_ipv6
                                                                                       : NULL;
}

static uint32_t turned(uint32_t n)
{
    return n >> 24 | (n >> 8 & 0xff00) | (n << 8 & 0xff0000) | n << 24;
}

/* In the byte order of the host that captured it, which no file tells: the family is a small
 * number, or an EtherType. In some files it is 16 bits, in the first two octets. */
struct next layer_null(struct packet *packet, struct span span)
{
    (void)packet;
    if (!has(span, 4))
        return LAYER_END;
    if (get16(span.at) == 0xff03)
        return next_behind(span, 0, layer_hdlc);
    uint32_t family = turned(get32(span.at));
    if (family & 0xffff0000)
        family = family < 0x60000 ? family >> 16 : turned(family);
    else if (!(family & 0xff) && family < 0x600)
        family >>= 8;
    return next_behind(span, 4,
                       family > LENGTH_MAX ? layer_of_ethertype((uint16_t)family)
                                           : layer_of_family(family));
}

struct next layer_loop(struct packet *packet, struct span span)
{
    (void)packet;
    return has(span, 4) ? next_behind(span, 4, layer_of_family(get32(span.at))) : LAYER_END;
}

/* ---- PPP and others ---- */

struct next layer_raw(struct packet *packet, struct span span)
{
    (void)packet;
    return next_behind(span, 0, layer_ip);
}

struct next layer_ppp(struct packet *packet, struct span span)
{
    enum { IP = 0x21, SIX = 0x57, MPLS = 0x281, MPLS_MULTI = 0x283 };
    (void)packet;
    if (!has(span, 2))
        return LAYER_END;
    const bool is_short = *span.at & 1; /* of the protocol's two octets the first was left out */
    const uint32_t header = is_short ? 1 : 2;
    switch (is_short ? *span.at : get16(span.at)) {
    case IP:
        return next_behind(span, header, layer_ip);
    case SIX:
        return next_behind(span, header, layer_ipv6);
    case MPLS:
    case MPLS_MULTI:
        return next_behind(span, header, layer_mpls);
    default:
        return LAYER_END;
    }
}

/* PPP with the address and the control octet of HDLC, which may be left out; or Cisco's HDLC. */
struct next layer_hdlc(struct packet *packet, struct span span)
{
    enum { ALL_STATIONS = 0xff, CISCO = 0x0f, CISCO_MULTICAST = 0x8f };
    (void)packet;
    if (!has(span, 1))
        return LAYER_END;
    if (*span.at == CISCO || *span.at == CISCO_MULTICAST)
        return next_behind(span, 0, layer_chdlc);
    return next_behind(span, *span.at == ALL_STATIONS ? 2 : 0, layer_ppp);
}

struct next layer_pppoe(struct packet *packet, struct span span)
{
    enum { HEADER = 6, LENGTH = 4 };
    (void)packet;
    if (!has(span, HEADER))
        return LAYER_END;
    limit(&span, HEADER + (uint32_t)get16(span.at + LENGTH));
    return next_behind(span, HEADER, layer_ppp);
}

struct next layer_chdlc(struct packet *packet, struct span span)
{
    (void)packet;
    return has(span, 4) ? next_behind(span, 4, layer_of_ethertype(get16(span.at + 2))) : LAYER_END;
}

/* A stack of labels; what is below them shows by its version. */
struct next layer_mpls(struct packet *packet, struct span span)
{
    enum { LABEL = 4, BOTTOM = 1 };
    (void)packet;
    uint32_t at = 0;
    do
        at += LABEL;
    while (has(span, at) && !(span.at[at - 2] & BOTTOM));
    if (!has(span, at + 1))
        return LAYER_END;
    const uint8_t version = span.at[at] >> 4;
    return next_behind(span, at, version == 4 ? layer_ip : version == 6 ? layer_ipv6 : NULL);
}

/* Attributes in the byte order of the file, one of which is the packet. Where the last of them were
 * cut off, nobody knows. */
struct next layer_nflog(struct packet *packet, struct span span)
{
    enum { HEADER = 4, ATTRIBUTE = 4, TYPE = 0x7fff, PAYLOAD = 9, INET = 2, INET6 = 10 };
    const bool big = packet->frame->big_endian;
    struct next next = LAYER_END;
    for (uint32_t at = HEADER, length; at + ATTRIBUTE <= span.sent; at += (length + 3) & ~3u) {
        if (!has(span, at + ATTRIBUTE))
            return LAYER_END;
        const uint8_t *p = span.at + at;
        const uint16_t type = big ? get16(p + 2) : (uint16_t)(p[2] | p[3] << 8);
        length = big ? get16(p) : (uint16_t)(p[0] | p[1] << 8);
        if (length < ATTRIBUTE)
            return LAYER_END;
        if ((type & TYPE) != PAYLOAD)
            continue;
        struct span attribute = span;
        limit(&attribute, at + length);
        next = next_behind(attribute, at + ATTRIBUTE, *span.at == INET ? layer_ip : layer_ipv6);
    }
    return has(span, 1) && (*span.at == INET || *span.at == INET6) ? next : LAYER_END;
}
