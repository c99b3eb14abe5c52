/* See tree_end.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree_end.h"

#include "account.h"
#include "sentences.h"
#include "waiting.h"

#include <epan/to_str.h>

/* What its lines are made from. */
struct end_drawing {
    const struct drawing *d;
    const struct end_view *view;
    const int *fields;
    enum role role;
    unsigned end;
    proto_tree *tree;
};

static bool asks(const struct end_drawing *e, enum end_field field)
{
    return items_asks_end(e->d, e->role, field);
}

static void add_state(const struct end_drawing *e, enum end_field field, enum end_field twin,
                      uint8_t state, const char *line)
{
    items_named(e->d, e->tree, e->fields[field], e->fields[twin], state, state_text(state)->name,
                line);
}

/* The headline, with the socket, so that both ends can be read without unfolding. */
static void say_headline(const struct end_drawing *e, struct draft *line)
{
    const struct tcpstate_tap_info *info = e->d->info;
    const bool is_sender = e->end == e->d->v->sender;
    const address *host = is_sender ? &info->src : &info->dst;
    struct draft socket;
    account_host_and_port(draft_begin(&socket), address_to_str(e->d->pinfo->pool, host),
                          is_sender ? info->srcport : info->dstport);
    say_details_end(&line->sink, words_role_title(e->role), state_text(e->view->state)->name,
                    words_assumed(e->view), socket.text);
}

static void draw_headline(struct end_drawing *e, proto_tree *parent)
{
    const struct drawing *d = e->d;
    const char *name = state_text(e->view->state)->name;
    struct draft line;
    draft_begin(&line);
    if (d->visible)
        say_headline(e, &line);
    proto_item *item =
        items_number(d, parent, e->fields[END_FIELD_state], e->view->state, line.text);
    e->tree = proto_item_add_subtree(item, ett[ETT_END]);
    items_string(d, e->tree, e->fields[END_FIELD_state_str], name, NULL);
    words_marked(draft_begin(&line), d->v, e->end);
    items_string(d, e->tree, e->fields[END_FIELD_marked], line.text, NULL);
}

/* What it looked like when the segment came, where the whole capture shows something else. */
static void draw_live(const struct end_drawing *e)
{
    const uint8_t live = e->d->info->recorded.live[e->end];
    struct draft line;
    if (!e->d->info->recorded.hindsight || live == e->view->state)
        return;
    say_details_live(items_line(e->d, &line), state_text(live)->name);
    add_state(e, END_FIELD_live, END_FIELD_live_str, live, line.text);
}

/* Every state the end can be in, when there is a choice. One line names those that its headline
 * does not; the field has them all. */
static bool draw_possible(const struct end_drawing *e)
{
    const state_set possible = e->view->possible,
                    others = possible & (state_set) ~(1u << e->view->state);
    struct draft names, line;
    if ((possible & (possible - 1)) == 0)
        return false;
    words_set(items_line(e->d, &names), others);
    say_details_others(items_line(e->d, &line), names.text);
    const char *shown = line.text;
    for (unsigned n = STATE_CLOSED; n < STATE_COUNT; n++)
        if (possible & (1u << n)) {
            items_string(e->d, e->tree, e->fields[END_FIELD_possible], state_text(n)->name, shown);
            shown = NULL;
        }
    return true;
}

/* How sure the state is: a line where it is not. */
static void draw_certainty(const struct end_drawing *e)
{
    const bool assumed = words_is_assumed(e->view), chosen = draw_possible(e);
    struct draft line;
    if (assumed && !chosen)
        say_details_proved(items_line(e->d, &line), state_text(e->view->confirmed)->name);
    add_state(e, END_FIELD_confirmed, END_FIELD_confirmed_str, e->view->confirmed,
              assumed && !chosen ? line.text : NULL);
    items_flag(e->d, e->tree, e->fields[END_FIELD_assumed], assumed);
}

/* Did it enter its state with this segment? Then a line above says so. */
static bool is_new(const struct end_drawing *e)
{
    return e->view->since == e->d->pinfo->num;
}

/* Since when. */
static void draw_since(const struct end_drawing *e)
{
    const struct drawing *d = e->d;
    const uint32_t since = e->view->since;
    struct draft line;
    if (!since || !(asks(e, END_FIELD_since) || asks(e, END_FIELD_elapsed)))
        return;
    const int64_t elapsed = d->info->segment.time - records_time(since);
    const bool is_told = is_new(e);
    if (!is_told)
        say_details_since(items_line(d, &line), since, SECONDS(elapsed, 3));
    items_number(d, e->tree, e->fields[END_FIELD_since], since, is_told ? NULL : line.text);
    items_time(d, e->tree, e->fields[END_FIELD_elapsed], elapsed);
}

static void draw_next(const struct end_drawing *e)
{
    struct draft text, line;
    waiting_next(draft_begin(&text), e->d->v, e->end);
    sink_capital(items_line(e->d, &line), text.text);
    items_string(e->d, e->tree, e->fields[END_FIELD_next], text.text, line.text);
}

/* What its state means; for a reader, where it is new: of CLOSED that is clear. */
static void draw_meaning(const struct end_drawing *e)
{
    const bool is_read = is_new(e) && e->view->state != STATE_CLOSED;
    const wording meaning = words_meaning(e->view->state);
    struct draft line;
    if (is_read)
        say_details_meaning(items_line(e->d, &line), meaning);
    items_string(e->d, e->tree, e->fields[END_FIELD_meaning], meaning, is_read ? line.text : NULL);
}

void tree_end_draw(const struct drawing *d, proto_tree *parent, enum role role)
{
    const unsigned end = words_end(d->v, role);
    struct end_drawing e = {d, &d->v->end[end], hf_end[role], role, end, NULL};
    if (!d->visible && !fields_is_any_of_end_asked(role))
        return;
    draw_headline(&e, parent);
    draw_live(&e);
    draw_certainty(&e);
    add_state(&e, END_FIELD_was, END_FIELD_was_str, e.view->was, NULL);
    if (asks(&e, END_FIELD_next))
        draw_next(&e);
    draw_since(&e);
    if (asks(&e, END_FIELD_meaning))
        draw_meaning(&e);
}
