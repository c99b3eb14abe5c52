/* See paper.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "paper.h"

#include <stdio.h>

void paper_append(void *text, const char *from, size_t length)
{
    g_string_append_len(text, from, (gssize)length);
}

void paper_print(void *file, const char *from, size_t length)
{
    fwrite(from, 1, length, file);
}
