/* See walk.h.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "walk.h"

#include <stdio.h>

struct walk {
    const struct bystander *bystander;
    const struct sight *at;
    unsigned end;
    bool conform;
    walk_complaint *complain;
    void *context;
    int broken;
};

static void complain(struct walk *w, const char *what, unsigned from, unsigned to)
{
    char text[120];
    snprintf(text, sizeof text, "%s: %s to %s", what, state_text((enum state)from)->name,
             state_text((enum state)to)->name);
    w->broken++;
    w->complain(w->context, w->at, w->end, text);
}

static bool is_arrow(const struct step *step)
{
    const state_set from = (state_set)(1u << step->from), to = (state_set)(1u << step->to);
    const struct arrow *arrow = fsm_arrow(from, (enum signal)step->signal);
    return arrow && arrow->whose != UNSEEN && fsm_next(from, (enum signal)step->signal) == to;
}

static void check_step(struct walk *w, const struct step *step)
{
    const bool unfit = w->at->known.class >= VERDICT_INCOMPLETE;
    if (step->why == STEP_RESYNC && (w->conform || !unfit))
        complain(w, "a re-synchronisation", step->from, step->to);
    else if (step->why != STEP_RESYNC && !is_arrow(step))
        complain(w, "no arrow", step->from, step->to);
}

/* Do the steps of the end from `first` on, `count` of them, lead from one state to the other? */
static bool leads(const struct walk *w, const struct step *const *steps, unsigned count,
                  unsigned from, unsigned to)
{
    for (unsigned i = 0; i < count; i++) {
        if (steps[i]->from != from)
            return false;
        from = steps[i]->to;
    }
    return from == to || w->at->known.steps == STEPS_MAX;
}

/* Where a connection may begin for an end: also where the capture lacks its SYN, which is said. */
static bool may_begin(const struct walk *w, unsigned before)
{
    const struct verdict *v = &w->at->known;
    const struct end_view *view = &v->end[w->end];
    if (view->was == STATE_CLOSED || view->was == STATE_LISTEN || view->was == before)
        return true;
    if (v->roles == ROLES_SYN_ACK && v->class >= VERDICT_INCOMPLETE) /* the SYN is missing */
        return true;
    return view->state != view->was || view->confirmed != view->state;
}

/* The steps that end the connection before stand before those that open the new one. */
static void check_opening(struct walk *w, const struct step *const *steps, unsigned count,
                          unsigned before)
{
    const struct end_view *view = &w->at->known.end[w->end];
    for (unsigned old = 0; old <= count; old++)
        if ((!old || (before && steps[0]->from == before)) &&
            leads(w, steps, old, before, old ? steps[old - 1]->to : before) &&
            leads(w, steps + old, count - old, view->was, view->state)) {
            if (!may_begin(w, old ? steps[old - 1]->to : before))
                complain(w, "it begins nowhere", view->was, view->state);
            return;
        }
    complain(w, "steps do not chain", view->was, view->state);
}

static void check_row(struct walk *w, unsigned before)
{
    const struct verdict *v = &w->at->known;
    const struct end_view *view = &v->end[w->end];
    const struct step *steps[STEPS_MAX];
    unsigned count = 0;
    for (unsigned i = 0; i < v->steps; i++)
        if (v->step[i].end == w->end)
            steps[count++] = &v->step[i];
    for (unsigned i = 0; i < count; i++)
        check_step(w, steps[i]);
    if (v->begins >> w->end & 1) {
        check_opening(w, steps, count, before);
        return;
    }
    if (before && view->was != before)
        complain(w, "not where the last row ended", before, view->was);
    if (!leads(w, steps, count, view->was, view->state))
        complain(w, "steps do not chain", view->was, view->state);
}

int walk_check(const struct bystander *b, bool conform, walk_complaint *say, void *context)
{
    struct walk w = {.bystander = b, .conform = conform, .complain = say, .context = context};
    unsigned before[2] = {STATE_UNKNOWN, STATE_UNKNOWN};
    for (unsigned i = 0; i < b->count; i++)
        for (w.end = 0; w.end < 2; w.end++) {
            w.at = &b->sight[i];
            check_row(&w, before[w.end]);
            before[w.end] = w.at->known.end[w.end].state;
        }
    return w.broken;
}
