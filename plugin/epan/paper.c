/* See paper.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "paper.h"

#include <stdio.h>
#include <string.h>

/* A comment is a dozen pieces, and mostly there is room. */
void paper_append(void *text, const char *from, size_t length)
{
    GString *all = text;
    if (length >= all->allocated_len - all->len) {
        g_string_append_len(all, from, (gssize)length);
        return;
    }
    memcpy(all->str + all->len, from, length);
    all->len += length;
    all->str[all->len] = '\0';
}

void paper_print(void *file, const char *from, size_t length)
{
    fwrite(from, 1, length, file);
}
