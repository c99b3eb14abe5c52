/* See out.h. Text is gathered, because a call out of WebAssembly costs more than a copy.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "out.h"

#include <string.h>

__attribute__((import_module("page"), import_name("text"))) void page_text(const char *text,
                                                                           size_t length);

static char room[1 << 16];
static size_t length;

void out_flush(void)
{
    if (length)
        page_text(room, length);
    length = 0;
}

static void write_out(void *nobody, const char *text, size_t count)
{
    (void)nobody;
    while (count) {
        const size_t left = sizeof room - length, fits = count < left ? count : left;
        memcpy(room + length, text, fits);
        length += fits;
        text += fits;
        count -= fits;
        if (length == sizeof room)
            out_flush();
    }
}

const struct sink out = {.write = write_out};
