/* Fuzzes the reader of ladder files: any text is read, or refused with a line number.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What it reads is then observed: a ladder is also an input of the core.                         */
#include "bystander.h"
#include "ladder.h"

#include <stdlib.h>
#include <string.h>

static void observe(const struct ladder *l)
{
    struct bystander b;
    bystander_begin(&b, &bystander_rules, LADDER_ROWS_MAX);
    for (unsigned i = 0; i < l->count; i++)
        if (l->row[i].has_segment && !l->row[i].is_icmp)
            bystander_observe(&b, &l->row[i].segment);
    bystander_end(&b);
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
