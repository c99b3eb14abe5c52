/* See ladder_check.h. As a bystander sees it: hindsight from the captured rows alone, and what was
 * believed live where the ladder says so.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "ladder_check.h"

#include "find/findings.h"
#include "told.h"

#include <string.h>

struct run {
    const char *file;
    const struct ladder *ladder;
    struct bystander bystander;
    const struct sight *sight[LADDER_ROWS_MAX]; /* of the captured rows, otherwise NULL */
    char said[160]; /* the last complaint, which a row that happens many times repeats */
    int said_of;    /* ... and its line */
    bool quiet;
    int wrong;
};

static void complain(struct run *r, const struct ladder_row *row, const char *text)
{
    r->wrong++;
    if (!r->quiet && (row->line != r->said_of || strcmp(text, r->said) != 0))
        printf("%s:%d: %s\n", r->file, row->line, text);
    r->said_of = row->line;
    snprintf(r->said, sizeof r->said, "%s", text);
}

static const char *rfc_name(unsigned state)
{
    return state_text((enum state)state)->rfc;
}

/* ---- the capture ---- */

/* An ICMP error comes to the one whose segment it quotes. */
static void observe_row(struct bystander *b, const struct ladder_row *row)
{
    struct segment s = row->segment;
    s.from = row->is_icmp ? !s.from : s.from;
    if (row->is_icmp)
        bystander_icmp(b, &s, row->icmp);
    else
        bystander_observe(b, &s);
}

void ladder_observe(struct bystander *b, const struct ladder *l)
{
    for (unsigned i = 0; i < l->count; i++)
        if (ladder_is_captured(&l->row[i]))
            observe_row(b, &l->row[i]);
    if (l->count)
        bystander_close(b, l->row[l->count - 1].segment.time);
}

/* ---- labels ---- */

static void check_state(struct run *r, const struct ladder_row *row, int peer, enum state state)
{
    const struct ladder_label *label = &row->peer[peer];
    char text[160];
    if (!label->state || state == label->state)
        return;
    snprintf(text, sizeof text, "peer %c is %s, the ladder says %s", 'A' + peer, rfc_name(state),
             rfc_name(label->state));
    complain(r, row, text);
}

static void check_assumed(struct run *r, const struct ladder_row *row, int peer, unsigned sight)
{
    const struct ladder_label *label = &row->peer[peer];
    const struct bystander *b = &r->bystander;
    const enum state state = (enum state)b->sight[sight].known.end[peer].state;
    const bool assumed = bystander_confirmed(b, sight, (unsigned)peer) != state;
    char text[160];
    if (!label->state || !r->ladder->marks_assumptions || assumed == label->assumed)
        return;
    snprintf(text, sizeof text, "peer %c's %s is %s, the ladder says otherwise", 'A' + peer,
             rfc_name(state), assumed ? "assumed" : "confirmed");
    complain(r, row, text);
}

static void check_possible(struct run *r, const struct ladder_row *row, int peer, unsigned sight)
{
    const state_set possible = bystander_possible(&r->bystander, sight, (unsigned)peer);
    char text[160];
    if (!row->peer[peer].possible || row->peer[peer].possible == possible)
        return;
    int n = snprintf(text, sizeof text, "peer %c may be", 'A' + peer);
    for (int s = STATE_CLOSED; s < STATE_COUNT; s++)
        if (possible & 1u << s && n < (int)sizeof text)
            n += snprintf(text + n, sizeof text - (size_t)n, " %s", rfc_name((unsigned)s));
    complain(r, row, text);
}

/* What it was believed to be in at once is what it is in hindsight, or as the row says. */
static void check_live(struct run *r, const struct ladder_row *row, int peer, unsigned sight)
{
    const struct ladder_label *label = &row->peer[peer];
    const struct end_view *live = &r->bystander.sight[sight].live.end[peer],
                          *known = &r->bystander.sight[sight].known.end[peer];
    const bool assumed = live->confirmed != live->state;
    char text[160];
    if (live->state == (label->live ? label->live : known->state) &&
        (!label->live || !r->ladder->marks_assumptions || r->ladder->is_printed ||
         assumed == label->live_assumed))
        return;
    snprintf(text, sizeof text, "peer %c is %s%s live, the ladder says otherwise", 'A' + peer,
             rfc_name(live->state), assumed ? "?" : "");
    complain(r, row, text);
}

static void check_captured_labels(struct run *r, unsigned i)
{
    const unsigned sight = (unsigned)(r->sight[i] - r->bystander.sight);
    for (int peer = 0; peer < 2; peer++) {
        const struct ladder_row *label = ladder_label_for(r->ladder, i, peer);
        check_live(r, &r->ladder->row[i], peer, sight);
        if (ladder_is_deferred(r->ladder, i, peer))
            continue;
        check_state(r, label, peer, (enum state)r->sight[i]->known.end[peer].state);
        check_assumed(r, label, peer, sight);
        check_possible(r, label, peer, sight);
    }
}

/* ---- what comes late ---- */

/* Has the segment in `frame` come in row `i`, or in a row between that and the captured one before?
 */
static bool has_come(const struct run *r, unsigned i, uint32_t frame)
{
    for (unsigned k = i + 1; k-- > 0 && !r->sight[k];) {
        const struct ladder_row *left = ladder_departure(r->ladder, k);
        if (r->ladder->row[k].has_segment && left && left->segment.frame == frame)
            return true;
    }
    return false;
}

/* What came late moved its receiver just before the next captured row, whose verdict has the steps.
 */
static void check_arrival(struct run *r, unsigned i)
{
    unsigned next = i;
    while (next < r->ladder->count && !r->sight[next])
        next++;
    for (int peer = 0; peer < 2 && next < r->ladder->count; peer++) {
        const struct verdict *v = &r->sight[next]->known;
        unsigned state = v->end[peer].was;
        for (unsigned k = 0; k < v->steps; k++)
            if (v->step[k].end == peer && has_come(r, i, v->step[k].frame))
                state = v->step[k].to;
        check_state(r, &r->ladder->row[i], peer, (enum state)state);
    }
}

static bool is_any_captured(const struct run *r, unsigned from)
{
    for (unsigned i = from; i < r->ladder->count; i++)
        if (r->sight[i])
            return true;
    return false;
}

/* A row without a segment: as the captured row before it left them, unless a timer has run out. */
static void check_scene(struct run *r, unsigned i)
{
    struct connection c = r->bystander.history.now;
    struct verdict settled;
    const struct verdict *v = NULL;
    for (unsigned k = 0; k < i; k++)
        v = r->sight[k] ? &r->sight[k]->known : v;
    if (!is_any_captured(r, i)) {
        told_time(&c, r->ladder->rules, r->ladder->row[i].segment.time, &settled);
        v = &settled;
    }
    for (int peer = 0; v && peer < 2; peer++)
        check_state(r, &r->ladder->row[i], peer, (enum state)v->end[peer].state);
}

/* ---- findings and links ---- */

static check_set as_set(const uint16_t *names, unsigned count)
{
    check_set set = {{0, 0}};
    for (unsigned i = 0; i < count; i++)
        set.bits[names[i] / 64] |= UINT64_C(1) << (names[i] % 64);
    return set;
}

static void compare_checks(struct run *r, const struct ladder_row *row, const check_set *found,
                           const check_set *expected, const char *when)
{
    char text[160];
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        if (checks_has(found, i) != checks_has(expected, i)) {
            snprintf(text, sizeof text, "%s %s%s", check_text(i)->name,
                     checks_has(expected, i) ? "does not fire" : "fires", when);
            complain(r, row, text);
        }
}

/* Exactly the announced checks fire in hindsight, and exactly those that are announced beside them
 * fire live and no more. */
static void check_findings(struct run *r, unsigned i)
{
    const struct ladder_row *row = &r->ladder->row[i];
    const struct sight *sight = r->sight[i];
    const check_set expected = as_set(row->checks, row->check_count);
    const check_set live = as_set(row->live, row->live_count);
    check_set passed = sight->live.checks;
    for (unsigned k = 0; k < 2; k++)
        passed.bits[k] &= ~sight->known.checks.bits[k];
    compare_checks(r, row, &sight->known.checks, &expected, "");
    if (!r->ladder->is_printed)
        compare_checks(r, row, &passed, &live, " live only");
}

static void check_again(struct run *r, const struct ladder_row *row, const struct verdict *v)
{
    const struct retries *is = &v->retries[v->sender];
    const int again = v->retransmitted ? is->times : 0;
    char text[80];
    if (row->again >= 0 && row->again != again) {
        snprintf(text, sizeof text, "it is sent again for the %dth time", again);
        complain(r, row, text);
    }
    if (row->doublings >= 0 && (row->doublings != is->doublings || row->evens != is->evens)) {
        snprintf(text, sizeof text, "doublings %d, evens %d", is->doublings, is->evens);
        complain(r, row, text);
    }
}

static void check_idle(struct run *r, const struct ladder_row *row, const struct verdict *v)
{
    char text[80];
    if (row->idle < 0 || row->idle == v->idle)
        return;
    snprintf(text, sizeof text, "%.3f s of silence are told", (double)v->idle / 1e9);
    complain(r, row, text);
}

/* Why a RST was sent; `row->cause_row` is looked up by the caller. */
static void check_cause(struct run *r, const struct ladder_row *row, const struct verdict *v,
                        uint32_t frame)
{
    static const char *const words[CAUSE_COUNT] = {
#define CAUSE(id, sentence, cite, reasons) #id,
#include "tables/causes.def"
#undef CAUSE
    };
    char text[80];
    if (row->cause < 0 || (row->cause == v->cause && (!frame || frame == v->cause_frame)))
        return;
    snprintf(text, sizeof text, "the cause is %s, by frame %u", words[v->cause], v->cause_frame);
    complain(r, row, text);
}

static void check_resend(struct run *r, const struct ladder_row *row, const struct verdict *v)
{
    static const char *const words[RESEND_COUNT] = {
#define RESEND(id, sentence, cite, states) #id,
#include "tables/resends.def"
    };
    char text[80];
    if (row->resend < 0 || row->resend == v->resend)
        return;
    snprintf(text, sizeof text, "why it is sent again is %s", words[v->resend]);
    complain(r, row, text);
}

/* The frame of the row that has this number; 0 when there is none. */
static uint32_t frame_of(const struct ladder *l, unsigned number)
{
    for (unsigned i = l->prelude; i < l->count; i++)
        if (l->row[i].number == number && l->row[i].has_segment)
            return l->row[i].segment.frame;
    return 0;
}

static void check_fate(struct run *r, const struct ladder_row *row, const struct verdict *v)
{
    static const char *const fates[FATE_COUNT] = {[FATE_NONE] = "it arrived at once",
                                                  [FATE_LATE] = "it came late",
                                                  [FATE_LOST] = "it was lost",
                                                  [FATE_REFUSED] = "it was refused",
                                                  [FATE_NOT_ITS_OWN] = "it was not its own",
                                                  [FATE_NO_FIN] = "it tells of no FIN"};
    char text[80];
    const bool is_told = row->is_fate_unsure || (r->ladder->is_printed && row->fate > FATE_LATE);
    if (row->fate == v->fate && is_told && row->is_fate_unsure == v->fate_sure)
        complain(r, row, "it is as sure what became of it as the ladder doubts it");
    if (row->fate == v->fate)
        return;
    snprintf(text, sizeof text, "%s, the ladder says otherwise", fates[v->fate]);
    complain(r, row, text);
}

static void check_links(struct run *r, const struct ladder_row *row, const struct verdict *v)
{
    if (row->verdict >= 0 && row->verdict != v->class)
        complain(r, row, "the verdict is another");
    if (row->owes >= 0 && row->owes != v->owes)
        complain(r, row, "what is owed is something else");
    if (row->answers && v->answers != frame_of(r->ladder, row->answers))
        complain(r, row, "it does not answer that row");
    if (row->evidence && v->evidence != frame_of(r->ladder, row->evidence))
        complain(r, row, "it is no evidence on that row");
    if (row->shown_by && v->fate_frame != frame_of(r->ladder, row->shown_by))
        complain(r, row, "another row shows what became of it");
}

/* ---- one ladder ---- */

static void check_row(struct run *r, unsigned i)
{
    const struct ladder_row *row = &r->ladder->row[i];
    if (row->missed || row->untold)
        return;
    if (!row->has_segment) {
        check_scene(r, i);
    } else if (!r->sight[i]) {
        check_arrival(r, i);
    } else {
        check_captured_labels(r, i);
        check_findings(r, i);
        check_again(r, row, &r->sight[i]->known);
        check_idle(r, row, &r->sight[i]->known);
        check_fate(r, row, &r->sight[i]->known);
        check_cause(r, row, &r->sight[i]->known, frame_of(r->ladder, row->cause_row));
        check_resend(r, row, &r->sight[i]->known);
        check_links(r, row, &r->sight[i]->known);
    }
}

/* How the connection ended, where the ladder says it. */
static void check_outcome(struct run *r)
{
    const struct ladder *l = r->ladder;
    const struct ladder_row end = {.line = l->outcome_line};
    char text[LADDER_OUTCOME_MAX];
    struct outcome o = {.closed_by = 0};
    uint32_t number;
    if (!*l->outcome)
        return;
    history_outcome(&r->bystander.history, l->row[l->count - 1].segment.time, &number, &o);
    ladder_write_outcome(&o, text, sizeof text);
    if (strcmp(text, l->outcome) != 0)
        complain(r, &end, text);
}

static void match_rows(struct run *r)
{
    const struct bystander *b = &r->bystander;
    unsigned n = 0;
    for (unsigned i = 0; i < r->ladder->count; i++)
        r->sight[i] = ladder_is_captured(&r->ladder->row[i]) ? &b->sight[n++] : NULL;
}

int ladder_check(const char *file, const struct ladder *l, bool quiet)
{
    static struct run r;
    memset(&r, 0, sizeof r);
    r.file = file;
    r.ladder = l;
    r.quiet = quiet;
    bystander_begin(&r.bystander, r.ladder->rules, LADDER_ROWS_MAX);
    ladder_observe(&r.bystander, l);
    match_rows(&r);
    for (unsigned i = l->prelude; i < l->count; i++)
        check_row(&r, i);
    check_outcome(&r);
    bystander_end(&r.bystander);
    return r.wrong;
}
