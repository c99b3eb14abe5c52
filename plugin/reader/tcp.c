/* See tcp.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tcp.h"

#include "octets.h"
#include "seq.h"

/* Option kinds of the IANA registry, and what makes them what they are. */
enum {
    OPT_END = 0,
    OPT_NOP = 1,
    OPT_MSS = 2,
    OPT_WSCALE = 3,
    OPT_SACK = 5,
    OPT_TIMESTAMPS = 8,
    OPT_MPTCP = 30,
    OPT_FAST_OPEN = 34,
    OPT_EXPERIMENT = 254,
    MPTCP_FASTCLOSE = 7,     /* subtype, RFC 8684 section 3.5 */
    FAST_OPEN_MAGIC = 0xf989 /* experiment identifier, RFC 7413 section 4.1.1 */
};

static void read_fast_open(bool has_cookie, struct segment *s)
{
    s->has |= HAS_FAST_OPEN;
    if (has_cookie)
        s->has |= HAS_FAST_COOKIE;
}

/* The first block is of text that has just come. That was there already where it lies below the ACK
 * number, or within the second block (RFC 2883 section 4). */
static void read_sack(const uint8_t *p, unsigned length, struct segment *s)
{
    enum { HEAD = 2, BLOCK = 8 };
    const bool two = length >= HEAD + 2 * BLOCK;
    const uint32_t left = get32(p + HEAD), right = get32(p + HEAD + 4);
    const bool within =
        two && seq_le(get32(p + HEAD + BLOCK), left) && seq_le(right, get32(p + HEAD + BLOCK + 4));
    const bool again = within || seq_lt(left, s->ack);
    if (!again || two)
        s->has |= HAS_SACK;
    if (again) {
        s->has |= HAS_DSACK;
        s->dsack = (uint16_t)right;
    }
}

/* One option of `length` octets, which includes kind and length. A wrong length: not that option.
 */
static void read_option(const uint8_t *p, unsigned length, struct segment *s)
{
    switch (p[0]) {
    case OPT_MSS:
        if (length == 4) {
            s->has |= HAS_MSS;
            s->mss = get16(p + 2);
        }
        break;
    case OPT_WSCALE:
        if (length == 3) {
            s->has |= HAS_WSCALE;
            s->wscale = p[2];
        }
        break;
    case OPT_SACK:
        if (length >= 10 && length % 8 == 2)
            read_sack(p, length, s);
        break;
    case OPT_TIMESTAMPS:
        if (length == 10) {
            s->has |= HAS_TIMESTAMPS;
            s->tsval = get32(p + 2);
            s->tsecr = get32(p + 6);
        }
        break;
    case OPT_MPTCP:
        if (length >= 3 && p[2] >> 4 == MPTCP_FASTCLOSE)
            s->has |= HAS_FAST_CLOSE;
        break;
    case OPT_FAST_OPEN:
        read_fast_open(length > 2, s);
        break;
    case OPT_EXPERIMENT:
        if (length >= 4 && get16(p + 2) == FAST_OPEN_MAGIC)
            read_fast_open(length > 4, s);
        break;
    }
}

static void read_options(const uint8_t *p, unsigned size, struct segment *s)
{
    while (size > 0 && p[0] != OPT_END) {
        const unsigned length = p[0] == OPT_NOP ? 1 : size > 1 ? p[1] : 0;
        if (length > size || (length < 2 && p[0] != OPT_NOP))
            return; /* malformed or cut short: a receiver stops here too */
        if (length > 1)
            read_option(p, length, s);
        p += length;
        size -= length;
    }
}

/* Of the `captured` octets at `p`, and the `total` that were sent. */
static void read_lengths(const uint8_t *p, unsigned captured, unsigned total, struct segment *s)
{
    const unsigned header = (p[12] >> 4) * 4u;
    if (header < TCP_HEADER_MIN || header > total) {
        s->has |= HAS_BAD_HEADER;
        return;
    }
    s->text = total - header;
    read_options(p + TCP_HEADER_MIN, (header < captured ? header : captured) - TCP_HEADER_MIN, s);
}

void tcp_read(const uint8_t *p, unsigned captured, unsigned total, struct segment *s,
              uint16_t ports[2])
{
    ports[0] = get16(p);
    ports[1] = get16(p + 2);
    s->seq = get32(p + 4);
    s->ack = get32(p + 8);
    s->flags = p[13] & SEG_KNOWN;
    s->window = get16(p + 14);
    read_lengths(p, captured < TCP_HEADER_MAX ? captured : TCP_HEADER_MAX, total, s);
}

void tcp_read_ip(const uint8_t *ip, const struct bare_ip *layout, struct segment *s)
{
    s->ttl = ip[layout->ttl];
    if (layout->id && !segment_any(s, SEG_SYN))
        s->ip_id = get16(ip + layout->id);
}
