/* What is remembered of holes is bounded, and never claims too much.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Text arrives in random order, more holes at once than there is room for. The edge that
 * ranges_add() tells is compared with a map of every octet. Exit status: 0 all well, 1 something
 * differs. */
#include "rfc/ranges.h"
#include "infer/history.h"
#include "seq.h"

#include <stdio.h>
#include <string.h>

enum { OCTETS = 2000, ROUNDS = 3000, PIECE = 20 };

/* tests/bench/README.md says it. A connection is a plain struct, kept twice. */
_Static_assert(RANGES_MAX == 4, "the cap on holes that the README of bench states");
_Static_assert(sizeof(struct history) <= 3200 && EPISODE_MAX * sizeof(struct event) <= 11264,
               "the bound on a connection that the README of bench states");

static int wrong;

static unsigned any(unsigned n) /* below n; Knuth's MMIX generator */
{
    static uint64_t state = 1;
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % n;
}

static void require(bool condition, const char *what)
{
    if (condition)
        return;
    if (!wrong++)
        printf("%s\n", what);
}

/* One stretch of octets of which pieces come in any order, and in the end all in theirs. */
static void arrive(uint32_t start)
{
    struct ranges held = {.count = 0};
    bool come[OCTETS + PIECE] = {false};
    uint32_t edge = start, truth = 0, most = 0;
    for (unsigned n = 0; n < OCTETS + OCTETS / PIECE; n++) {
        const unsigned last = n < OCTETS ? 0 : n - OCTETS; /* now what is missing, in order */
        const unsigned at = n < OCTETS ? PIECE + any(OCTETS - PIECE) : last * PIECE;
        const unsigned length = n < OCTETS ? 1 + any(PIECE) : PIECE;
        const uint32_t before = edge;
        memset(come + at, true, length);
        edge = ranges_add(&held, edge, start + at, start + at + length);
        while (truth < OCTETS + PIECE && come[truth])
            truth++;
        most = held.count > most ? held.count : most;
        require(held.count <= RANGES_MAX, "there are more ranges than there is room for");
        require(seq_le(before, edge), "the edge goes back");
        require(seq_le(edge, start + truth), "octets count that have not come");
    }
    require(most == RANGES_MAX, "there were never many holes");
    require(seq_le(start + OCTETS, edge), "octets that came in order do not count");
}

/* As many holes as there is room for are remembered exactly. */
static void fill_all_holes(uint32_t start)
{
    struct ranges held = {.count = 0};
    for (uint32_t i = RANGES_MAX; i > 0; i--)
        require(ranges_add(&held, start, start + 20 * i, start + 20 * i + 10) == start,
                "the edge moves though the first octet is missing");
    uint32_t edge = start;
    for (uint32_t i = 0; i <= RANGES_MAX; i++) {
        const uint32_t next = start + 20 * i + 20 + (i < RANGES_MAX ? 10 : 0);
        edge = ranges_add(&held, edge, start + 20 * i + (i ? 10 : 0), start + 20 * i + 20);
        require(edge == next, "what was held does not count when the hole before it is filled");
    }
}

int main(void)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        arrive(i % 2 ? UINT32_MAX - any(OCTETS) : any(UINT32_MAX)); /* also across the wrap */
        fill_all_holes(i % 2 ? UINT32_MAX - any(100) : any(UINT32_MAX));
    }
    printf("%d rounds, %d wrong\n", ROUNDS, wrong);
    return wrong != 0;
}
