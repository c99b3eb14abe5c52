/* See ending.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ending.h"

#include "delivered.h"
#include "retransmission.h"
#include "rfc/retries.h"
#include "sentences.h"
#include "waiting.h"
#include "words.h"

/* One end of an ending, and whom it is told to. */
struct teller {
    const struct verdict *v;
    const struct ending *ending;
    ending_sentence *tell;
    void *context;
    unsigned end;
    struct draft text; /* of the sentence that is being made */
};

static const struct sink *begin(struct teller *t)
{
    return draft_begin(&t->text);
}

static void tell(struct teller *t)
{
    t->tell(t->context, t->text.text);
}

static wording title(const struct teller *t)
{
    return words_role_title(words_role(t->v, t->end));
}

/* It has been silent for longer than an end that goes on. */
static bool is_over(const struct teller *t)
{
    const bool waits = t->v->end[t->end].state == STATE_TIME_WAIT;
    return t->ending->silence >=
           (waits ? t->ending->two_msl : retries_longest_pause(&t->ending->retries[t->end]));
}

unsigned ending_state(const struct verdict *v, unsigned end, const struct ending *ending)
{
    const struct teller t = {.v = v, .ending = ending, .end = end};
    const unsigned state = v->end[end].state;
    return state == STATE_TIME_WAIT && !ending->next_frame && is_over(&t) ? STATE_CLOSED : state;
}

/* Whether there will be more of what it has sent again. */
static void say_outlook(struct teller *t, const struct limit *limit, const struct retries *r)
{
    const bool over = is_over(t);
    const wording then = retransmission_then(limit->what);
    const struct sink *to = begin(t);
    if (r->times < limit->times && over)
        say_ended_sooner(to, title(t), limit->setting);
    else if (r->times < limit->times)
        say_ended_left(to, title(t), limit->times - r->times, limit->setting, then);
    else if (over)
        say_ended_given_up(to, title(t), limit->setting, then);
    else
        say_ended_last(to, title(t), limit->setting, then);
    tell(t);
}

static void say_again_so_often(struct teller *t, const struct retries *r)
{
    struct draft times, within;
    draft_begin(&within);
    if (r->since)
        say_ended_within(&within.sink, AGAIN_SECONDS(r->since));
    if (r->times == 1)
        sink_word(draft_begin(&times), phrase(PHRASE_ENDED_ONCE));
    else
        say_ended_times(draft_begin(&times), r->times);
    say_ended_again(begin(t), title(t), retransmission_what(r->what), times.text, within.text,
                    retransmission_pace(r));
    tell(t);
}

enum { RETRY_FIRST = 1000 }; /* milliseconds: who waits sends a SYN again by then (RFC 6298 2.1) */

/* What it has sent again, or will. Text that was sent once is mostly acknowledged later. */
static void say_retries(struct teller *t)
{
    const unsigned state = t->v->end[t->end].state;
    const struct retries *r = &t->ending->retries[t->end];
    if (!retransmission_in(state) || (retransmission_in(state) == RETRY_TEXT && !r->times))
        return;
    const struct limit *limit = retransmission_limit(state, r);
    if (r->times) {
        say_again_so_often(t, r);
        say_outlook(t, limit, r);
        return;
    }
    const uint32_t waited = t->ending->outcome.waited[t->end];
    if (is_over(t))
        say_ended_not_again(begin(t), title(t), retransmission_what(limit->what));
    else if (waited >= RETRY_FIRST)
        say_ended_not_yet_again(begin(t), title(t), retransmission_what(limit->what),
                                BRIEFLY((int64_t)waited * (NANOSECONDS / 1000)));
    else
        say_ended_default(begin(t), title(t), retransmission_what(limit->what), limit->setting,
                          retransmission_then(limit->what));
    tell(t);
}

static unsigned count_states(state_set set)
{
    unsigned count = 0;
    for (; set; set &= (state_set)(set - 1))
        count++;
    return count;
}

/* On what it depends that an end which is shown in one state is in another. */
static wording perhaps(unsigned shown, unsigned other)
{
    static const struct {
        state_set shown, other;
        wording text;
    } rows[] = {
#define PERHAPS(shown, other, text) {shown, other, text},
#include "perhaps.def"
#undef PERHAPS
    };
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((rows[i].shown & 1u << shown) && (rows[i].other & 1u << other))
            return rows[i].text;
    return phrase(PHRASE_ENDED_OTHERWISE);
}

/* Where else it may be; where that is nearly anywhere, only the names. */
static void say_others(struct teller *t)
{
    enum { FEW = 3 };
    const struct end_view *view = &t->v->end[t->end];
    const state_set others = (state_set)(view->possible & ~(1u << view->state));
    struct draft names;
    if (count_states(others) > FEW) {
        words_set(draft_begin(&names), others);
        say_ended_unclear(begin(t), title(t), names.text);
        tell(t);
        return;
    }
    for (unsigned n = STATE_CLOSED; n < STATE_COUNT; n++)
        if (others & 1u << n) {
            say_ended_perhaps(begin(t), title(t), state_text(n)->name, perhaps(view->state, n));
            tell(t);
        }
}

/* It was sent a SYN, and never heard. */
static bool is_unheard(const struct end_view *view)
{
    return (view->state == STATE_LISTEN || view->state == STATE_SYN_RCVD) &&
           view->confirmed == STATE_UNKNOWN;
}

/* To answer what its peer has sent. */
static bool has_had_time(const struct teller *t)
{
    return t->ending->retries[!t->end].times || t->ending->silence >= NANOSECONDS ||
           t->ending->outcome.waited[!t->end] >= RETRY_FIRST;
}

/* What its state means, or, after enough time, meant. */
static void say_where(struct teller *t)
{
    const struct state_text *state = state_text(t->v->end[t->end].state);
    const wording heard = waiting_heard(t->v, t->end);
    if (t->v->end[t->end].state == STATE_TIME_WAIT && is_over(t))
        say_ended_2msl(begin(t), title(t));
    else if (heard)
        say_ended_hears(begin(t), title(t), state->name, state->ended, heard);
    else
        say_ended(begin(t), title(t), state->name, state->ended);
    tell(t);
}

static void say_end(struct teller *t)
{
    if (is_unheard(&t->v->end[t->end])) {
        if (has_had_time(t))
            say_ended_unheard(begin(t), title(t));
        else
            say_ended_unheard_yet(begin(t), title(t));
        tell(t);
        return;
    }
    if (!t->ending->outcome.was_heard[t->end]) {
        say_ended_not_captured(begin(t), words_role_name(words_role(t->v, t->end)));
        tell(t);
    }
    say_where(t);
    say_retries(t);
    say_others(t);
}

void ending_tell(const struct verdict *v, const struct ending *ending, ending_sentence *to,
                 void *context)
{
    struct teller t = {.v = v, .ending = ending, .tell = to, .context = context};
    if (ending->next_frame) {
        say_ended_next(begin(&t), ending->next, ending->next_frame);
        tell(&t);
    }
    delivered_tell(v, &ending->outcome, to, context);
    for (unsigned role = 0; role < ROLE_COUNT && !ending->next_frame; role++) {
        t.end = words_end(v, role);
        say_end(&t);
    }
}
