/* See networks.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Interface, VLAN and tunnel alone do not tell two connections apart: a router's segment is
 * captured on both sides of it, each direction may have an interface or a VLAN of its own, and
 * merged files number the same interface anew. So a network that is new to a pair of sockets is
 * asked for its first segment in either direction: if its numbers are near those of a connection
 * that is known, it is the same one, and otherwise another. That is settled once. MAC addresses do
 * not count: there are several on the way of one connection. */
#include "networks.h"

#include <epan/proto.h>
#include <epan/wmem_scopes.h>
#include <wiretap/wtap.h>

enum {
    PLAIN = 5, /* layers at most that leave no room for a tag or a tunnel: eth ethertype ip tcp */
    HEADERS_MAX = 256, /* octets, within which the outer headers lie */
    WAYS_MAX = 64      /* of a pair of sockets; in still more networks it is of one that it fits */
};

/* One way of a pair of sockets in a network, and the connection it belongs to. */
struct way {
    struct way *next;
    struct pair *pair;
    uint16_t network;
    uint8_t from;
    unsigned number; /* from 1 */
};

/* File scope. */
static wmem_map_t *numbers; /* of networks, by key; 1 more than the number */
static wmem_map_t *ways;    /* the first way, by the first pair */
static struct {
    uint64_t key;
    uint16_t number;
    bool known;
} latest;

/* Program lifetime. */
static int proto_ip = -1, proto_ipv6 = -1, proto_icmp = -1, proto_icmpv6 = -1;

void networks_begin(void)
{
    numbers = wmem_map_new(wmem_file_scope(), g_int64_hash, g_int64_equal);
    ways = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
    latest.known = false;
    proto_ip = proto_get_id_by_filter_name("ip");
    proto_ipv6 = proto_get_id_by_filter_name("ipv6");
    proto_icmp = proto_get_id_by_filter_name("icmp");
    proto_icmpv6 = proto_get_id_by_filter_name("icmpv6");
}

/* ---- the number of a network ---- */

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

static uint16_t number_of(uint64_t key)
{
    const void *known = wmem_map_lookup(numbers, &key);
    if (known)
        return (uint16_t)(GPOINTER_TO_UINT(known) - 1);
    const uint16_t number = (uint16_t)MIN(wmem_map_size(numbers), UINT16_MAX);
    wmem_map_insert(numbers, wmem_memdup(wmem_file_scope(), &key, sizeof key),
                    GUINT_TO_POINTER(number + 1u));
    return number;
}

uint16_t networks_number(tvbuff_t *tvb, const packet_info *pinfo, unsigned layers)
{
    const uint64_t key = key_of(tvb, pinfo, layers);
    if (!latest.known || latest.key != key) {
        latest.key = key;
        latest.number = number_of(key);
        latest.known = true;
    }
    return latest.number;
}

/* ---- the connection of a segment ---- */

static const struct way *find_way(struct pair *first, uint16_t network, uint8_t from)
{
    const struct way *way = wmem_map_lookup(ways, first);
    while (way && (way->network != network || way->from != from))
        way = way->next;
    return way;
}

static struct pair *add_way(struct pair *first, const struct sighting *seen, struct pair *pair)
{
    struct way *next = wmem_map_lookup(ways, first);
    struct way *way = wmem_new(wmem_file_scope(), struct way);
    *way = (struct way){.next = next,
                        .pair = pair,
                        .network = seen->network,
                        .from = seen->segment.from,
                        .number = next ? next->number + 1 : 1};
    wmem_map_insert(ways, first, way);
    return pair;
}

static bool has_many_ways(const struct pair *first)
{
    const struct way *way = wmem_map_lookup(ways, first);
    return way && way->number == WAYS_MAX;
}

/* A connection that is known and that the segment fits: of its own network before all others. */
static struct pair *find_fitting(struct pair *first, const struct sighting *seen,
                                 networks_fit *fits)
{
    struct pair *found = fits(first, &seen->segment) ? first : NULL;
    for (const struct way *way = wmem_map_lookup(ways, first); way; way = way->next)
        if (way->pair != first && (!found || way->network == seen->network) &&
            fits(way->pair, &seen->segment))
            found = way->pair;
    return found;
}

struct pair *networks_pair(struct pair *first, const struct sighting *seen, networks_fit *fits)
{
    const struct way *way = find_way(first, seen->network, seen->segment.from);
    if (way && !seen->is_icmp)
        return way->pair;
    struct pair *pair = find_fitting(first, seen, fits);
    if (seen->is_icmp || has_many_ways(first))
        return pair ? pair : first;
    return add_way(first, seen, pair ? pair : pairs_add_other(&seen->sockets, seen->network));
}
