/* See comments.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "comments.h"

const char *comments_at(struct comments *c, int64_t offset)
{
    if (offset > c->last)
        c->unread++;
    return g_hash_table_lookup(c->texts, &offset);
}
