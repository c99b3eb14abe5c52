/* Fuzzes the reader of ladder files: any text is read, or refused with a line number.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What it reads is then observed: a ladder is also an input of the core.                         */
#include "connection.h"
#include "ladder.h"

#include <stdlib.h>
#include <string.h>

static void observe(const struct ladder *l)
{
    static const struct rules rules = {.two_msl = INT64_C(60) * 1000000000, .rfc5961 = true};
    struct connection c = {0};
    struct verdict v;
    for (unsigned i = 0; i < l->count; i++)
        if (l->row[i].has_segment && !l->row[i].is_icmp)
            connection_observe(&c, &rules, &l->row[i].segment, &v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FILE *in = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    struct ladder *ladder = in ? malloc(sizeof *ladder) : NULL;
    if (!ladder)
        return 0;
    if (ladder_read(in, ladder))
        observe(ladder);
    else if (!ladder->error[0])
        abort(); /* refused without a word */
    fclose(in);
    free(ladder);
    return 0;
}
