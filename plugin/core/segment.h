/* What one captured TCP segment says (segment.def): the only input of the core.
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
#define FLAG(name, bit) SEG_##name = bit,
#include "tables/segment.def"
};

/* All of them: the other bits of that octet say nothing here. */
enum {
#define FLAG(name, bit) +bit
    SEG_KNOWN = 0
#include "tables/segment.def"
};

/* Options and facts, as bits of segment.has. */
enum segment_has {
#define HAS(name, bit, ladder, shown, section, what) HAS_##name = bit,
#include "tables/segment.def"
};

/* What an ICMP error says of a segment that it quotes. */
enum icmp_error {
    ICMP_SOFT, /* the way to the peer has trouble: a reason to try on (section 3.9.2.2) */
    ICMP_HARD, /* nobody is there: protocol or port unreachable */
};

/* One segment as captured. Lives only as long as the call it is handed to. */
struct segment {
#define MEMBER(type, member) type member;
#include "tables/segment.def"
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
