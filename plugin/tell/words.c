/* See words.h. The sentences are in the .def files.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words.h"

#include "retransmission.h"
#include "sentences.h"
#include "waiting.h"

static const struct {
    wording text, cite;
} replies[REPLY_COUNT] = {
#define REPLY(id, text, cite) [id] = {text, cite},
#include "tables/replies.def"
#undef REPLY
};

enum role words_role(const struct verdict *v, unsigned end)
{
    return end == v->client ? ROLE_CLIENT : ROLE_SERVER;
}

unsigned words_end(const struct verdict *v, enum role role)
{
    return role == ROLE_CLIENT ? v->client : !v->client;
}

wording words_role_name(enum role role)
{
    return role == ROLE_CLIENT ? "client" : "server";
}

wording words_role_title(enum role role)
{
    return role == ROLE_CLIENT ? "Client" : "Server";
}

static const struct {
    wording name, told;
} roles[] = {
#define ROLES(id, name, told) [ROLES_##id] = {name, told},
#include "roles.def"
#undef ROLES
};

wording words_roles_known_by(const struct verdict *v)
{
    return roles[v->roles].name;
}

wording words_roles_told(const struct verdict *v)
{
    return roles[v->roles].told;
}

wording words_verdict(unsigned class)
{
    static const wording names[] = {
#define VERDICT(id, name) [VERDICT_##id] = name,
#include "verdicts.def"
#undef VERDICT
    };
    return names[class];
}

wording words_fate_name(unsigned fate)
{
    static const wording names[FATE_COUNT] = {
#define FATE(id, name, own, seen) name,
#include "tables/fates.def"
#undef FATE
    };
    return names[fate];
}

wording words_signal(unsigned signal)
{
    return signal_label(signal == RCV_RST_PASSIVE ? RCV_RST : signal);
}

bool words_is_assumed(const struct end_view *end)
{
    return end->state != end->confirmed;
}

wording words_mark(const struct end_view *end)
{
    return words_is_assumed(end) ? "?" : NULL;
}

wording words_assumed(const struct end_view *end)
{
    return words_is_assumed(end) ? phrase(PHRASE_ASSUMED) : NULL;
}

bool words_has_moved(const struct verdict *v, unsigned end)
{
    for (unsigned i = 0; i < v->steps; i++)
        if (v->step[i].end == end)
            return true;
    return false;
}

void words_state(const struct sink *to, const struct end_view *end)
{
    SAY(to, state_text(end->state)->name, words_mark(end));
}

void words_marked(const struct sink *to, const struct verdict *v, unsigned end)
{
    sink_word(to, words_has_moved(v, end) ? "*" : NULL);
    words_state(to, &v->end[end]);
}

void words_set(const struct sink *to, state_set set)
{
    wording separator = NULL;
    for (unsigned n = STATE_CLOSED; n < STATE_COUNT; n++)
        if (set & 1u << n) {
            SAY(to, separator, state_text(n)->name);
            separator = ", ";
        }
}

void words_states(const struct sink *to, const struct verdict *v)
{
    SAY(to, state_text(v->end[v->client].state)->name, "/",
        state_text(v->end[!v->client].state)->name);
}

void words_transition(const struct sink *to, const struct verdict *v, const struct step *step)
{
    SAY(to, words_role_name(words_role(v, step->end)), " ", state_text(step->from)->name, "->",
        state_text(step->to)->name);
}

bool words_is_reply(const struct verdict *v, const struct step *step)
{
    return v->answers && step->signal == SND_RST && step->end == v->sender;
}

void words_because(const struct sink *to, const struct verdict *v, const struct step *step)
{
    const wording signal = signal_label(step->signal), cite = step->cite,
                  frame = NUMBER(step->frame),
                  had_not = phrase(step->end == v->sender ? PHRASE_HAD_NOT : PHRASE_MAY_NOT_HAVE);
    if (words_is_reply(v, step)) {
        say_rst_answers(to, v->answers);
        return;
    }
#define ANY_SIGNAL ((signal_set)~0u)
#define REASON(reason, signals, ...)                                                               \
    if (step->why == (reason) && ((signals)&SIG(step->signal))) {                                  \
        SAY(to, __VA_ARGS__);                                                                      \
        return;                                                                                    \
    }
#include "reasons.def"
#undef REASON
#undef ANY_SIGNAL
}

void words_moved(const struct sink *to, const struct verdict *v, const struct step *step,
                 wording because)
{
    say_moved(to, words_role_title(words_role(v, step->end)), state_text(step->from)->name,
              state_text(step->to)->name, because);
}

unsigned words_sent_in(const struct verdict *v)
{
    unsigned state = v->end[v->sender].was;
    for (unsigned i = 0; i < v->steps; i++) {
        const struct step *step = &v->step[i];
        if (words_is_reply(v, step))
            return STATE_CLOSED;
        if (step->end == v->sender && step->why < STEP_NOT_ARRIVED && step->why != STEP_PROVED &&
            step->why != STEP_TIMED && step->why != STEP_LATE)
            break;
        if (step->end == v->sender)
            state = step->to;
    }
    return state;
}

/* Does it say that somebody else sent its segment? */
static bool is_of_stranger(enum check check)
{
    static const bool is_listed[CHECK_COUNT] = {
#define STRANGER(check) [CHECK_##check] = true,
#include "strangers.def"
#undef STRANGER
    };
    return is_listed[check];
}

bool words_is_foreign(const struct verdict *v, enum check check)
{
    return v->fate == FATE_NOT_ITS_OWN && v->fate_sure && !is_of_stranger(check);
}

/* What goes on is said at the first segment of its end. */
static void say_how_many(const struct sink *to, const struct verdict *v, enum check check)
{
    const char *what;
    const int lasting = check_lasting(check, &what);
    const unsigned times = lasting < 0 ? 0 : v->end[v->sender].found.times[lasting];
    if (times >= 2)
        say_lasting(to, times, what);
    else if (is_of_stranger(check) && v->fate_frame)
        say_as_frame_shows(to, v->fate_frame);
    else if (check == CHECK_challenge_ack && v->answers)
        say_in_reply(to, v->answers);
    else
        retransmission_nth(to, v, check);
}

/* Is it sure enough that the segment was sent in this state? */
static bool is_state_told(enum check check, unsigned state)
{
    static const bool is_stateless[CHECK_COUNT] = {
#define STATELESS(check) [CHECK_##check] = true,
#include "stateless.def"
#undef STATELESS
    };
    return state != STATE_UNKNOWN && !is_stateless[check] && retransmission_fits(check, state);
}

wording words_found(const struct verdict *v, enum check check)
{
    enum { PEERS, OWN };
    for (unsigned i = 0; i < v->steps; i++) {
        const int whose = v->step[i].end == v->sender ? OWN : PEERS;
#define VARIANT(id, end, name, text)                                                               \
    if (check == CHECK_##id && whose == (end) && v->step[i].signal == (name))                      \
        return text;
#include "variants.def"
#undef VARIANT
    }
    return check_text(check)->text;
}

wording words_found_of(enum role role, bool is_foreign)
{
    if (!is_foreign)
        return words_role_title(role);
    return phrase(role == ROLE_CLIENT ? PHRASE_IN_CLIENTS_NAME : PHRASE_IN_SERVERS_NAME);
}

void words_say_found(const struct sink *to, wording who, unsigned state, enum check check,
                     wording found, wording times)
{
    struct draft where;
    draft_begin(&where);
    if (is_state_told(check, state))
        say_in_state(&where.sink, state_text(state)->name);
    say_finding(to, who, where.text, found, times, check_text(check)->cite);
}

void words_finding(const struct sink *to, const struct verdict *v, enum check check)
{
    const bool foreign = words_is_foreign(v, check);
    struct draft times;
    say_how_many(draft_begin(&times), v, check);
    words_say_found(to, words_found_of(words_role(v, v->sender), foreign),
                    foreign ? STATE_UNKNOWN : words_sent_in(v), check, words_found(v, check),
                    times.text);
}

void words_fate(const struct sink *to, const struct verdict *v)
{
    const wording frame = NUMBER(v->fate_frame),
                  perhaps = v->fate_sure ? NULL : phrase(PHRASE_PROBABLY);
    struct draft shows;
    if (v->fate_frame)
        say_as_frame_shows(draft_begin(&shows), v->fate_frame);
    const wording shown = v->fate_frame ? shows.text : NULL;
    switch ((enum fate)v->fate) {
#define PIECES(...) __VA_ARGS__
#define FATE(id, name, own, seen)                                                                  \
    case FATE_##id:                                                                                \
        SAY(to, PIECES own);                                                                       \
        break;
#include "tables/fates.def"
#undef FATE
#undef PIECES
    case FATE_COUNT:
        break;
    }
}

void words_fate_mark(const struct sink *to, const struct verdict *v, wording fate)
{
    say_fate_mark(to, fate, v->fate_sure ? NULL : "?");
    if (v->fate_frame)
        say_fate_see(to, v->fate_frame);
    sink_word(to, ")");
}

void words_evidence(const struct sink *to, const struct verdict *v)
{
    static const wording seen[FATE_COUNT] = {
#define FATE(id, name, own, seen) seen,
#include "tables/fates.def"
#undef FATE
    };
    const struct check_text *c = check_text(v->amendment);
    if (v->amends && v->amends == v->evidence)
        say_amended(to, v->evidence, c->name, c->text, c->cite);
    else
        say_evidence(to, v->evidence, seen[v->shows]);
}

bool words_is_plain_reply(const struct verdict *v)
{
    return v->answers && v->answers == v->evidence && v->amends != v->evidence && !v->shows;
}

void words_owes(const struct sink *to, const struct verdict *v)
{
    if (v->owes != OWES_NOTHING)
        say_owes(to, replies[v->owes].text, replies[v->owes].cite);
}

wording words_meaning(enum state state)
{
    static const wording meanings[STATE_COUNT] = {
#define STATE(id, number, rfc, netstat, ss, meaning, next, retry, ended)                           \
    [number] = MEANING(meaning, rfc, netstat, ss),
#include "tables/states.def"
#undef STATE
    };
    return state == STATE_UNKNOWN ? state_text(state)->meaning : meanings[state];
}
