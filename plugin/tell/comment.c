/* What one segment did, as a comment in plain words for readers who have no plugin.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "comment.h"

#include "sentences.h"
#include "waiting.h"
#include "words.h"

bool comment_is_due(const struct verdict *v)
{
    return v->steps || v->end[0].was != v->end[0].state || v->end[1].was != v->end[1].state ||
           v->fate || checks_any(&v->checks);
}

/* Is it the last step of its end? */
static bool is_last(const struct verdict *v, const struct step *step)
{
    for (const struct step *later = step + 1; later < v->step + v->steps; later++)
        if (later->end == step->end)
            return false;
    return true;
}

static void say_step(const struct sink *to, const struct verdict *v, const struct step *step)
{
    static const wording deeds[SIGNAL_COUNT] = {
#define SIGNAL_WORDS(signal, text) [signal] = text,
#include "signal_words.def"
#undef SIGNAL_WORDS
    };
    const wording who = words_role_title(words_role(v, step->end)),
                  from = state_text(step->from)->name, into = state_text(step->to)->name,
                  deed = step->why == STEP_EVENT ? deeds[step->signal] : NULL,
                  assumed = is_last(v, step) ? words_assumed(&v->end[step->end]) : NULL;
    const wording heard = waiting_hears(v, step);
    struct draft because, hears;
    draft_begin(&hears);
    if (heard)
        say_and_hears(&hears.sink, heard);
    if (!deed) {
        words_because(draft_begin(&because), v, step);
        say_revised_plainly(to, who, from, into, assumed, because.text);
    } else if (words_is_reply(v, step)) {
        say_rst_answers_plainly(draft_begin(&because), v->answers);
        say_moved_plainly(to, who, from, into, assumed, because.text, "3.5.2", hears.text);
    } else {
        say_moved_plainly(to, who, from, into, assumed, deed, step->cite, hears.text);
    }
}

/* "Server CLOSE_WAIT (assumed)." for an end that did not move. */
static void say_end(const struct sink *to, const struct verdict *v, enum role role)
{
    const struct end_view *end = &v->end[words_end(v, role)];
    say_stays_plainly(to, words_role_title(role), state_text(end->state)->name, words_assumed(end));
}

static void say_finding_and_verdict(const struct sink *to, const struct verdict *v, unsigned check)
{
    struct draft finding;
    words_finding(draft_begin(&finding), v, check);
    say_finding_plainly(to, check_text(check)->name, words_verdict(check_text(check)->class),
                        finding.text);
}

/* A space before each sentence but the first. */
static const struct sink *next_to(const struct sink *to, bool *begun)
{
    if (*begun)
        sink_word(to, " ");
    *begun = true;
    return to;
}

void comment_write(const struct sink *to, const struct verdict *v)
{
    bool begun = false;
    struct draft fate;
    for (unsigned i = 0; checks_any(&v->checks) && i < CHECK_COUNT; i++)
        if (checks_has(&v->checks, i))
            say_finding_and_verdict(next_to(to, &begun), v, i);
    if (v->fate) {
        words_fate(draft_begin(&fate), v);
        say_fate_plainly(next_to(to, &begun), fate.text);
    }
    for (unsigned i = 0; i < v->steps; i++)
        say_step(next_to(to, &begun), v, &v->step[i]);
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        if (!words_has_moved(v, words_end(v, role)))
            say_end(next_to(to, &begun), v, role);
}
