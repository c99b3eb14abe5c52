/* What one captured TCP segment says: the only input of the core.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * It knows the header (RFC 9293 section 3.1) and the options that change how states move. It does
 * not know where the segment was captured, nor what the text says.                               */
#ifndef TCPSTATE_SEGMENT_H
#define TCPSTATE_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WINDOW_SHIFT_MAX = 14 }; /* a larger one means this (RFC 7323 section 2.3) */

/* In nanoseconds, as every time. */
#define HOUR (INT64_C(3600) * 1000000000)

enum segment_flag {
    SEG_FIN = 0x01,
    SEG_SYN = 0x02,
    SEG_RST = 0x04,
    SEG_PSH = 0x08,
    SEG_ACK = 0x10,
    SEG_URG = 0x20,
};

/* Options and facts, as bits of segment.has. */
enum segment_has {
    HAS_WSCALE = 0x01,       /* window scale option (RFC 7323 section 2) */
    HAS_TIMESTAMPS = 0x02,   /* timestamps option (RFC 7323 section 3) */
    HAS_MSS = 0x04,          /* maximum segment size (section 3.2) */
    HAS_FAST_OPEN = 0x08,    /* Fast Open option (RFC 7413 section 4.1.1) */
    HAS_FAST_COOKIE = 0x10,  /* ... with a cookie in it */
    HAS_FAST_CLOSE = 0x20,   /* MPTCP MP_FASTCLOSE (RFC 8684 section 3.5) */
    HAS_BAD_CHECKSUM = 0x40, /* verified and wrong: no receiver accepts it (section 3.1, MUST-3) */
    HAS_BAD_HEADER = 0x80,   /* data offset below 5 or beyond the segment: nobody accepts it */
    HAS_SACK = 0x100,        /* text has come from beyond a hole (RFC 2018 section 3) */
    HAS_DSACK = 0x200,       /* text has come that was there already (RFC 2883 section 4) */
};

/* What an ICMP error says of a segment that it quotes. */
enum icmp_error {
    ICMP_SOFT, /* the way to the peer has trouble: a reason to try on (section 3.9.2.2) */
    ICMP_HARD, /* nobody is there: protocol or port unreachable */
};

/* One segment as captured. Lives only as long as the call it is handed to. */
struct segment {
    int64_t time;    /* capture time, nanoseconds since any fixed instant; two can be subtracted */
    uint32_t frame;  /* number of the frame it was captured in, from 1 */
    uint8_t from;    /* which end sent it: 0 or 1; the caller keeps the two apart */
    uint8_t flags;   /* enum segment_flag */
    uint8_t wscale;  /* shift count, when HAS_WSCALE */
    uint8_t ttl;     /* time to live, or hop limit, as captured; 0: not known */
    uint16_t has;    /* enum segment_has */
    uint16_t window; /* as in the header, not scaled */
    uint16_t mss;    /* when HAS_MSS */
    uint16_t
        ip_id;    /* identification (RFC 791 section 3.1); 0: none, or not known, as with HAS_MSS */
    uint32_t seq; /* SEG.SEQ */
    uint32_t ack; /* SEG.ACK; means nothing without the ACK flag */
    uint32_t text;         /* octets of text, from the IP length, so also right when cut short */
    uint32_t tsval, tsecr; /* when HAS_TIMESTAMPS */
    uint16_t dsack;        /* when HAS_DSACK: the low half of the number where that text ends */
    uint16_t server_port_hint; /* 0, or 1 + the end that is likely the server (by port) */
};

static inline bool segment_is(const struct segment *s, unsigned flags)
{
    return (s->flags & flags) == flags;
}

static inline bool segment_any(const struct segment *s, unsigned flags)
{
    return (s->flags & flags) != 0;
}

static inline bool segment_is_syn(const struct segment *s)
{
    return segment_is(s, SEG_SYN) && !segment_any(s, SEG_ACK | SEG_RST);
}

static inline bool segment_is_syn_ack(const struct segment *s)
{
    return segment_is(s, SEG_SYN | SEG_ACK) && !segment_any(s, SEG_RST);
}

/* SEG.LEN: the octets of sequence space it occupies, counting SYN and FIN (section 3.4). */
static inline uint32_t segment_len(const struct segment *s)
{
    return s->text + (segment_any(s, SEG_SYN) ? 1 : 0) + (segment_any(s, SEG_FIN) ? 1 : 0);
}

/* The sequence number just after the segment. */
static inline uint32_t segment_end(const struct segment *s)
{
    return s->seq + segment_len(s);
}

#endif
