/* TCP, and the ICMP errors that quote it (layer.h).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "bare_ip.h"
#include "layer.h"
#include "quote_error.h"
#include "tcp.h"

static uint8_t put_sockets(struct packet *p, const uint16_t ports[2])
{
    const struct packet_socket source = {p->source, p->address_size, ports[0]},
                               target = {p->target, p->address_size, ports[1]};
    return sockets_put(&p->seen->sockets, &source, &target);
}

static void read_quoted(struct packet *p, struct span span)
{
    struct sighting *seen = p->seen;
    uint16_t ports[2];
    if (!has(span, QUOTE_MIN) || !quote_error(span.at, (unsigned)(span.at - p->base), &seen->icmp))
        return;
    seen->is_icmp = p->is_seen = true;
    quote_header(span.at, &seen->segment, ports);
    seen->segment.from = put_sockets(p, ports);
}

/* The IP header right before, or NULL. */
static const uint8_t *find_ip(const struct packet *p, const uint8_t *tcp, const struct bare_ip *ip)
{
    if (tcp - p->base < ip->header ||
        !bare_ip_is_from(tcp - ip->header, ip, p->source, p->address_size))
        return NULL;
    return tcp - ip->header;
}

static void read_segment(struct packet *p, struct span span)
{
    const struct bare_ip *ip = p->address_size == ADDRESS_OCTETS_MAX ? &bare_ipv6 : &bare_ipv4;
    const uint8_t *header = find_ip(p, span.at, ip);
    const uint32_t sent = header ? bare_ip_payload(header, ip, span.sent) : span.sent;
    const uint32_t rest = p->size - (uint32_t)(span.at - p->base);
    struct segment *s = &p->seen->segment;
    uint16_t ports[2];
    if (sent > span.sent) /* that was taken off, and stands in the capture all the same */
        span = (struct span){span.at, sent < rest ? sent : rest, sent};
    if (!has(span, TCP_HEADER_MIN) || p->is_fragment)
        return;
    p->is_seen = true;
    tcp_read(span.at, span.captured, span.sent, s, ports);
    if (header)
        tcp_read_ip(header, ip, s);
    s->from = put_sockets(p, ports);
}

struct next layer_tcp(struct packet *packet, struct span span)
{
    if (packet->in_error)
        read_quoted(packet, span);
    else
        read_segment(packet, span);
    return LAYER_END;
}

/* Where a router says how much of the packet it quotes (RFC 4884), the rest is something else. */
static void limit_quotation(struct span icmp, struct span *quoted)
{
    enum { LENGTH = 5, HEADER = 8 };
    const uint32_t words = icmp.at[LENGTH];
    if (words && icmp.sent > HEADER + words * 4 && has(*quoted, 4) &&
        get16(quoted->at + 2) > words * 4)
        limit(quoted, ((quoted->at[0] & 15u) + words) * 4);
}

/* Only of these TCP has to hear (quote_error.c). */
struct next layer_icmp(struct packet *packet, struct span span)
{
    enum { UNREACHABLE = 3, TIME_EXCEEDED = 11, PARAMETER = 12 };
    struct next next = next_behind(span, 8, layer_ip);
    if (!next.read ||
        !(*span.at == UNREACHABLE || *span.at == TIME_EXCEEDED || *span.at == PARAMETER))
        return LAYER_END;
    packet->in_error = true;
    limit_quotation(span, &next.span);
    return next;
}

struct next layer_icmpv6(struct packet *packet, struct span span)
{
    enum { UNREACHABLE = 1, TIME_EXCEEDED = 3 };
    if (!has(span, 8) || !(*span.at == UNREACHABLE || *span.at == TIME_EXCEEDED))
        return LAYER_END;
    packet->in_error = true;
    return next_behind(span, 8, layer_ipv6);
}
