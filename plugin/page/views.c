/* List and ladder of one connection, or of all: what the tool prints, with marks that say which text
 * is of which frame.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "accounts.h"
#include "ladder.h"
#include "list.h"
#include "out.h"
#include "page.h"

#include <stdlib.h>

/* ---- the list ---- */

static struct list_connection *remembered;

static void *memory_of(void *nobody, uint32_t connection)
{
    (void)nobody;
    return &remembered[connection];
}

static void add_to_list(void *list, const struct account *a, const struct ending *ending)
{
    (void)ending;
    list_add(list, a);
    out_mark(a->segment->frame);
}

void page_list(int32_t connection)
{
    static struct list list;
    remembered = calloc(accounts_connections() + 1u, sizeof *remembered);
    list = (struct list){
        .to = &out, .memories = {memory_of, NULL}, .wanted = connection, .why = true};
    if (remembered) {
        accounts_each(connection, add_to_list, &list);
        list_end(&list);
    }
    free(remembered);
    out_flush();
}

/* ---- the ladder ---- */

static void measure(void *ladder, const struct account *a, const struct ending *ending)
{
    (void)ending;
    ladder_measure(ladder, a);
}

static void add_to_ladder(void *ladder, const struct account *a, const struct ending *ending)
{
    (void)ending;
    ladder_add(ladder, a);
    out_mark(a->segment->frame);
}

/* One connection after the other. */
static void each(int64_t wanted, accounts_tell *tell, struct ladder *ladder)
{
    const uint32_t first = wanted < 0 ? 0 : (uint32_t)wanted,
                   last = wanted < 0 ? accounts_connections() : first + 1;
    for (uint32_t connection = first; connection < last; connection++)
        accounts_each(connection, tell, ladder);
}

void page_ladder(int32_t connection)
{
    static struct ladder ladder;
    ladder = (struct ladder){.to = &out, .wanted = connection};
    each(connection, measure, &ladder);
    ladder_measured(&ladder);
    each(connection, add_to_ladder, &ladder);
    ladder_end(&ladder);
    out_flush();
}
