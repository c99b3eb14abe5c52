/* Each connection, or one, as a line of JSON: what the tool prints as its story.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "accounts.h"
#include "out.h"
#include "page.h"
#include "story.h"

#include <stdlib.h>

/* Those that are not told yet, by number of connection. */
static struct story **shelf;

static struct story *find_story(void *nobody, uint32_t connection)
{
    (void)nobody;
    return shelf[connection];
}

static struct story *make_story(void *nobody, uint32_t connection)
{
    (void)nobody;
    shelf[connection] = calloc(1, sizeof(struct story));
    if (!shelf[connection])
        abort();
    return shelf[connection];
}

static void drop_story(void *nobody, uint32_t connection)
{
    (void)nobody;
    free(shelf[connection]);
    shelf[connection] = NULL;
}

/* In hindsight the ending says it. */
static void no_outcome(void *nobody, uint32_t connection, struct outcome *o)
{
    (void)nobody;
    (void)connection;
    *o = (struct outcome){0};
}

static void tell(void *stories, const struct account *a, const struct ending *ending)
{
    story_add(stories, a, ending);
}

void page_story(int32_t connection)
{
    static struct stories stories;
    stories = (struct stories){.to = &out,
                               .host = {find_story, make_story, drop_story, no_outcome, NULL},
                               .wanted = connection,
                               .two_msl = ACCOUNTS_TWO_MSL};
    shelf = calloc(accounts_connections() + 1u, sizeof(struct story *));
    if (shelf) {
        accounts_each(connection, tell, &stories);
        story_end(&stories);
    }
    free(shelf);
    out_flush();
}
