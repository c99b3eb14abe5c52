/* See networks.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "networks.h"

#include "ways.h"

#include <epan/proto.h>
#include <wiretap/wtap.h>

enum {
    PLAIN = 5, /* layers at most that leave no room for a tag or a tunnel: eth ethertype ip tcp */
    HEADERS_MAX = 256 /* octets, within which the outer headers lie */
};

/* Program lifetime. */
static int proto_ip = -1, proto_ipv6 = -1, proto_icmp = -1, proto_icmpv6 = -1;

void networks_begin(void)
{
    proto_ip = proto_get_id_by_filter_name("ip");
    proto_ipv6 = proto_get_id_by_filter_name("ipv6");
    proto_icmp = proto_get_id_by_filter_name("icmp");
    proto_icmpv6 = proto_get_id_by_filter_name("icmpv6");
}

/* The outer headers of a frame, as far as they were captured. */
struct headers {
    const uint8_t *octet;
    unsigned size;
};

static uint64_t mix(uint64_t key, uint64_t more)
{
    key = (key ^ more) * UINT64_C(0x9e3779b97f4a7c15); /* 2^64 / golden ratio */
    return key ^ key >> 29;
}

/* So many octets as a number; 0 if they were not captured. */
static uint64_t get(const struct headers *h, unsigned at, unsigned octets)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < octets && at + octets <= h->size; i++)
        value = value << 8 | h->octet[at + i];
    return value;
}

static bool is_tag(uint64_t type)
{
    return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

/* All tags of an Ethernet frame. `at` becomes the beginning of the IP header behind them, or 0:
 * there is something else. */
static uint64_t key_of_tags(const struct headers *h, unsigned *at, uint64_t key)
{
    enum { TYPE = 12, TAG = 4, ID = 0xfff };
    for (*at = TYPE; is_tag(get(h, *at, 2)); *at += TAG)
        key = mix(key, get(h, *at + 2, 2) & ID);
    const uint64_t type = get(h, *at, 2);
    *at = type == 0x0800 || type == 0x86dd ? *at + 2 : 0;
    return key;
}

/* What tells one tunnel between two hosts from another, or 0: the VNI of VXLAN and Geneve, the key
 * of GRE. */
static uint64_t key_in_tunnel(const struct headers *h, unsigned at, uint64_t protocol)
{
    enum { UDP = 17, GRE = 47, VXLAN = 4789, VXLAN_OLD = 8472, GENEVE = 6081 };
    enum { UDP_HEADER = 8, VNI = 4, GRE_HAS_KEY = 0x20, GRE_HAS_CHECKSUM = 0x80 };
    const uint64_t port = get(h, at + 2, 2), flags = get(h, at, 1);
    if (protocol == UDP && (port == VXLAN || port == VXLAN_OLD || port == GENEVE))
        return get(h, at + UDP_HEADER + VNI, 3);
    if (protocol == GRE && (flags & GRE_HAS_KEY))
        return get(h, at + 4 + (flags & GRE_HAS_CHECKSUM ? 4 : 0), 4);
    return 0;
}

/* The ends of the outermost tunnel, whichever way the segment goes, and what they call it. */
static uint64_t key_of_tunnel(const struct headers *h, unsigned at, uint64_t key)
{
    const bool six = get(h, at, 1) >> 4 == 6;
    const unsigned header = six ? 40 : (unsigned)(get(h, at, 1) & 15) * 4;
    uint64_t ends = 0;
    if (six)
        ends = (get(h, at + 8, 8) ^ get(h, at + 24, 8)) + mix(get(h, at + 16, 8), 0) +
               mix(get(h, at + 32, 8), 0);
    else
        ends = mix(get(h, at + 12, 4), 0) + mix(get(h, at + 16, 4), 0);
    return mix(mix(key, ends), key_in_tunnel(h, at + header, get(h, at + (six ? 6 : 9), 1)));
}

/* What an ICMP error quotes is in no tunnel. */
static bool is_in_tunnel(const packet_info *pinfo)
{
    unsigned count = 0;
    for (wmem_list_frame_t *f = wmem_list_head(pinfo->layers); f; f = wmem_list_frame_next(f)) {
        const int protocol = GPOINTER_TO_INT(wmem_list_frame_data(f));
        if (protocol == proto_icmp || protocol == proto_icmpv6)
            break;
        count += protocol == proto_ip || protocol == proto_ipv6;
    }
    return count > 1;
}

/* What the frame is wrapped in. Where its link is not Ethernet, or IP fragments were put together,
 * only the first tag and that there is a tunnel is known. */
static uint64_t key_of_wrapping(tvbuff_t *tvb, const packet_info *pinfo, uint64_t key)
{
    tvbuff_t *frame = tvb_get_ds_tvb(tvb);
    const bool tunnel = is_in_tunnel(pinfo);
    const bool is_frame = tvb_captured_length(frame) == pinfo->fd->cap_len;
    const int encapsulation =
        is_frame && pinfo->rec ? pinfo->rec->rec_header.packet_header.pkt_encap : 0;
    struct headers h = {.size = MIN(tvb_captured_length(frame), HEADERS_MAX)};
    unsigned at = 0;
    h.octet = tvb_get_ptr(frame, 0, (int)h.size);
    if (encapsulation == WTAP_ENCAP_ETHERNET)
        key = key_of_tags(&h, &at, key);
    else
        key = pinfo->vlan_id ? mix(key, pinfo->vlan_id) : key;
    if (!tunnel)
        return key;
    const bool has_ip = at || encapsulation == WTAP_ENCAP_RAW_IP;
    return has_ip ? key_of_tunnel(&h, at, key) : mix(key, tunnel);
}

static uint64_t key_of(tvbuff_t *tvb, const packet_info *pinfo, unsigned layers)
{
    const wtap_rec *rec = pinfo->rec;
    uint64_t key = 0;
    if (rec && (rec->presence_flags & WTAP_HAS_INTERFACE_ID))
        key = (uint64_t)rec->section_number << 32 | rec->rec_header.packet_header.interface_id;
    return layers > PLAIN || pinfo->vlan_id ? key_of_wrapping(tvb, pinfo, key) : key;
}

uint16_t networks_number(tvbuff_t *tvb, const packet_info *pinfo, unsigned layers)
{
    return ways_network(key_of(tvb, pinfo, layers));
}
