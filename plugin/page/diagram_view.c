/* The state diagram of a connection, as SVG.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "accounts.h"
#include "diagram.h"
#include "out.h"
#include "page.h"

#include <stdlib.h>
#include <string.h>

/* A tour, and the memory in which it collects what is on the way. */
struct collected {
    struct tour tour;
    struct tour_stage stage;
    struct move *move;
    struct callout *callout;
};

/* Room for so many more; the browser's memory is the limit. */
static void *grown(void *list, unsigned count, size_t size)
{
    void *larger = realloc(list, count * size);
    if (!larger)
        abort();
    return larger;
}

static void add(void *context, const struct account *a, const struct ending *ending)
{
    struct collected *c = context;
    (void)ending;
    tour_add(&c->tour, a, &c->stage);
    if (c->stage.moves) {
        c->move = grown(c->move, c->tour.moves + c->stage.moves, sizeof *c->move);
        memcpy(c->move + c->tour.moves, c->stage.move, c->stage.moves * sizeof *c->move);
        c->tour.moves += c->stage.moves;
    }
    if (c->stage.callouts) {
        c->callout = grown(c->callout, c->tour.callouts + c->stage.callouts, sizeof *c->callout);
        memcpy(c->callout + c->tour.callouts, c->stage.callout,
               c->stage.callouts * sizeof *c->callout);
        c->tour.callouts += c->stage.callouts;
    }
}

void page_diagram(int32_t connection)
{
    static struct collected c;
    c = (struct collected){.tour = {.wanted = connection}};
    accounts_each(connection, add, &c);
    c.tour.move = c.move;
    c.tour.callout = c.callout;
    if (c.tour.is_begun)
        diagram_draw(&out, &c.tour);
    free(c.move);
    free(c.callout);
    out_flush();
}
