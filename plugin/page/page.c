/* See page.h: reading.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "page.h"

#include "accounts.h"
#include "out.h"

#include <stdlib.h>

static uint8_t *octets;
static bool is_begun;

uint8_t *page_room(size_t count)
{
    if (!is_begun && !accounts_begin())
        return NULL;
    is_begun = true;
    return octets = realloc(octets, count);
}

bool page_feed(size_t count)
{
    return accounts_feed(octets, count);
}

void page_end(void)
{
    accounts_end();
}

void page_report(void)
{
    accounts_report(&out);
    out_flush();
}
