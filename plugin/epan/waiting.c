/* See waiting.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "waiting.h"

#include "phrases.h"
#include "prefs.h"
#include "words.h"

enum pace { PACE_ANY, PACE_DOUBLING, PACE_EVEN };

struct limit {
    enum retry what;
    enum pace pace;
    unsigned times;
    const char *setting;
};

static const struct limit limits[] = {
#define LIMIT(what, pace, times, setting) {what, pace, times, setting},
#include "retries.def"
#undef LIMIT
};

static const struct {
    const char *what, *then;
    enum check check;
} retries[RETRY_COUNT] = {
#define RETRY(id, what, check, then) [id] = {what, then, CHECK_##check},
#include "retries.def"
#undef RETRY
};

static const uint8_t sends_again[STATE_COUNT] = {
#define STATE(id, number, rfc, netstat, ss, meaning, next, retry, ended) [number] = retry,
#include "states.def"
#undef STATE
};

static const struct {
    state_set from;
    signal_set signals;
    const char *text;
} hears[] = {
#define ANY_RST (SIG(RCV_RST) | SIG(RCV_RST_PASSIVE))
#define HEARS(from, signals, text) {from, signals, text},
#include "hears.def"
#undef HEARS
#undef ANY_RST
};

/* Seconds: Linux's longest pause, and a first pause that nobody would exceed (RFC 6298 section 2). */
static const double PAUSE_MAX = 120, PAUSE_FIRST = 3;

static double seconds(uint32_t microseconds)
{
    return microseconds / 1e6;
}

static char *number(wmem_allocator_t *scope, double n)
{
    return wmem_strdup_printf(scope, "%.3g", n);
}

/* To two digits: more would be more than is known. */
static char *roughly(wmem_allocator_t *scope, double n)
{
    double unit = 1;
    while (n / unit >= 100)
        unit *= 10;
    return wmem_strdup_printf(scope, "%.0f", (double)(int)(n / unit + 0.5) * unit);
}

static char *ordinal(wmem_allocator_t *scope, unsigned n)
{
    static const char *const endings[] = {"th", "st", "nd", "rd"};
    const bool teen = n / 10 % 10 == 1;
    return wmem_strdup_printf(scope, "%u%s", n, endings[teen || n % 10 > 3 ? 0 : n % 10]);
}

static enum pace pace_of(const struct retries *r)
{
    return r->evens ? PACE_EVEN : r->doublings ? PACE_DOUBLING : PACE_ANY;
}

static const char *pace_text(const struct retries *r)
{
    if (r->doublings)
        return phrase(r->doublings + 1 == r->times ? PHRASE_AGAIN_DOUBLING : PHRASE_AGAIN_DOUBLED);
    return r->evens && r->evens + 1 == r->times ? phrase(PHRASE_AGAIN_EVEN) : "";
}

/* The limit of what is sent again in this state; NULL: nothing is. */
static const struct limit *limit_of(unsigned state, const struct retries *r)
{
    const enum pace pace = pace_of(r);
    const struct limit *fits = NULL;
    for (unsigned i = 0; i < array_length(limits) && !(fits && r->times <= fits->times); i++)
        if (limits[i].what == sends_again[state] &&
            (limits[i].pace == pace || limits[i].pace == PACE_ANY))
            fits = &limits[i];
    return fits;
}

/* Until it is given up, when the pause goes on to double. */
static double until_given_up(const struct retries *r, const struct limit *limit)
{
    double sum = 0, pause = seconds(r->pause);
    for (unsigned i = r->times; i <= limit->times; i++) {
        pause = MIN(2 * pause, PAUSE_MAX);
        sum += pause;
    }
    return sum;
}

static char *give_up(wmem_allocator_t *scope, const struct retries *r, const struct limit *limit)
{
    if (!r->doublings)
        return wmem_strdup(scope, "");
    return phrase_say(scope, PHRASE_NEXT_GIVES_UP, "seconds",
                      roughly(scope, until_given_up(r, limit)), NULL);
}

static char *next_again(wmem_allocator_t *scope, const struct verdict *v, const char *next)
{
    const struct retries *r = &v->retries[v->sender];
    const struct limit *limit = limit_of(v->end[v->sender].state, r);
    if (!limit)
        return wmem_strdup(scope, next);
    const enum phrase id = r->times < limit->times    ? PHRASE_NEXT_LEFT
                           : r->times == limit->times ? PHRASE_NEXT_LAST
                                                      : PHRASE_NEXT_BEYOND;
    const unsigned left = r->times < limit->times ? limit->times - r->times : 0;
    return phrase_say(scope, id, "next", next, "left", wmem_strdup_printf(scope, "%u", left),
                      "setting", limit->setting, "give_up", give_up(scope, r, limit), NULL);
}

const char *waiting_hears(const struct step *step)
{
    if (step->why == STEP_REVERTED || step->why == STEP_UNMOVED || step->why == STEP_RESYNC)
        return NULL;
    for (unsigned i = 0; i < array_length(hears); i++)
        if ((hears[i].signals & SIG(step->signal)) && (hears[i].from & 1u << step->from))
            return hears[i].text;
    return NULL;
}

const char *waiting_heard(const struct verdict *v, unsigned end)
{
    for (unsigned i = v->steps; i-- > 0;)
        if (v->step[i].end == end && v->step[i].to == v->end[end].state)
            return waiting_hears(&v->step[i]);
    return NULL;
}

char *waiting_next(wmem_allocator_t *scope, const struct verdict *v, unsigned end)
{
    const char *next = state_text(v->end[end].state)->next, *heard = waiting_heard(v, end);
    if (v->again && end == v->sender)
        return next_again(scope, v, next);
    if (heard)
        return phrase_say(scope, PHRASE_NEXT_HEARS, "hears", heard, "next", next, NULL);
    return wmem_strdup(scope, next);
}

char *waiting_again(wmem_allocator_t *scope, const struct verdict *v)
{
    const struct retries *r = &v->retries[v->sender];
    const bool later = r->times > 1 && r->since > r->pause;
    return phrase_say(scope, PHRASE_AGAIN, "what", retries[r->what].what, "nth",
                      ordinal(scope, r->times), "after",
                      r->pause ? phrase_say(scope, PHRASE_AGAIN_AFTER, "seconds",
                                            number(scope, seconds(r->pause)), NULL)
                               : "",
                      "first",
                      later ? phrase_say(scope, PHRASE_AGAIN_FIRST, "seconds",
                                         number(scope, seconds(r->since)), NULL)
                            : "",
                      "pace", pace_text(r), NULL);
}

char *waiting_nth(wmem_allocator_t *scope, const struct verdict *v, enum check check)
{
    const struct retries *r = &v->retries[v->sender];
    if (!v->again || retries[r->what].check != check)
        return wmem_strdup(scope, "");
    return phrase_say(scope, r->pause ? PHRASE_AGAIN_SHORT_AFTER : PHRASE_AGAIN_SHORT, "nth",
                      ordinal(scope, r->times), "seconds", number(scope, seconds(r->pause)), NULL);
}

/* ---- the end ---- */

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
    const double next = r->pause ? MIN(2 * seconds(r->pause), PAUSE_MAX) : PAUSE_FIRST;
    return (int64_t)(1.2e9 * next);
}

static bool is_over(unsigned state, const struct retries *r, int64_t silence)
{
    return state == STATE_TIME_WAIT ? silence >= preferences_two_msl() : silence >= patience(r);
}

/* Text that was sent once is mostly acknowledged later. */
static bool is_worth_saying(unsigned state, const struct retries *r)
{
    return sends_again[state] && (sends_again[state] != RETRY_TEXT || r->times);
}

int64_t waiting_patience(const struct verdict *v, const struct ending *ending)
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
                      "setting", limit->setting, "then", retries[limit->what].then, NULL);
}

static char *ended_again(wmem_allocator_t *scope, const char *who, const struct retries *r)
{
    const char *times = r->times == 1 ? phrase(PHRASE_ENDED_ONCE)
                                      : phrase_say(scope, PHRASE_ENDED_TIMES, "times",
                                                   wmem_strdup_printf(scope, "%u", r->times), NULL);
    const char *within = r->since ? phrase_say(scope, PHRASE_ENDED_WITHIN, "seconds",
                                               number(scope, seconds(r->since)), NULL)
                                  : "";
    return phrase_say(scope, PHRASE_ENDED_AGAIN, "Who", who, "what", retries[r->what].what, "times",
                      times, "within", within, "pace", pace_text(r), NULL);
}

/* What it has sent again, or will. */
static void say_retries(struct said *said, const struct verdict *v, unsigned end,
                        const struct ending *ending)
{
    const unsigned state = v->end[end].state;
    const struct retries *r = &ending->retries[end];
    const bool over = is_over(state, r, ending->silence);
    const struct limit *limit = limit_of(state, r);
    if (r->times) {
        said->text[said->count++] = ended_again(said->scope, title(v, end), r);
        said->text[said->count++] = outlook(said->scope, title(v, end), limit, r, over);
    } else {
        said->text[said->count++] =
            phrase_say(said->scope, over ? PHRASE_ENDED_NOT_AGAIN : PHRASE_ENDED_DEFAULT, "Who",
                       title(v, end), "what", retries[limit->what].what, "setting", limit->setting,
                       "then", retries[limit->what].then, NULL);
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
    if (state == STATE_TIME_WAIT && is_over(state, NULL, ending->silence))
        said->text[said->count++] =
            phrase_say(said->scope, PHRASE_ENDED_2MSL, "Who", title(v, end), NULL);
    say_others(said, v, end);
}

char **waiting_ended(wmem_allocator_t *scope, const struct verdict *v, const struct ending *ending)
{
    struct said said = {.scope = scope};
    say_end(&said, v, v->client, ending);
    say_end(&said, v, !v->client, ending);
    return wmem_memdup(scope, said.text, sizeof said.text);
}
