/* See ending.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ending.h"

#include "again.h"
#include "phrases.h"
#include "prefs.h"
#include "waiting.h"
#include "words.h"

/* Seconds: a first pause that nobody would exceed (RFC 6298 section 2). */
static const double PAUSE_FIRST = 3;

/* The sentences of one ending while they are collected. */
struct said {
    wmem_allocator_t *scope;
    char *text[2 * (3 + 3) + 1]; /* of each end three, and what else it may be */
    unsigned count;
};

static const char *title(const struct verdict *v, unsigned end)
{
    return words_role_title(words_role(v, end));
}

/* How long an end that goes on would be silent at most, in nanoseconds. */
static int64_t patience(const struct retries *r)
{
    const double next = r->pause ? MIN(2 * again_seconds(r->pause), AGAIN_PAUSE_MAX) : PAUSE_FIRST;
    return (int64_t)(1.2e9 * next);
}

static bool is_over(unsigned state, const struct retries *r, int64_t silence)
{
    return state == STATE_TIME_WAIT ? silence >= preferences_two_msl() : silence >= patience(r);
}

/* Text that was sent once is mostly acknowledged later. */
static bool is_worth_saying(unsigned state, const struct retries *r)
{
    return again_in(state) && (again_in(state) != RETRY_TEXT || r->times);
}

int64_t ending_patience(const struct verdict *v, const struct ending *ending)
{
    int64_t first = 0;
    for (unsigned i = 0; i < 2; i++) {
        const struct retries *r = &ending->retries[i];
        const unsigned state = v->end[i].state;
        const int64_t own = state == STATE_TIME_WAIT    ? preferences_two_msl()
                            : is_worth_saying(state, r) ? patience(r)
                                                        : 0;
        if (own > ending->silence && (!first || own < first))
            first = own;
    }
    return first;
}

/* Whether there will be more of what it has sent again. */
static char *outlook(wmem_allocator_t *scope, const char *who, const struct limit *limit,
                     const struct retries *r, bool over)
{
    const bool left = r->times < limit->times;
    const enum phrase id = left ? (over ? PHRASE_ENDED_SOONER : PHRASE_ENDED_LEFT)
                                : (over ? PHRASE_ENDED_GIVEN_UP : PHRASE_ENDED_LAST);
    return phrase_say(scope, id, "Who", who, "left",
                      wmem_strdup_printf(scope, "%u", left ? limit->times - r->times : 0),
                      "setting", limit->setting, "then", again_then(limit->what), NULL);
}

static char *ended_again(wmem_allocator_t *scope, const char *who, const struct retries *r)
{
    const char *times = r->times == 1 ? phrase(PHRASE_ENDED_ONCE)
                                      : phrase_say(scope, PHRASE_ENDED_TIMES, "times",
                                                   wmem_strdup_printf(scope, "%u", r->times), NULL);
    const char *within = r->since ? phrase_say(scope, PHRASE_ENDED_WITHIN, "seconds",
                                               again_number(scope, again_seconds(r->since)), NULL)
                                  : "";
    return phrase_say(scope, PHRASE_ENDED_AGAIN, "Who", who, "what", again_what(r->what), "times",
                      times, "within", within, "pace", again_pace(r), NULL);
}

/* What it has sent again, or will. */
static void say_retries(struct said *said, const struct verdict *v, unsigned end,
                        const struct ending *ending)
{
    const unsigned state = v->end[end].state;
    const struct retries *r = &ending->retries[end];
    const bool over = is_over(state, r, ending->silence);
    const struct limit *limit = again_limit(state, r);
    if (r->times) {
        said->text[said->count++] = ended_again(said->scope, title(v, end), r);
        said->text[said->count++] = outlook(said->scope, title(v, end), limit, r, over);
    } else {
        said->text[said->count++] =
            phrase_say(said->scope, over ? PHRASE_ENDED_NOT_AGAIN : PHRASE_ENDED_DEFAULT, "Who",
                       title(v, end), "what", again_what(limit->what), "setting", limit->setting,
                       "then", again_then(limit->what), NULL);
    }
}

static unsigned count_states(state_set set)
{
    unsigned count = 0;
    for (; set; set &= (state_set)(set - 1))
        count++;
    return count;
}

static char *names_of(wmem_allocator_t *scope, state_set set)
{
    wmem_strbuf_t *names = wmem_strbuf_new(scope, "");
    for (unsigned n = STATE_CLOSED; n < STATE_COUNT; n++)
        if (set & 1u << n)
            wmem_strbuf_append_printf(names, "%s%s", wmem_strbuf_get_len(names) ? ", " : "",
                                      state_text(n)->name);
    return wmem_strbuf_finalize(names);
}

/* Where else it may be; where that is nearly anywhere, only the names. */
static void say_others(struct said *said, const struct verdict *v, unsigned end)
{
    enum { FEW = 3 };
    const struct end_view *view = &v->end[end];
    const state_set others = (state_set)(view->possible & ~(1u << view->state));
    if (count_states(others) > FEW) {
        said->text[said->count++] =
            phrase_say(said->scope, PHRASE_ENDED_UNCLEAR, "Who", title(v, end), "states",
                       names_of(said->scope, others), NULL);
        return;
    }
    for (unsigned n = STATE_CLOSED; n < STATE_COUNT; n++)
        if (others & 1u << n)
            said->text[said->count++] =
                phrase_say(said->scope, PHRASE_ENDED_PERHAPS, "Who", title(v, end), "state",
                           state_text(n)->name, "ended", state_text(n)->ended, NULL);
}

static void say_end(struct said *said, const struct verdict *v, unsigned end,
                    const struct ending *ending)
{
    const unsigned state = v->end[end].state;
    const char *heard = waiting_heard(v, end);
    said->text[said->count++] = phrase_say(said->scope, heard ? PHRASE_ENDED_HEARS : PHRASE_ENDED,
                                           "Who", title(v, end), "state", state_text(state)->name,
                                           "ended", state_text(state)->ended, "hears", heard, NULL);
    if (is_worth_saying(state, &ending->retries[end]))
        say_retries(said, v, end, ending);
    if (state == STATE_TIME_WAIT && is_over(state, &ending->retries[end], ending->silence))
        said->text[said->count++] =
            phrase_say(said->scope, PHRASE_ENDED_2MSL, "Who", title(v, end), NULL);
    say_others(said, v, end);
}

static void say_next(struct said *said, const struct ending *ending)
{
    said->text[said->count++] =
        phrase_say(said->scope, PHRASE_ENDED_NEXT, "number",
                   wmem_strdup_printf(said->scope, "%u", ending->next), "frame",
                   wmem_strdup_printf(said->scope, "%u", ending->next_frame), NULL);
}

char **ending_texts(wmem_allocator_t *scope, const struct verdict *v, const struct ending *ending)
{
    struct said said = {.scope = scope};
    if (ending->next_frame) {
        say_next(&said, ending);
    } else {
        say_end(&said, v, v->client, ending);
        say_end(&said, v, !v->client, ending);
    }
    return wmem_memdup(scope, said.text, sizeof said.text);
}
