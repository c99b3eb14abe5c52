/* See tree_links.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree_links.h"

#include "ending.h"
#include "pending.h"
#include "sentences.h"
#include "tree_outcome.h"

/* Sender or receiver; where they stand is told above. */
static void draw_party(const struct drawing *d, proto_tree *tree, enum field field,
                       enum field state, enum field twin, unsigned end)
{
    const uint8_t where = d->v->end[end].state;
    if (items_asks(d, field))
        items_string(d, tree, hf[field], words_role_name(words_role(d->v, end)), NULL);
    if (items_asks(d, state) || items_asks(d, twin))
        items_named(d, tree, hf[state], hf[twin], where, state_text(where)->name, NULL);
}

static void draw_parties(const struct drawing *d, proto_tree *tree)
{
    struct draft text;
    draw_party(d, tree, FIELD_sender, FIELD_sender_state, FIELD_sender_state_str, d->v->sender);
    draw_party(d, tree, FIELD_receiver, FIELD_receiver_state, FIELD_receiver_state_str,
               !d->v->sender);
    if (!items_asks(d, FIELD_states))
        return;
    words_states(draft_begin(&text), d->v);
    items_string(d, tree, hf[FIELD_states], text.text, NULL);
}

/* Does a line above say what is shown of that frame? */
static bool is_told(const struct verdict *v)
{
    for (unsigned i = 0; i < v->steps; i++)
        if (v->step[i].frame == v->evidence)
            return true;
    return words_is_plain_reply(v);
}

/* Which frame this one answers, and which it tells something of: mostly the same, in one line. */
static void draw_frames(const struct drawing *d, proto_tree *tree)
{
    const struct verdict *v = d->v;
    struct draft line;
    if (v->answers && items_asks(d, FIELD_answers)) {
        say_details_answers(items_line(d, &line), v->answers);
        items_number(d, tree, hf[FIELD_answers], v->answers, line.text);
    }
    if (!v->evidence || !items_asks(d, FIELD_evidence))
        return;
    words_evidence(items_line(d, &line), v);
    items_number(d, tree, hf[FIELD_evidence], v->evidence, is_told(v) ? NULL : line.text);
}

static void draw_reply(const struct drawing *d, proto_tree *tree)
{
    struct draft text, line;
    if (!items_asks(d, FIELD_owes))
        return;
    words_owes(draft_begin(&text), d->v);
    if (!text.length)
        return;
    say_details_owes(items_line(d, &line), text.text);
    items_string(d, tree, hf[FIELD_owes], text.text, line.text);
}

static void draw_connection(const struct drawing *d, proto_tree *tree)
{
    struct draft line;
    if (items_asks(d, FIELD_connection)) {
        say_details_connection(items_line(d, &line), d->v->connection, words_roles_told(d->v));
        items_number(d, tree, hf[FIELD_connection], d->v->connection, line.text);
    }
    if (items_asks(d, FIELD_roles))
        items_string(d, tree, hf[FIELD_roles], words_roles_known_by(d->v), NULL);
}

/* Where the sentences about the end are added. */
struct ending_place {
    const struct drawing *d;
    proto_tree *tree;
};

static void add_ending(void *context, wording sentence)
{
    const struct ending_place *at = context;
    items_string(at->d, at->tree, hf[FIELD_end], sentence, sentence);
}

static bool is_end_asked(const struct drawing *d)
{
    return items_asks(d, FIELD_end) || items_asks(d, FIELD_closed_by) ||
           items_asks(d, FIELD_closed_by_str) || fields_is_any_delivery_asked();
}

/* Which frame is the last is known when all have been seen: in a second pass. */
static void draw_ending(const struct drawing *d, proto_tree *tree)
{
    struct ending ending;
    if (!is_end_asked(d) || !d->info->recorded.hindsight ||
        !observe_ending(&d->info->recorded, d->info->segment.time, &ending))
        return;
    ending_tell(d->v, &ending, add_ending, &(struct ending_place){d, tree});
    tree_outcome_draw(d, tree, &ending.outcome);
}

void tree_links_draw(const struct drawing *d, proto_tree *tree)
{
    draw_parties(d, tree);
    draw_frames(d, tree);
    draw_reply(d, tree);
    draw_connection(d, tree);
    draw_ending(d, tree);
}
