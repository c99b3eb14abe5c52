/* See wrapping.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * MAC addresses do not count: there are several on the way of one connection. */
#include "wrapping.h"

static uint64_t mix(uint64_t key, uint64_t more)
{
    key = (key ^ more) * UINT64_C(0x9e3779b97f4a7c15); /* 2^64 / golden ratio */
    return key ^ key >> 29;
}

/* So many octets as a number; 0 if they were not captured. */
static uint64_t get(const struct wrapping *w, unsigned at, unsigned octets)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < octets && at + octets <= w->size; i++)
        value = value << 8 | w->octet[at + i];
    return value;
}

static bool is_tag(uint64_t type)
{
    return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

/* All tags of an Ethernet frame. `at` becomes the beginning of the IP header behind them, or 0:
 * there is something else. */
static uint64_t key_of_tags(const struct wrapping *w, unsigned *at, uint64_t key)
{
    enum { TYPE = 12, TAG = 4, ID = 0xfff };
    for (*at = TYPE; is_tag(get(w, *at, 2)); *at += TAG)
        key = mix(key, get(w, *at + 2, 2) & ID);
    const uint64_t type = get(w, *at, 2);
    *at = type == 0x0800 || type == 0x86dd ? *at + 2 : 0;
    return key;
}

/* What tells one tunnel between two hosts from another, or 0: the VNI of VXLAN and Geneve, the key
 * of GRE. */
static uint64_t key_in_tunnel(const struct wrapping *w, unsigned at, uint64_t protocol)
{
    enum { UDP = 17, GRE = 47, VXLAN = 4789, VXLAN_OLD = 8472, GENEVE = 6081 };
    enum { UDP_HEADER = 8, VNI = 4, GRE_HAS_KEY = 0x20, GRE_HAS_CHECKSUM = 0x80 };
    const uint64_t port = get(w, at + 2, 2), flags = get(w, at, 1);
    if (protocol == UDP && (port == VXLAN || port == VXLAN_OLD || port == GENEVE))
        return get(w, at + UDP_HEADER + VNI, 3);
    if (protocol == GRE && (flags & GRE_HAS_KEY))
        return get(w, at + 4 + (flags & GRE_HAS_CHECKSUM ? 4 : 0), 4);
    return 0;
}

/* The ends of the outermost tunnel, whichever way the segment goes, and what they call it. */
static uint64_t key_of_tunnel(const struct wrapping *w, unsigned at, uint64_t key)
{
    const bool six = get(w, at, 1) >> 4 == 6;
    const unsigned header = six ? 40 : (unsigned)(get(w, at, 1) & 15) * 4;
    uint64_t ends = 0;
    if (six)
        ends = (get(w, at + 8, 8) ^ get(w, at + 24, 8)) + mix(get(w, at + 16, 8), 0) +
               mix(get(w, at + 32, 8), 0);
    else
        ends = mix(get(w, at + 12, 4), 0) + mix(get(w, at + 16, 4), 0);
    return mix(mix(key, ends), key_in_tunnel(w, at + header, get(w, at + (six ? 6 : 9), 1)));
}

uint64_t wrapping_key(const struct wrapping *w, uint64_t key)
{
    unsigned at = 0;
    if (w->link == WRAPPING_ETHERNET)
        key = key_of_tags(w, &at, key);
    else if (w->tag)
        key = mix(key, w->tag);
    if (!w->tunnel)
        return key;
    return at || w->link == WRAPPING_IP ? key_of_tunnel(w, at, key) : mix(key, w->tunnel);
}
