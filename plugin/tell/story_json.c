/* See story_json.h. The keys of each object stand in their order, which a test checks.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "story_json.h"

#include "causes.h"
#include "delivered.h"
#include "json.h"
#include "number.h"
#include "retransmission.h"
#include "sentences.h"
#include "words.h"

static wording why_word(unsigned why)
{
    static const wording words[STEP_WHY_COUNT] = {
#define WHY(id, word) [STEP_##id] = word,
#include "story.def"
    };
    return words[why];
}

static wording severity_word(unsigned severity)
{
    static const wording words[] = {
#define SEVERITY(id, word) [SEV_##id] = word,
#include "story.def"
    };
    return words[severity];
}

static wording role_name(const struct story *story, unsigned end)
{
    return words_role_name(words_role(&story->last, end));
}

/* A frame, where there is one. */
static void write_frame(struct json *j, wording key, uint32_t frame)
{
    if (frame)
        json_number(j, key, NUMBER(frame));
}

/* ---- an end ---- */

static void write_possible(struct json *j, const struct end_view *view)
{
    if (!(view->possible & (view->possible - 1)))
        return;
    json_open(j, "possible", "[");
    for (unsigned n = 0; n < STATE_COUNT; n++)
        if (view->possible & 1u << n)
            json_text(j, NULL, state_text(n)->name);
    json_close(j, "]");
}

/* Nothing, where not both ends were heard. */
static void write_delivery(struct json *j, const struct delivery *d)
{
    if (!d->is_known)
        return;
    json_open(j, "delivered", "{");
    json_number(j, "acknowledged", NUMBER(d->acknowledged));
    if (d->acknowledged_max > d->acknowledged)
        json_number(j, "acknowledged_max", NUMBER(d->acknowledged_max));
    json_number(j, "held", NUMBER(d->held));
    if (d->held)
        json_number(j, "hole", NUMBER(d->hole));
    json_number(j, "in_vain", NUMBER(d->in_vain));
    json_number(j, "unacknowledged", NUMBER(d->unacknowledged));
    json_close(j, "}");
}

static void write_end(struct json *j, const struct story *story, enum role role,
                      const struct ending *ending)
{
    const unsigned which = words_end(&story->last, role);
    const struct story_end *end = &story->end[which];
    const struct end_view *view = &story->last.end[which];
    json_open(j, words_role_name(role), "{");
    json_text(j, "address", end->host);
    json_text(j, "confirmed", state_text(view->confirmed)->name);
    write_delivery(j, &ending->outcome.delivered[which]);
    write_frame(j, "first_text", end->first_text);
    json_number(j, "frames", NUMBER(end->frames));
    if (end->hears) {
        json_text(j, "heard", end->hears);
        json_number(j, "heard_frame", NUMBER(end->heard));
    }
    write_frame(j, "last_text", end->last_text);
    json_number(j, "octets", NUMBER(end->text));
    json_number(j, "port", NUMBER(end->port));
    write_possible(j, view);
    if (ending->outcome.closed_in && ending->outcome.silent[which] != NEVER_SPOKE)
        json_number(j, "silent", SECONDS(ending->outcome.silent[which], 6));
    json_text(j, "state", state_text(ending_state(&story->last, which, ending))->name);
    json_close(j, "}");
}

/* ---- lists ---- */

static void say_why(const struct sink *to, const struct story *story, const struct story_closing *c)
{
    const struct verdict v = {.cause = c->cause, .cause_frame = c->cause_frame};
    SAY(to, words_role_title(words_role(&story->last, c->sender)), " ");
    causes_text(to, &v);
}

static void write_closings(struct json *j, const struct story *story)
{
    struct draft sentence;
    json_open(j, "closing", "[");
    for (unsigned i = 0; i < story->closings && i < STORY_LIST_MAX; i++) {
        const struct story_closing *c = &story->closing[i];
        json_open(j, NULL, "{");
        if (c->is_rst) {
            json_text(j, "cause", causes_name(c->cause));
            write_frame(j, "cause_frame", c->cause_frame);
        }
        json_number(j, "count", NUMBER(c->count));
        json_number(j, "first", NUMBER(c->first));
        json_number(j, "idle", SECONDS(c->idle, 6));
        json_number(j, "last", NUMBER(c->last));
        json_text(j, "sender", role_name(story, c->sender));
        if (c->is_rst) {
            say_why(draft_begin(&sentence), story, c);
            json_text(j, "sentence", sentence.text);
        }
        json_text(j, "what", c->is_rst ? "RST" : "FIN");
        json_close(j, "}");
    }
    json_close(j, "]");
}

static void write_agains(struct json *j, const struct story *story)
{
    json_open(j, "retransmissions", "[");
    for (unsigned i = 0; i < story->agains && i < STORY_LIST_MAX; i++) {
        const struct story_again *again = &story->again[i];
        json_open(j, NULL, "{");
        json_text(j, "cause", causes_resend_name(again->cause));
        json_number(j, "count", NUMBER(again->count));
        json_number(j, "first", NUMBER(again->first));
        json_number(j, "last", NUMBER(again->last));
        json_text(j, "sender", role_name(story, again->sender));
        if (again->what)
            json_text(j, "what", retransmission_what(again->what));
        json_close(j, "}");
    }
    json_close(j, "]");
}

static void write_fates(struct json *j, const struct story *story)
{
    json_open(j, "fates", "[");
    for (uint32_t i = 0; i < story->fates; i = story_after(i, story->fates)) {
        const struct story_fate *f = &story->fate[story_place(i)];
        json_open(j, NULL, "{");
        json_text(j, "fate", words_fate_name(f->fate));
        json_number(j, "frame", NUMBER(f->frame));
        json_text(j, "sender", role_name(story, f->sender));
        write_frame(j, "shown_by", f->shown_by);
        json_bool(j, "sure", f->sure);
        json_close(j, "}");
    }
    json_close(j, "]");
}

static void say_what_was_found(const struct sink *to, const struct story *story,
                               const struct story_finding *f)
{
    if (f->shown_by)
        SAY(to, f->found, " (", check_text(f->check)->cite, ")");
    else
        words_say_found(to, words_found_of(words_role(&story->last, f->sender), f->is_foreign),
                        f->is_foreign ? STATE_UNKNOWN : f->state, f->check, f->found, NULL);
}

/* What goes on is found once, and counted apart. */
static uint32_t times_of(const struct story *story, const struct story_finding *f)
{
    const char *what;
    const int lasting = check_lasting(f->check, &what);
    const uint32_t times = lasting < 0 ? 0 : story->last.end[f->sender].found.times[lasting];
    return times > f->count ? times : f->count;
}

static void write_findings(struct json *j, const struct story *story)
{
    struct draft sentence;
    json_open(j, "findings", "[");
    for (unsigned i = 0; i < story->findings; i++) {
        const struct story_finding *f = &story->finding[i];
        const struct check_text *c = check_text(f->check);
        say_what_was_found(draft_begin(&sentence), story, f);
        json_open(j, NULL, "{");
        json_number(j, "count", NUMBER(times_of(story, f)));
        json_number(j, "first", NUMBER(f->first));
        json_number(j, "last", NUMBER(f->last));
        json_text(j, "name", c->name);
        if (!f->shown_by)
            json_text(j, "sender", role_name(story, f->sender));
        json_text(j, "sentence", sentence.text);
        json_text(j, "severity", severity_word(c->severity));
        write_frame(j, "shown_by", f->shown_by);
        json_text(j, "verdict", words_verdict(c->class));
        json_close(j, "}");
    }
    json_close(j, "]");
}

static void write_moves(struct json *j, const struct story *story)
{
    json_open(j, "moves", "[");
    for (uint32_t i = 0; i < story->moves; i = story_after(i, story->moves)) {
        const struct story_move *m = &story->move[story_place(i)];
        json_open(j, NULL, "{");
        write_frame(j, "answers", m->answers);
        json_text(j, "end", role_name(story, m->end));
        if (m->fate)
            json_text(j, "fate", words_fate_name(m->fate));
        json_number(j, "frame", NUMBER(m->frame));
        json_text(j, "from", state_text(m->from)->name);
        if (m->of != m->frame)
            write_frame(j, "of_frame", m->of);
        json_text(j, "section", m->cite);
        json_text(j, "signal", words_signal(m->signal));
        json_text(j, "to", state_text(m->to)->name);
        if (m->why != STEP_EVENT)
            json_text(j, "why", why_word(m->why));
        json_close(j, "}");
    }
    json_close(j, "]");
}

/* How many of each list are left out. */
static void write_omitted(struct json *j, const struct story *story)
{
    const struct {
        wording key;
        uint32_t count;
    } lists[] = {{"closing", story->closings},
                 {"fates", story->fates},
                 {"findings", story_kinds(story)},
                 {"moves", story->moves},
                 {"retransmissions", story->agains}};
    json_open(j, "omitted", "{");
    for (unsigned i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i].count > STORY_LIST_MAX)
            json_number(j, lists[i].key, NUMBER(lists[i].count - STORY_LIST_MAX));
    json_close(j, "}");
}

unsigned story_kinds(const struct story *story)
{
    return checks_count(&story->end[0].found) + checks_count(&story->end[1].found);
}

/* ---- the rest ---- */

static void write_sentence(void *json, wording sentence)
{
    json_text(json, NULL, sentence);
}

static void write_ended(struct json *j, const struct story *story, const struct ending *ending)
{
    json_open(j, "ended", "[");
    ending_tell(&story->last, ending, write_sentence, j);
    json_close(j, "]");
}

static void write_next(struct json *j, const struct ending *ending)
{
    if (!ending->next_frame)
        return;
    json_open(j, "next", "{");
    json_number(j, "connection", NUMBER(ending->next));
    json_number(j, "frame", NUMBER(ending->next_frame));
    json_number(j, "seconds", SECONDS(ending->next_after, 6));
    json_close(j, "}");
}

static void write_pause(struct json *j, const struct story *story)
{
    if (!story->pause.frame)
        return;
    json_open(j, "longest_pause", "{");
    json_number(j, "frame", NUMBER(story->pause.frame));
    json_number(j, "seconds", SECONDS(story->pause.time, 6));
    json_text(j, "sender", role_name(story, story->pause.sender));
    json_close(j, "}");
}

static void write_closed(struct json *j, const struct story *story, const struct ending *ending)
{
    const struct outcome *o = &ending->outcome;
    json_text(j, "closed_by", delivered_closer(delivered_closed_by(&story->last, o)));
    write_frame(j, "closed_in", o->closed_in);
    write_closings(j, story);
}

/* How many segments have each verdict. */
static void write_verdicts(struct json *j, const struct story *story)
{
    static const uint8_t in_order[] = {VERDICT_ILLEGAL, VERDICT_INCOMPLETE, VERDICT_LEGAL,
                                       VERDICT_UNUSUAL};
    json_open(j, "verdicts", "{");
    for (unsigned i = 0; i < sizeof in_order; i++)
        json_number(j, words_verdict(in_order[i]), NUMBER(story->verdicts[in_order[i]]));
    json_close(j, "}");
}

void story_write(const struct sink *to, const struct story *story, const struct ending *ending,
                 wording capture)
{
    struct json json = {.to = to}, *j = &json;
    json_open(j, NULL, "{");
    if (capture)
        json_text(j, "capture", capture);
    write_end(j, story, ROLE_CLIENT, ending);
    write_closed(j, story, ending);
    json_number(j, "connection", NUMBER(story->last.connection));
    json_bool(j, "continued", story->continued);
    write_ended(j, story, ending);
    write_fates(j, story);
    write_findings(j, story);
    json_number(j, "first_frame", NUMBER(story->first_frame));
    json_number(j, "last_frame", NUMBER(story->last_frame));
    write_pause(j, story);
    write_moves(j, story);
    write_next(j, ending);
    write_omitted(j, story);
    json_text(j, "reading", story->hindsight ? "hindsight" : "live");
    write_agains(j, story);
    json_text(j, "roles_known_by", words_roles_known_by(&story->last));
    json_number(j, "seconds", SECONDS(story->last_time - story->first_time, 6));
    write_end(j, story, ROLE_SERVER, ending);
    json_number(j, "start", SECONDS(story->began, 6));
    write_verdicts(j, story);
    json_close(j, "}");
    json_flush(j);
    sink_word(to, "\n");
}
