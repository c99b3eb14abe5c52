/* See views.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "views.h"

#include "connections.h"
#include "diagram.h"
#include "ladder.h"
#include "list.h"
#include "story.h"
#include "summary.h"

struct list views_begin_list(struct remembered *remembered, const struct look *look,
                             const struct sink *to)
{
    return (struct list){.to = to,
                         .memories = remembered_begin(remembered, sizeof(struct list_connection)),
                         .wanted = look->wanted,
                         .width = look->width,
                         .color = look->color,
                         .why = look->why,
                         .exact = look->exact};
}

/* Of one connection no other is looked at. */
static void each(const struct look *look, capture_tell *tell, void *context)
{
    if (look->wanted < 0)
        capture_each(tell, context);
    else
        capture_each_connection(look->wanted, tell, context);
}

static void add_to_list(void *list, const struct told *told)
{
    list_add(list, &told->account);
}

bool view_list(const struct look *look, const struct sink *to)
{
    struct remembered remembered;
    struct list *list = heap_new(sizeof *list);
    *list = views_begin_list(&remembered, look, to);
    each(look, add_to_list, list);
    list_end(list);
    const bool is_shown = list->lines > 0;
    heap_free(list);
    remembered_end(&remembered);
    return is_shown;
}

static void measure_rung(void *ladder, const struct told *told)
{
    ladder_measure(ladder, &told->account);
}

static void add_rung(void *ladder, const struct told *told)
{
    ladder_add(ladder, &told->account);
}

bool view_ladder(const struct look *look, const struct sink *to)
{
    struct ladder *ladder = heap_zeroed(sizeof *ladder);
    ladder->to = to;
    ladder->wanted = look->wanted;
    ladder->exact = look->exact;
    capture_each_connection(look->wanted, measure_rung, ladder);
    ladder_measured(ladder);
    capture_each_connection(look->wanted, add_rung, ladder);
    ladder_end(ladder);
    const bool is_shown = ladder->is_begun;
    heap_free(ladder);
    return is_shown;
}

static void add_to_story(void *stories, const struct told *told)
{
    struct ending ending;
    const bool is_last = capture_ending(told, &ending);
    story_add(stories, &told->account, is_last ? &ending : NULL);
}

/* Each of them ends with its last segment, so none is asked how it stands now. */
bool view_story(const struct look *look, const struct sink *to)
{
    struct shelf shelf;
    struct stories stories = {
        .to = to, .host = shelf_begin(&shelf), .capture = look->capture, .wanted = look->wanted};
    each(look, add_to_story, &stories);
    story_end(&stories);
    shelf_end(&shelf);
    return stories.told > 0;
}

/* The table, and the row that is being counted. */
struct table {
    const struct sink *to;
    struct connections_row row;
    bool is_begun;
};

static void add_to_table(void *context, const struct told *told)
{
    struct table *table = context;
    struct ending ending;
    connections_count(&table->row, &told->account);
    if (!capture_ending(told, &ending))
        return;
    connections_write_row(table->to, &table->row, &told->account, &ending);
    table->row = (struct connections_row){.is_begun = false};
    table->is_begun = true;
}

bool view_connections(const struct look *look, const struct sink *to)
{
    struct table table = {.to = to};
    connections_write_head(to);
    capture_each_connection(look->wanted, add_to_table, &table);
    connections_write_foot(to);
    return table.is_begun;
}

/* What a tour has collected. */
struct drawing {
    struct tour tour;
    struct move *moves;
    struct callout *callouts;
    unsigned room_for_moves, room_for_callouts;
};

static void *make_room(void *items, unsigned *room, unsigned count, size_t size)
{
    if (count <= *room)
        return items;
    *room = 2 * count;
    return heap_resize(items, *room * size);
}

static void add_to_tour(void *context, const struct told *told)
{
    struct drawing *d = context;
    struct tour_stage stage;
    struct tour *tour = &d->tour;
    tour_add(tour, &told->account, &stage);
    d->moves = make_room(d->moves, &d->room_for_moves, tour->moves + stage.moves, sizeof *d->moves);
    d->callouts = make_room(d->callouts, &d->room_for_callouts, tour->callouts + stage.callouts,
                            sizeof *d->callouts);
    for (unsigned i = 0; i < stage.moves; i++)
        d->moves[tour->moves++] = stage.move[i];
    for (unsigned i = 0; i < stage.callouts; i++)
        d->callouts[tour->callouts++] = stage.callout[i];
    tour->move = d->moves;
    tour->callout = d->callouts;
}

bool view_diagram(const struct look *look, const struct sink *to)
{
    struct drawing *d = heap_zeroed(sizeof *d);
    d->tour.wanted = look->wanted;
    capture_each(add_to_tour, d);
    const bool is_shown = d->tour.is_begun;
    if (is_shown)
        diagram_draw(to, &d->tour);
    heap_free(d->moves);
    heap_free(d->callouts);
    heap_free(d);
    return is_shown;
}

static void add_to_summary(void *summary, const struct told *told)
{
    struct ending ending;
    summary_add(summary, &told->recorded.verdict, told->account.segment->frame);
    if (capture_ending(told, &ending))
        summary_end(summary, &told->recorded.verdict, &ending);
}

bool view_summary(const struct look *look, const struct sink *to)
{
    struct remembered remembered;
    struct summary *summary = heap_zeroed(sizeof *summary);
    (void)look;
    summary->memories = remembered_begin(&remembered, sizeof(struct summary_connection));
    capture_each(add_to_summary, summary);
    summary_write(to, summary);
    heap_free(summary);
    const bool is_shown = remembered.count > 0;
    remembered_end(&remembered);
    return is_shown;
}
