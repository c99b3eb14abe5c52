/* See networks.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Interface, VLAN and tunnel alone do not tell two connections apart: a router's segment is
 * captured on both sides of it, each direction may have an interface or a VLAN of its own, and
 * merged files number the same interface anew. So a network that is new to a pair of sockets is
 * asked for its first segment in either direction: if its numbers are near those of a connection
 * that is known, it is the same one, and otherwise another. That is settled once. */
#include "networks.h"

#include "wrapping.h"

#include <epan/proto.h>
#include <epan/wmem_scopes.h>
#include <wiretap/wtap.h>

enum {
    PLAIN = 5, /* layers at most that leave no room for a tag or a tunnel: eth ethertype ip tcp */
    WAYS_MAX = 64 /* of a pair of sockets; in still more networks it is of one that it fits */
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
