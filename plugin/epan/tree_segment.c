/* See tree_segment.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree_segment.h"

#include "experts.h"
#include "retransmission.h"
#include "sentences.h"

/* One line: the sentence, and the filter that finds it. */
static void draw_finding(const struct drawing *d, proto_tree *tree, unsigned check)
{
    const char *name = check_text(check)->name;
    const bool is_expert = items_asks_expert(d, tree, &ei_check[check]);
    struct draft text, line;
    proto_item *item = tree;
    if (!is_expert && !items_asks(d, FIELD_check))
        return;
    words_finding(draft_begin(&text), d->v, check);
    if (d->detailed) {
        say_details_finding(
            items_line(d, &line),
            val_to_str_const((uint32_t)fields_severity(check), expert_severity_vals, ""), text.text,
            name);
        item = items_string(d, tree, hf[FIELD_check], name, line.text);
    }
    if (is_expert)
        experts_issue(d, item, &ei_check[check], text.text);
}

static void draw_findings(const struct drawing *d, proto_tree *tree)
{
    uint8_t order[CHECK_COUNT];
    const unsigned count = checks_by_severity(&d->v->checks, order);
    for (unsigned i = 0; i < count; i++)
        draw_finding(d, tree, order[i]);
}

static void draw_verdict(const struct drawing *d, proto_tree *tree)
{
    if (items_asks(d, FIELD_verdict) || items_asks(d, FIELD_verdict_str))
        items_named(d, tree, hf[FIELD_verdict], hf[FIELD_verdict_str], d->v->class,
                    words_verdict(d->v->class), NULL);
}

/* What became of the segment, which the whole capture tells. The line leads to the frame that
 * shows it. */
static void draw_fate(const struct drawing *d, proto_tree *tree)
{
    struct draft text, line;
    if (!d->v->fate || !d->info->recorded.hindsight)
        return;
    words_fate(items_line(d, &text), d->v);
    say_details_fate(items_line(d, &line), text.text);
    items_named(d, tree, hf[FIELD_fate], hf[FIELD_fate_str], d->v->fate,
                words_fate_name(d->v->fate), d->v->fate_frame ? NULL : line.text);
    if (d->v->fate_frame)
        items_number(d, tree, hf[FIELD_fate_frame], d->v->fate_frame, line.text);
}

/* How often the segment was sent before, and when: a line where no finding says so. */
static void draw_retransmission(const struct drawing *d, proto_tree *tree)
{
    const struct retries *r = &d->v->retries[d->v->sender];
    struct draft text;
    if (!d->v->retransmitted)
        return;
    retransmission_text(items_line(d, &text), d->v);
    items_number(d, tree, hf[FIELD_retransmission], r->times,
                 checks_has(&d->v->checks, retransmission_check(r->what)) ? NULL : text.text);
    if (r->pause)
        items_time(d, tree, hf[FIELD_retransmission_after], (int64_t)r->pause * 1000);
}

static void draw_step(const struct drawing *d, proto_tree *tree, const struct step *step)
{
    const enum role role = words_role(d->v, step->end);
    const bool is_expert = items_asks_expert(d, tree, &ei_moved),
               is_why_asked = items_asks_end(d, role, END_FIELD_because);
    proto_item *item = tree;
    struct draft text, line, because;
    draft_begin(&line);
    if (is_expert || is_why_asked)
        words_because(draft_begin(&because), d->v, step);
    if (is_expert)
        words_moved(&line.sink, d->v, step, because.text);
    if (items_asks(d, FIELD_transition)) {
        words_transition(draft_begin(&text), d->v, step);
        item = items_string(d, tree, hf[FIELD_transition], text.text, line.text);
    }
    if (is_why_asked)
        items_string(d, tree, hf_end[role][END_FIELD_because], because.text, NULL);
    if (items_asks(d, FIELD_cause))
        items_number(d, tree, hf[FIELD_cause], step->frame, NULL);
    if (is_expert)
        experts_issue(d, item, &ei_moved, line.text);
}

void tree_segment_draw(const struct drawing *d, proto_tree *tree)
{
    draw_findings(d, tree);
    if (d->detailed) {
        draw_verdict(d, tree);
        draw_fate(d, tree);
        draw_retransmission(d, tree);
    }
    for (unsigned i = 0; i < d->v->steps; i++)
        draw_step(d, tree, &d->v->step[i]);
}
