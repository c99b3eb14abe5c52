/* The layers of a packet, from its link to TCP: each reads its header, and says what comes next.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * So they are called one after the other, not one in the other, however deep the tunnels are. */
#ifndef TCPSTATE_LAYER_H
#define TCPSTATE_LAYER_H

#include "fragments.h"
#include "frame.h"
#include "octets.h"
#include "sighting.h"

enum { ADDRESS_OCTETS_MAX = 16 };

/* What a layer gets: octets that were captured, and how many were sent. */
struct span {
    const uint8_t *at;
    uint32_t captured, sent; /* captured <= sent */
};

/* A packet on its way through the layers, and what was seen on it. */
struct packet {
    const struct frame *frame;
    struct fragments *fragments;
    struct sighting *seen;
    bool is_seen;

    const uint8_t *base; /* where the frame begins, or what was put together from fragments */
    uint32_t size;
    bool is_put_together;

    unsigned address_size; /* octets; of the IP header that was last: 0, 4 or 16 */
    uint8_t source[ADDRESS_OCTETS_MAX], target[ADDRESS_OCTETS_MAX];
    uint32_t payload;   /* IPv6: octets behind the headers that were read */
    uint16_t gre;       /* flags of the GRE header that was last */
    uint16_t tag;       /* the first VLAN, or 0 */
    unsigned tags, ips; /* how many there were; of IP headers, before an ICMP error */
    bool in_error, is_fragment;
};

struct next;
typedef struct next read_layer(struct packet *packet, struct span span);

/* What comes next; NULL: nothing. */
struct next {
    read_layer *read;
    struct span span;
};

static const struct next LAYER_END = {.read = NULL};

/* layer_NAME() for each of layers.def, and one that only others begin with. */
read_layer layer_ppp;
#define LINK(number, layer, wrapping, what) read_layer layer_##layer;
#define ETHERTYPE(number, layer, carrier, what) read_layer layer_##layer;
#define PROTOCOL(number, layer, what) read_layer layer_##layer;
#define UDP_PORT(number, layer, what) read_layer layer_##layer;
#include "layers.def"

/* NULL: it is not read. */
read_layer *layer_of_link(uint16_t link);
read_layer *layer_of_ethertype(uint16_t type);
read_layer *layer_of_gre(uint16_t type);
read_layer *layer_of_protocol(uint8_t protocol);
read_layer *layer_of_port(uint16_t port);

/* Were at least so many octets captured? */
static inline bool has(struct span span, uint32_t octets)
{
    return span.captured >= octets;
}

/* The rest behind so many octets, for `read`; nothing, where they were not captured. */
static inline struct next next_behind(struct span span, uint32_t octets, read_layer *read)
{
    if (!has(span, octets))
        return LAYER_END;
    return (struct next){read, {span.at + octets, span.captured - octets, span.sent - octets}};
}

/* A header says how long all is; what the frame has more is padding. */
static inline void limit(struct span *span, uint32_t octets)
{
    if (span->sent > octets)
        span->sent = octets;
    if (span->captured > span->sent)
        span->captured = span->sent;
}

/* Is there a segment in the frame, or an ICMP error about one? Then `seen` is filled in but for its
 * network and the server's port, and `key` is that of its network. False also where the frame was
 * but a fragment, which is kept. */
bool layers_read(const struct frame *frame, struct fragments *fragments, struct sighting *seen,
                 uint64_t *key);

#endif
