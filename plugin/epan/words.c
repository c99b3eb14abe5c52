/* Verdicts in words: the one place where the plugin's sentences are put together, for every view.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words.h"

static const struct {
    enum step_why why;
    enum signal signal; /* SIGNAL_COUNT: any */
    const char *text;
} reasons[] = {
#define REASON(why, signal, text) {why, signal, text},
#include "reasons.def"
#undef REASON
};

static const struct {
    const char *text, *cite;
} replies[REPLY_COUNT] = {
#define REPLY(id, text, cite) [id] = {text, cite},
#include "replies.def"
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
        if (reasons[i].why == step->why &&
            (reasons[i].signal == step->signal || reasons[i].signal == SIGNAL_COUNT))
            return reasons[i].text;
    return "";
}

/* Append what `name`, a word in braces, stands for. */
static void append_meaning(wmem_strbuf_t *to, char name, const struct step *step)
{
    switch (name) {
    case 's':
        wmem_strbuf_append(to, signal_label(step->signal));
        break;
    case 'c':
        wmem_strbuf_append(to, step->cite);
        break;
    case 'f':
        wmem_strbuf_append_printf(to, "%u", step->frame);
        break;
    }
}

char *words_because(wmem_allocator_t *scope, const struct step *step)
{
    wmem_strbuf_t *text = wmem_strbuf_new(scope, "");
    for (const char *p = reason(step); *p; p++) {
        if (*p == '{') {
            append_meaning(text, p[1], step);
            p = strchr(p, '}');
        } else {
            wmem_strbuf_append_c(text, *p);
        }
    }
    return wmem_strbuf_finalize(text);
}

char *words_moved(wmem_allocator_t *scope, const struct verdict *v, const struct step *step)
{
    return wmem_strdup_printf(scope, "%s %s -> %s: %s", words_role_title(words_role(v, step->end)),
                              state_text(step->from)->name, state_text(step->to)->name,
                              words_because(scope, step));
}

/* A label on an arrow, in words for a reader who has no RFC open; the subject is who moved. */
static const char *plain(enum signal signal)
{
    static const char *const texts[SIGNAL_COUNT] = {
        [SND_SYN] = "asked for a connection with a SYN",
        [SND_SYN_ACK] = "answered with SYN,ACK",
        [SND_ACK] = "sent an ACK",
        [SND_TEXT] = "sent data",
        [SND_FIN] = "sent its FIN",
        [SND_RST] = "gave up the connection with a RST",
        [SND_RST_OWED] = "refused the segment with a RST",
        [RCV_RST] = "received a RST",
        [RCV_RST_PASSIVE] = "received a RST while it was opening passively",
        [RCV_SYN] = "received a SYN",
        [RCV_SYN_ACK] = "received a SYN,ACK",
        [RCV_ACK_OF_SYN] = "its SYN was acknowledged",
        [RCV_ACK_OF_FIN] = "its FIN was acknowledged",
        [RCV_FIN] = "received the FIN of its peer",
        [RCV_ICMP_ERROR] = "received an ICMP error",
        [TIMEOUT_2MSL] = "2 MSL have passed",
    };
    return texts[signal] ? texts[signal] : signal_label(signal);
}

char *words_moved_plainly(wmem_allocator_t *scope, const struct verdict *v, const struct step *step)
{
    const char *role = words_role_name(words_role(v, step->end));
    const char *from = state_text(step->from)->name, *to = state_text(step->to)->name;
    if (step->why != STEP_EVENT)
        return wmem_strdup_printf(scope, "%s %s -> %s: %s", role, from, to,
                                  words_because(scope, step));
    return wmem_strdup_printf(scope, "%s %s -> %s: %s (RFC 9293 %s)", role, from, to,
                              plain(step->signal), step->cite);
}

static void append_ended(wmem_strbuf_t *to, const struct verdict *v, unsigned end)
{
    const struct end_view *view = &v->end[end];
    wmem_strbuf_append_printf(to, "%s in %s: %s.", words_role_title(words_role(v, end)),
                              state_text(view->state)->name, state_text(view->state)->ended);
    for (unsigned n = STATE_CLOSED; n < STATE_COUNT; n++)
        if (n != view->state && view->possible & 1u << n)
            wmem_strbuf_append_printf(to, " Or in %s: %s.", state_text(n)->name,
                                      state_text(n)->ended);
}

char *words_ended(wmem_allocator_t *scope, const struct verdict *v)
{
    wmem_strbuf_t *text = wmem_strbuf_new(scope, "");
    append_ended(text, v, v->client);
    wmem_strbuf_append_c(text, ' ');
    append_ended(text, v, !v->client);
    return wmem_strbuf_finalize(text);
}

char *words_finding(wmem_allocator_t *scope, const struct verdict *v, enum check check)
{
    const struct check_text *c = check_text(check);
    return wmem_strdup_printf(scope, "%s in %s: %s (%s)",
                              words_role_title(words_role(v, v->sender)),
                              state_text(v->end[v->sender].was)->name, c->text, c->cite);
}

char *words_owes(wmem_allocator_t *scope, const struct verdict *v)
{
    if (v->owes == OWES_NOTHING)
        return NULL;
    return wmem_strdup_printf(scope, "%s (RFC 9293 %s)", replies[v->owes].text,
                              replies[v->owes].cite);
}

const char *words_meaning(enum state state)
{
    static const char *const texts[STATE_COUNT] = {
#define STATE(id, number, rfc, netstat, ss, meaning, next, ended)                                  \
    [number] = meaning " (" rfc " in RFC 9293, " netstat " in netstat, " ss " in ss)",
#include "states.def"
#undef STATE
    };
    return state == STATE_UNKNOWN ? state_text(state)->meaning : texts[state];
}
