/* See layer.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "layer.h"

#include "wrapping.h"

read_layer *layer_of_link(uint16_t link)
{
    switch (link) {
#define LINK(number, layer, wrapping, what)                                                        \
    case number:                                                                                   \
        return layer_##layer;
#include "layers.def"
    default:
        return NULL;
    }
}

enum carrier { LINK = 1, GRE = 2, BOTH = LINK | GRE };

static read_layer *layer_carried(uint16_t type, enum carrier by)
{
    switch (type) {
#define ETHERTYPE(number, layer, carrier, what)                                                    \
    case number:                                                                                   \
        return (carrier)&by ? layer_##layer : NULL;
#include "layers.def"
    default:
        return NULL;
    }
}

read_layer *layer_of_ethertype(uint16_t type)
{
    return layer_carried(type, LINK);
}

read_layer *layer_of_gre(uint16_t type)
{
    return layer_carried(type, GRE);
}

read_layer *layer_of_protocol(uint8_t protocol)
{
    switch (protocol) {
#define PROTOCOL(number, layer, what)                                                              \
    case number:                                                                                   \
        return layer_##layer;
#include "layers.def"
    default:
        return NULL;
    }
}

read_layer *layer_of_port(uint16_t port)
{
    switch (port) {
#define UDP_PORT(number, layer, what)                                                              \
    case number:                                                                                   \
        return layer_##layer;
#include "layers.def"
    default:
        return NULL;
    }
}

static enum wrapping_link wrapping_of_link(uint16_t link)
{
    static const struct {
        uint16_t link;
        uint8_t wrapping;
    } links[] = {
#define LINK(number, layer, wrapping, what) {number, WRAPPING_##wrapping},
#include "layers.def"
    };
    for (unsigned i = 0; i < sizeof links / sizeof *links; i++)
        if (links[i].link == link)
            return (enum wrapping_link)links[i].wrapping;
    return WRAPPING_OTHER;
}

static uint64_t key_of(const struct packet *packet)
{
    const struct wrapping wrapping = {
        .octet = packet->base,
        .size = packet->size < WRAPPING_MAX ? packet->size : WRAPPING_MAX,
        .link = packet->is_put_together ? WRAPPING_OTHER : wrapping_of_link(packet->frame->link),
        .tag = packet->tag,
        .tunnel = packet->ips > 1};
    return wrapping_key(&wrapping, packet->frame->interface);
}

bool layers_read(const struct frame *frame, struct fragments *fragments, struct sighting *seen,
                 uint64_t *key)
{
    const uint32_t captured = frame->captured < frame->sent ? frame->captured : frame->sent;
    struct packet packet = {.frame = frame,
                            .fragments = fragments,
                            .seen = seen,
                            .base = frame->octet,
                            .size = captured};
    struct next next = {layer_of_link(frame->link), {frame->octet, captured, frame->sent}};
    while (next.read)
        next = next.read(&packet, next.span);
    if (packet.is_seen)
        *key = key_of(&packet);
    fragments_release(fragments);
    return packet.is_seen;
}
