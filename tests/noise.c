/* One cause, one finding: how many findings of Note and above an ordinary connection has, in
 * hindsight, over all lists together.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *   noise [--conform] LIST...
 * Ordinary is a connection of at least five segments in which nothing is illegal. Exit status: 0
 * when at least half of them have none, and 19 of 20 at most one. --conform: all ends conform, and
 * no connection may have anything illegal. */
#include "bystander.h"
#include "find/findings.h"

#include <stdio.h>
#include <string.h>

enum { SEGMENTS_MAX = 100000, SEGMENTS_MIN = 5, FINDINGS_MAX = 64 };

static unsigned accused, connections, with[FINDINGS_MAX + 1]; /* so many have so many findings */
static unsigned by_check[CHECK_COUNT];

static void take(const struct bystander *b, uint32_t connection)
{
    unsigned segments = 0, findings = 0;
    bool illegal = false;
    for (unsigned i = 0; i < b->count; i++) {
        const struct verdict *v = &b->sight[i].known;
        if (v->connection != connection)
            continue;
        segments++;
        illegal |= v->class == VERDICT_ILLEGAL;
        for (unsigned check = 0; check < CHECK_COUNT; check++)
            if (checks_has(&v->checks, check) && check_text(check)->severity >= SEV_NOTE) {
                findings++;
                by_check[check]++;
            }
    }
    accused += illegal;
    if (segments < SEGMENTS_MIN || illegal)
        return;
    connections++;
    with[findings < FINDINGS_MAX ? findings : FINDINGS_MAX]++;
}

/* So many findings have at most that share of the connections. */
static unsigned percentile(unsigned percent)
{
    unsigned findings = 0, below = with[0];
    while (100u * below < percent * connections && findings < FINDINGS_MAX)
        below += with[++findings];
    return findings;
}

int main(int argc, char **argv)
{
    static struct segment list[SEGMENTS_MAX];
    struct bystander b;
    bystander_begin(&b, &bystander_rules, SEGMENTS_MAX);
    const bool conform = argc > 1 && !strcmp(argv[1], "--conform");
    for (int i = 1 + conform; i < argc; i++) {
        const unsigned count = bystander_read(argv[i], list, SEGMENTS_MAX);
        uint32_t last = 0;
        bystander_again(&b);
        for (unsigned k = 0; k < count; k++)
            bystander_observe(&b, &list[k]);
        if (count)
            bystander_close(&b, list[count - 1].time);
        for (unsigned k = 0; k < b.count; k++)
            last = b.sight[k].known.connection > last ? b.sight[k].known.connection : last;
        for (uint32_t connection = 0; count && connection <= last; connection++)
            take(&b, connection);
    }
    bystander_end(&b);
    printf("%u ordinary connections: median %u, 95th percentile %u findings\n", connections,
           percentile(50), percentile(95));
    for (unsigned check = 0; check < CHECK_COUNT; check++)
        if (by_check[check])
            printf("  %6u %s\n", by_check[check], check_text(check)->name);
    printf("%u with something illegal\n", accused);
    return (conform && accused) || percentile(50) > 0 || percentile(95) > 1;
}
