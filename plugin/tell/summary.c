/* See summary.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "summary.h"

#include "sentences.h"
#include "words.h"

static struct summary_connection *recall(const struct summary *summary, const struct verdict *v)
{
    return summary->memories.of(summary->memories.context, v->connection);
}

static bool is_in(unsigned state, state_set set)
{
    return (1u << state & set) != 0;
}

/* An end that is in TIME_WAIT has closed, whatever comes then. */
static bool is_reset(const struct step *step)
{
    const signal_set resets = SIG(SND_RST) | SIG(SND_RST_OWED) | SIG(RCV_RST) |
                              SIG(RCV_RST_PASSIVE) | SIG(RCV_BAD_SYN) | SIG(RCV_ICMP_ERROR);
    return (SIG(step->signal) & resets) && is_in(step->to, CLOSED | LISTEN) &&
           !is_in(step->from, CLOSED | LISTEN | TIME_WAIT);
}

void summary_add(struct summary *summary, const struct verdict *v, uint32_t frame)
{
    struct summary_connection *c = recall(summary, v);
    if (!c->first)
        c->first = frame;
    for (unsigned i = 0; i < v->steps; i++)
        if (is_reset(&v->step[i])) {
            c->was_reset = true;
            c->was_refused |= !c->was_open && is_in(v->step[i].from, SYN_SENT | SYN_RCVD);
        }
    c->was_open |= is_in(v->end[0].state, SYNCHRONIZED) && is_in(v->end[1].state, SYNCHRONIZED);
    for (unsigned i = 0; checks_any(&v->checks) && i < CHECK_COUNT; i++)
        if (checks_has(&v->checks, i) && summary->finding[i].times++ == 0)
            summary->finding[i].first = frame;
}

/* Who has sent a FIN, or is gone, has closed. */
static enum summary_ended how_it_ended(const struct summary_connection *c, const struct verdict *v,
                                       const struct ending *ending)
{
    unsigned closed = 0;
    for (unsigned end = 0; end < 2; end++)
        closed += is_in(ending_state(v, end, ending), FIN_SENT | CLOSED);
    if (c->was_reset)
        return c->was_refused ? SUMMARY_REFUSED : SUMMARY_RESET;
    if (!c->was_open)
        return SUMMARY_NEVER_OPEN;
    return closed == 2 ? SUMMARY_CLOSED : closed == 1 ? SUMMARY_HALF_CLOSED : SUMMARY_OPEN;
}

/* The lowest ones are named, in order; 0 is none. */
static void name_first(uint32_t named[SUMMARY_NAMED], uint32_t frame)
{
    for (unsigned i = 0; frame && i < SUMMARY_NAMED; i++)
        if (!named[i] || frame < named[i]) {
            const uint32_t other = named[i];
            named[i] = frame;
            frame = other;
        }
}

void summary_end(struct summary *summary, const struct verdict *v, const struct ending *ending)
{
    const struct summary_connection *c = recall(summary, v);
    const enum summary_ended how = how_it_ended(c, v, ending);
    summary->ended[how].count++;
    name_first(summary->ended[how].first, c->first);
}

static void write_ended(const struct sink *to, const struct summary *summary,
                        enum summary_ended how)
{
    static const enum phrase texts[SUMMARY_ENDED_COUNT] = {
        [SUMMARY_CLOSED] = PHRASE_SUMMARY_CLOSED,   [SUMMARY_HALF_CLOSED] = PHRASE_SUMMARY_HALF,
        [SUMMARY_OPEN] = PHRASE_SUMMARY_OPEN,       [SUMMARY_RESET] = PHRASE_SUMMARY_RESET,
        [SUMMARY_REFUSED] = PHRASE_SUMMARY_REFUSED, [SUMMARY_NEVER_OPEN] = PHRASE_SUMMARY_NEVER,
    };
    const uint32_t count = summary->ended[how].count, *first = summary->ended[how].first;
    if (!count)
        return;
    say_summary_ended(to, count, phrase(texts[how]));
    for (unsigned i = 0; i < count && i < SUMMARY_NAMED; i++)
        SAY(to, i ? ", " : NULL, NUMBER(first[i]));
    sink_word(to, phrase(count > SUMMARY_NAMED ? PHRASE_SUMMARY_MORE : PHRASE_SUMMARY_ALL));
}

/* The severest first. */
static void write_findings(const struct sink *to, const struct summary *summary)
{
    bool begun = false;
    for (unsigned class = VERDICT_ILLEGAL + 1; class -- > 0;)
        for (unsigned i = 0; i < CHECK_COUNT; i++) {
            if (check_text(i)->class != class || !summary->finding[i].times)
                continue;
            if (!begun)
                sink_word(to, phrase(PHRASE_SUMMARY_FINDINGS));
            begun = true;
            say_summary_finding(to, check_text(i)->name, words_verdict(class));
            if (summary->finding[i].times > 1)
                say_summary_first_of(to, summary->finding[i].times, summary->finding[i].first);
            else
                say_summary_in(to, summary->finding[i].first);
        }
    if (!begun)
        sink_word(to, phrase(PHRASE_SUMMARY_NO_FINDING));
}

void summary_write(const struct sink *to, const struct summary *summary)
{
    uint32_t connections = 0;
    for (unsigned how = 0; how < SUMMARY_ENDED_COUNT; how++)
        connections += summary->ended[how].count;
    say_summary_title(to, connections);
    for (unsigned how = 0; how < SUMMARY_ENDED_COUNT; how++)
        write_ended(to, summary, (enum summary_ended)how);
    write_findings(to, summary);
}
