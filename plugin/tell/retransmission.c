/* See retransmission.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "retransmission.h"

#include "rfc/retries.h"
#include "sentences.h"

static const struct limit limits[] = {
#define LIMIT(what, pace, times, setting) {what, pace, times, setting},
#include "tables/retries.def"
#undef LIMIT
};

static const struct {
    wording what, then;
    enum check check;
} retries[RETRY_COUNT] = {
#define RETRY(id, what, check, then) [id] = {what, then, CHECK_##check},
#include "tables/retries.def"
#undef RETRY
};

static const uint8_t sends_again[STATE_COUNT] = {
#define STATE(id, number, rfc, netstat, ss, meaning, next, retry, ended) [number] = retry,
#include "tables/states.def"
#undef STATE
};

enum retry retransmission_in(unsigned state)
{
    return sends_again[state];
}

wording retransmission_what(enum retry what)
{
    return retries[what].what;
}

enum check retransmission_check(enum retry what)
{
    return retries[what].check;
}

bool retransmission_fits(enum check check, unsigned state)
{
    for (unsigned what = RETRY_NOTHING + 1; what < RETRY_COUNT; what++)
        if (retries[what].check == check)
            return retransmission_in(state) == what;
    return true;
}

wording retransmission_then(enum retry what)
{
    return retries[what].then;
}

/* Seconds to two digits: more would be more than is known. */
static uint64_t roughly(int64_t microseconds)
{
    enum { SECOND = 1000000 };
    uint64_t n = (uint64_t)microseconds, unit = SECOND;
    while (n / unit >= 100)
        unit *= 10;
    return (n + unit / 2) / unit * (unit / SECOND);
}

static enum pace pace_of(const struct retries *r)
{
    return r->evens ? PACE_EVEN : r->doublings ? PACE_DOUBLING : PACE_ANY;
}

wording retransmission_pace(const struct retries *r)
{
    if (r->doublings)
        return phrase(r->doublings + 1 == r->times ? PHRASE_AGAIN_DOUBLING : PHRASE_AGAIN_DOUBLED);
    return r->evens && r->evens + 1 == r->times ? phrase(PHRASE_AGAIN_EVEN) : "";
}

const struct limit *retransmission_limit(unsigned state, const struct retries *r)
{
    const enum pace pace = pace_of(r);
    const struct limit *fits = NULL;
    for (unsigned i = 0; i < sizeof limits / sizeof *limits && !(fits && r->times <= fits->times);
         i++)
        if (limits[i].what == retransmission_in(state) &&
            (limits[i].pace == pace || limits[i].pace == PACE_ANY))
            fits = &limits[i];
    return fits;
}

/* Microseconds until it is given up, when the pause goes on to double. */
static int64_t until_given_up(const struct retries *r, const struct limit *limit)
{
    int64_t sum = 0, pause = r->pause;
    for (unsigned i = r->times; i <= limit->times; i++) {
        pause = 2 * pause < RETRY_PAUSE_MAX ? 2 * pause : RETRY_PAUSE_MAX;
        sum += pause;
    }
    return sum;
}

void retransmission_next(const struct sink *to, const struct verdict *v, wording next)
{
    const struct retries *r = &v->retries[v->sender];
    const struct limit *limit = retransmission_limit(v->end[v->sender].state, r);
    sink_word(to, next);
    if (!limit)
        return;
    if (r->times > limit->times) {
        say_next_beyond(to, limit->setting);
        return;
    }
    if (r->times < limit->times)
        say_next_left(to, limit->times - r->times, limit->setting);
    else
        say_next_last(to, limit->setting);
    if (r->doublings)
        say_next_gives_up(to, NUMBER(roughly(until_given_up(r, limit))));
}

static void say_when(const struct sink *to, const struct retries *r, wording separator)
{
    if (r->pause)
        say_again_after(to, separator, AGAIN_SECONDS(r->pause));
    if (r->times > 1 && r->since > r->pause)
        say_again_first(to, AGAIN_SECONDS(r->since));
}

void retransmission_text(const struct sink *to, const struct verdict *v)
{
    const struct retries *r = &v->retries[v->sender];
    say_again(to, r->times, retries[r->what].what);
    say_when(to, r, ": ");
    sink_word(to, retransmission_pace(r));
}

bool retransmission_is(const struct verdict *v, enum check check)
{
    return v->retransmitted && retransmission_check(v->retries[v->sender].what) == check;
}

void retransmission_nth(const struct sink *to, const struct verdict *v, enum check check)
{
    const struct retries *r = &v->retries[v->sender];
    if (!retransmission_is(v, check))
        return;
    say_again_short(to, r->times);
    say_when(to, r, ", ");
}
