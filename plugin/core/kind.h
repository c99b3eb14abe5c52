/* What a segment is, in the words of the tables that say which segments a rule is about (`on`).
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every segment is of one kind. Of others a rule has nothing to say, whatever came before, so it is
 * not asked: most rules are about few segments, and most segments are plain. */
#ifndef TCPSTATE_KIND_H
#define TCPSTATE_KIND_H

#include "segment.h"

enum kind {
    RST = 1,
    SYN = 2,     /* ... without RST, and without ACK */
    SYN_ACK = 4, /* the same with ACK */
    FIN = 8,     /* ... without those, with ACK, as all that follow */
    TEXT = 16,
    ACK = 32, /* and no text */
    ODD = 64, /* no ACK, though it neither opens nor resets */
    SYNS = SYN | SYN_ACK,
    ORDINARY = FIN | TEXT | ACK, /* of a connection in progress */
    ANY = RST | SYNS | ORDINARY | ODD
};

static inline enum kind kind_of(const struct segment *s)
{
    if (segment_is(s, SEG_RST))
        return RST;
    if (segment_is(s, SEG_SYN))
        return segment_is(s, SEG_ACK) ? SYN_ACK : SYN;
    if (!segment_is(s, SEG_ACK))
        return ODD;
    return segment_is(s, SEG_FIN) ? FIN : s->text ? TEXT : ACK;
}

#ifdef TCPSTATE_MUTANTS
extern unsigned mutant_kinds; /* test builds only: besides, every rule is about these */
#define IS_ABOUT(kind, on) (((kind) & ((unsigned)(on) | mutant_kinds)) != 0)
#else
#define IS_ABOUT(kind, on) (((kind) & (on)) != 0)
#endif

#endif
