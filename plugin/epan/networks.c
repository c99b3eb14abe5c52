/* See networks.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "networks.h"

#include "ways.h"
#include "wrapping.h"

#include <epan/proto.h>
#include <wiretap/wtap.h>

/* So many layers leave no room for a tag or a tunnel: eth ethertype ip tcp. */
enum { PLAIN = 5 };

/* Program lifetime. */
static int proto_ip = -1, proto_ipv6 = -1, proto_icmp = -1, proto_icmpv6 = -1;

void networks_begin(void)
{
    proto_ip = proto_get_id_by_filter_name("ip");
    proto_ipv6 = proto_get_id_by_filter_name("ipv6");
    proto_icmp = proto_get_id_by_filter_name("icmp");
    proto_icmpv6 = proto_get_id_by_filter_name("icmpv6");
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

static enum wrapping_link link_of(int encapsulation)
{
    return encapsulation == WTAP_ENCAP_ETHERNET ? WRAPPING_ETHERNET
           : encapsulation == WTAP_ENCAP_RAW_IP ? WRAPPING_IP
                                                : WRAPPING_OTHER;
}

static uint64_t key_of_wrapping(tvbuff_t *tvb, const packet_info *pinfo, uint64_t key)
{
    tvbuff_t *frame = tvb_get_ds_tvb(tvb);
    const bool is_frame = tvb_captured_length(frame) == pinfo->fd->cap_len;
    struct wrapping w = {.size = MIN(tvb_captured_length(frame), WRAPPING_MAX),
                         .link = WRAPPING_OTHER,
                         .tag = pinfo->vlan_id,
                         .tunnel = is_in_tunnel(pinfo)};
    w.octet = tvb_get_ptr(frame, 0, (int)w.size);
    if (is_frame && pinfo->rec)
        w.link = link_of(pinfo->rec->rec_header.packet_header.pkt_encap);
    return wrapping_key(&w, key);
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
