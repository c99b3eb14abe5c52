/* See words.h. The sentences are in the .def files.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words.h"

#include "again.h"
#include "phrases.h"
#include "waiting.h"

#include <epan/wmem_scopes.h>

static const struct {
    enum step_why why;
    signal_set signals;
    const char *text;
} reasons[] = {
#define ANY_SIGNAL ((signal_set)~0u)
#define REASON(why, signals, text) {why, signals, text},
#include "reasons.def"
#undef REASON
#undef ANY_SIGNAL
};

static const struct {
    const char *text, *cite;
} replies[REPLY_COUNT] = {
#define REPLY(id, text, cite) [id] = {text, cite},
#include "replies.def"
#undef REPLY
};

static const char *const deeds[SIGNAL_COUNT] = {
#define DEED(signal, text) [signal] = text,
#include "deeds.def"
#undef DEED
};

enum role words_role(const struct verdict *v, unsigned end)
{
    return end == v->client ? ROLE_CLIENT : ROLE_SERVER;
}

unsigned words_end(const struct verdict *v, enum role role)
{
    return role == ROLE_CLIENT ? v->client : !v->client;
}

const char *words_role_name(enum role role)
{
    return role == ROLE_CLIENT ? "client" : "server";
}

const char *words_role_title(enum role role)
{
    return role == ROLE_CLIENT ? "Client" : "Server";
}

const char *words_roles_known_by(const struct verdict *v)
{
    static const char *const names[] = {[ROLES_FIRST] = "first",
                                        [ROLES_PORT] = "port",
                                        [ROLES_SYN_ACK] = "syn-ack",
                                        [ROLES_SYN] = "syn"};
    return names[v->roles];
}

const char *words_verdict(const struct verdict *v)
{
    return val_to_str_const(v->class, verdict_names, "");
}

bool words_is_assumed(const struct end_view *end)
{
    return end->state != end->confirmed;
}

char *words_states(wmem_allocator_t *scope, const struct verdict *v)
{
    return wmem_strdup_printf(scope, "%s/%s", state_text(v->end[v->client].state)->name,
                              state_text(v->end[!v->client].state)->name);
}

char *words_transition(wmem_allocator_t *scope, const struct verdict *v, const struct step *step)
{
    return wmem_strdup_printf(scope, "%s %s->%s", words_role_name(words_role(v, step->end)),
                              state_text(step->from)->name, state_text(step->to)->name);
}

static const char *reason(const struct step *step)
{
    for (unsigned i = 0; i < array_length(reasons); i++)
        if (reasons[i].why == step->why && (reasons[i].signals & SIG(step->signal)))
            return reasons[i].text;
    return "";
}

char *words_because(wmem_allocator_t *scope, const struct verdict *v, const struct step *step)
{
    const enum phrase had_not = step->end == v->sender ? PHRASE_HAD_NOT : PHRASE_MAY_NOT_HAVE;
    return phrase_fill(scope, reason(step), "signal", signal_label(step->signal), "cite",
                       step->cite, "frame", wmem_strdup_printf(scope, "%u", step->frame), "had_not",
                       phrase(had_not), NULL);
}

char *words_moved(wmem_allocator_t *scope, const struct verdict *v, const struct step *step)
{
    return phrase_say(scope, PHRASE_MOVED, "Who", words_role_title(words_role(v, step->end)),
                      "from", state_text(step->from)->name, "to", state_text(step->to)->name,
                      "because", words_because(scope, v, step), NULL);
}

/* Is it the last step of its end, and not proved? */
static bool leads_to_assumed(const struct verdict *v, const struct step *step)
{
    for (const struct step *later = step + 1; later < v->step + v->steps; later++)
        if (later->end == step->end)
            return false;
    return words_is_assumed(&v->end[step->end]);
}

char *words_moved_plainly(wmem_allocator_t *scope, const struct verdict *v, const struct step *step)
{
    const bool is_event = step->why == STEP_EVENT && deeds[step->signal];
    const char *because = is_event ? deeds[step->signal] : words_because(scope, v, step);
    const char *hears = waiting_hears(step);
    return phrase_say(scope, is_event ? PHRASE_MOVED_PLAINLY : PHRASE_REVISED_PLAINLY, "Who",
                      words_role_title(words_role(v, step->end)), "from",
                      state_text(step->from)->name, "to", state_text(step->to)->name, "assumed",
                      leads_to_assumed(v, step) ? phrase(PHRASE_ASSUMED) : "", "because", because,
                      "cite", step->cite, "hears",
                      hears ? phrase_say(scope, PHRASE_AND_HEARS, "hears", hears, NULL) : "", NULL);
}

/* In which state it was sent: where the evidence that it carries leaves its sender. */
static unsigned sent_in(const struct verdict *v)
{
    unsigned state = v->end[v->sender].was;
    for (unsigned i = 0; i < v->steps; i++) {
        const struct step *step = &v->step[i];
        if (step->end == v->sender && step->why < STEP_NOT_ARRIVED && step->why != STEP_PROVED &&
            step->why != STEP_TIMED && step->why != STEP_LATE)
            break;
        if (step->end == v->sender)
            state = step->to;
    }
    return state;
}

char *words_finding(wmem_allocator_t *scope, const struct verdict *v, enum check check)
{
    const struct check_text *c = check_text(check);
    return phrase_say(scope, PHRASE_FINDING, "Who", words_role_title(words_role(v, v->sender)),
                      "state", state_text(sent_in(v))->name, "text", c->text, "again",
                      again_nth(scope, v, check), "cite", c->cite, NULL);
}

static const struct {
    const char *own, *seen;
} fates[FATE_COUNT] = {
#define FATE(id, word, own, seen) {own, seen},
#include "fates.def"
#undef FATE
};

char *words_fate(wmem_allocator_t *scope, const struct verdict *v)
{
    const char *frame = wmem_strdup_printf(scope, "%u", v->fate_frame);
    return phrase_fill(
        scope, fates[v->fate].own, "perhaps", v->fate_sure ? "" : phrase(PHRASE_PROBABLY), "frame",
        frame, "shown",
        v->fate_frame ? phrase_say(scope, PHRASE_AS_FRAME_SHOWS, "frame", frame, NULL) : "", NULL);
}

const char *words_evidence(wmem_allocator_t *scope, const struct verdict *v)
{
    const struct check_text *c = check_text(v->amendment);
    if (v->amends && v->amends == v->evidence)
        return phrase_say(scope, PHRASE_AMENDED, "check", c->name, "text", c->text, "cite", c->cite,
                          NULL);
    return phrase_say(scope, PHRASE_EVIDENCE, "seen", fates[v->shows].seen, NULL);
}

char *words_owes(wmem_allocator_t *scope, const struct verdict *v)
{
    if (v->owes == OWES_NOTHING)
        return NULL;
    return phrase_say(scope, PHRASE_OWES, "reply", replies[v->owes].text, "cite",
                      replies[v->owes].cite, NULL);
}

/* Put together once, and shown with every packet. */
const char *words_meaning(enum state state)
{
    static const char *meanings[STATE_COUNT]; /* program lifetime */
    const struct state_text *t = state_text(state);
    if (state == STATE_UNKNOWN)
        return t->meaning;
    if (!meanings[state])
        meanings[state] = phrase_say(wmem_epan_scope(), PHRASE_MEANING, "meaning", t->meaning,
                                     "rfc", t->rfc, "netstat", t->netstat, "ss", t->ss, NULL);
    return meanings[state];
}
