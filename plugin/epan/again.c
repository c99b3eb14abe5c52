/* See again.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "again.h"

#include "phrases.h"

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

enum retry again_in(unsigned state)
{
    return sends_again[state];
}

const char *again_what(enum retry what)
{
    return retries[what].what;
}

const char *again_then(enum retry what)
{
    return retries[what].then;
}

double again_seconds(uint32_t microseconds)
{
    return microseconds / 1e6;
}

char *again_number(wmem_allocator_t *scope, double n)
{
    return wmem_strdup_printf(scope, n < 1000 ? "%.3g" : "%.0f", n);
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

const char *again_pace(const struct retries *r)
{
    if (r->doublings)
        return phrase(r->doublings + 1 == r->times ? PHRASE_AGAIN_DOUBLING : PHRASE_AGAIN_DOUBLED);
    return r->evens && r->evens + 1 == r->times ? phrase(PHRASE_AGAIN_EVEN) : "";
}

const struct limit *again_limit(unsigned state, const struct retries *r)
{
    const enum pace pace = pace_of(r);
    const struct limit *fits = NULL;
    for (unsigned i = 0; i < array_length(limits) && !(fits && r->times <= fits->times); i++)
        if (limits[i].what == again_in(state) &&
            (limits[i].pace == pace || limits[i].pace == PACE_ANY))
            fits = &limits[i];
    return fits;
}

/* Until it is given up, when the pause goes on to double. */
static double until_given_up(const struct retries *r, const struct limit *limit)
{
    double sum = 0, pause = again_seconds(r->pause);
    for (unsigned i = r->times; i <= limit->times; i++) {
        pause = MIN(2 * pause, AGAIN_PAUSE_MAX);
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

char *again_next(wmem_allocator_t *scope, const struct verdict *v, const char *next)
{
    const struct retries *r = &v->retries[v->sender];
    const struct limit *limit = again_limit(v->end[v->sender].state, r);
    if (!limit)
        return wmem_strdup(scope, next);
    const enum phrase id = r->times < limit->times    ? PHRASE_NEXT_LEFT
                           : r->times == limit->times ? PHRASE_NEXT_LAST
                                                      : PHRASE_NEXT_BEYOND;
    const unsigned left = r->times < limit->times ? limit->times - r->times : 0;
    return phrase_say(scope, id, "next", next, "left", wmem_strdup_printf(scope, "%u", left),
                      "setting", limit->setting, "give_up", give_up(scope, r, limit), NULL);
}

char *again_text(wmem_allocator_t *scope, const struct verdict *v)
{
    const struct retries *r = &v->retries[v->sender];
    const bool later = r->times > 1 && r->since > r->pause;
    return phrase_say(scope, PHRASE_AGAIN, "what", retries[r->what].what, "nth",
                      ordinal(scope, r->times), "after",
                      r->pause ? phrase_say(scope, PHRASE_AGAIN_AFTER, "seconds",
                                            again_number(scope, again_seconds(r->pause)), NULL)
                               : "",
                      "first",
                      later ? phrase_say(scope, PHRASE_AGAIN_FIRST, "seconds",
                                         again_number(scope, again_seconds(r->since)), NULL)
                            : "",
                      "pace", again_pace(r), NULL);
}

char *again_nth(wmem_allocator_t *scope, const struct verdict *v, enum check check)
{
    const struct retries *r = &v->retries[v->sender];
    if (!v->again || retries[r->what].check != check)
        return wmem_strdup(scope, "");
    return phrase_say(scope, r->pause ? PHRASE_AGAIN_SHORT_AFTER : PHRASE_AGAIN_SHORT, "nth",
                      ordinal(scope, r->times), "seconds",
                      again_number(scope, again_seconds(r->pause)), NULL);
}
