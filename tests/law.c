/* The law of hindsight (walk.h) over captures: `law [--conform] FILE...`.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each FILE is a list of segments (dump.h), of one pair of sockets. `--conform`:
 * its ends conform, so nothing is re-synchronised. Exit status: 0 it holds, 1 not, 2 a file
 * cannot be read. */
#include "walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SEGMENTS_MAX = 200000 };

static void complain(void *context, const struct sight *at, unsigned end, const char *how)
{
    printf("%s: frame %" PRIu32 ", end %u: %s\n", (const char *)context, at->segment.frame, end,
           how);
}

int main(int argc, char **argv)
{
    static struct segment list[SEGMENTS_MAX];
    const bool conform = argc > 1 && !strcmp(argv[1], "--conform");
    struct bystander b;
    int broken = 0;
    unsigned long steps = 0;
    bystander_begin(&b, &bystander_rules, SEGMENTS_MAX);
    for (int i = 1 + conform; i < argc; i++) {
        const unsigned count = bystander_read(argv[i], list, SEGMENTS_MAX);
        if (!count)
            return 2;
        bystander_again(&b);
        for (unsigned k = 0; k < count; k++)
            bystander_observe(&b, &list[k]);
        bystander_close(&b, list[count - 1].time);
        broken += walk_check(&b, conform, complain, argv[i]);
        for (unsigned k = 0; k < count; k++)
            steps += b.sight[k].known.steps;
    }
    bystander_end(&b);
    printf("%d lists, %lu steps, %d wrong\n", argc - 1 - conform, steps, broken);
    return broken != 0;
}
