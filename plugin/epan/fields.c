/* Everything registered with Wireshark by name, generated from the .def files: nothing to keep in
 * step by hand.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fields.h"

#include "delivered.h"
#include "sentences.h"
#include "verdict.h"

int proto_tcpstate = -1;
int ett[ETT_COUNT] = {-1, -1, -1};
expert_field ei_moved = EI_INIT;

int hf[FIELD_COUNT] = {
#define FIELD(id, filter, title, type, display, strings, blurb) [FIELD_##id] = -1,
#include "fields.def"
};

int hf_end[ROLE_COUNT][END_FIELD_COUNT] = {
    {
#define END_FIELD(id, filter, title, type, display, strings, blurb) [END_FIELD_##id] = -1,
#include "fields.def"
    },
    {
#define END_FIELD(id, filter, title, type, display, strings, blurb) [END_FIELD_##id] = -1,
#include "fields.def"
    },
};

int hf_delivery[ROLE_COUNT][DELIVERY_FIELD_COUNT] = {
    {
#define DELIVERY_FIELD(id, filter, title, type, display, strings, blurb) [DELIVERY_FIELD_##id] = -1,
#include "fields.def"
    },
    {
#define DELIVERY_FIELD(id, filter, title, type, display, strings, blurb) [DELIVERY_FIELD_##id] = -1,
#include "fields.def"
    },
};

expert_field ei_check[CHECK_COUNT] = {
#define CHECK(id, when, on, severity, group, class, cite, text) [CHECK_##id] = EI_INIT,
#include "tables/checks.def"
#undef CHECK
};

/* Ours first, which are shown. Filters take the others of each state, too. */
enum { NAMES_OF_A_STATE = 4, STATE_NAMES = NAMES_OF_A_STATE * STATE_COUNT };
static value_string state_names[STATE_NAMES + 1];

static bool is_among(const value_string *names, const char *name)
{
    while (names->strptr && strcmp(names->strptr, name) != 0)
        names++;
    return names->strptr != NULL;
}

/* All that is a name: no "(unknown)", "-" or "no line". */
static void name_states(void)
{
    unsigned count = 0;
    for (unsigned i = 0; i < STATE_NAMES; i++) {
        const struct state_text *t = state_text(i % STATE_COUNT);
        const char *const names[NAMES_OF_A_STATE] = {t->name, t->rfc, t->netstat, t->ss};
        const char *name = names[i / STATE_COUNT];
        if (g_ascii_isupper(*name) && !is_among(state_names, name))
            state_names[count++] = (value_string){i % STATE_COUNT, name};
    }
}

const value_string fate_names[] = {
#define FATE(id, word, own, seen) {FATE_##id, word},
#include "tables/fates.def"
#undef FATE
    {0, NULL}};

const value_string closed_by_names[] = {
#define CLOSED_BY(id, word) {CLOSED_BY_##id, word},
#include "closed_by.def"
#undef CLOSED_BY
    {0, NULL}};

const value_string cause_names[] = {
#define CAUSE(id, sentence, cite, reasons) {CAUSE_##id, #id},
#include "tables/causes.def"
#undef CAUSE
    {0, NULL}};

const value_string resend_names[] = {
#define RESEND(id, sentence, cite, states) {RESEND_##id, #id},
#include "tables/resends.def"
    {0, NULL}};

const value_string verdict_names[] = {
#define VERDICT(id, name) {VERDICT_##id, name},
#include "verdicts.def"
#undef VERDICT
    {0, NULL},
};

hf_register_info field_infos[] = {
#define FIELD(id, filter, title, type, display, strings, blurb)                                    \
    {&hf[FIELD_##id], {title, "tcpstate." filter, type, display, strings, 0, blurb, HFILL}},
#include "fields.def"
#define END_FIELD(id, filter, title, type, display, strings, blurb)                                \
    {&hf_end[ROLE_CLIENT][END_FIELD_##id],                                                         \
     {"Client " title, "tcpstate.client." filter, type, display, strings, 0,                       \
      blurb " (this end: the client)", HFILL}},
#include "fields.def"
#define END_FIELD(id, filter, title, type, display, strings, blurb)                                \
    {&hf_end[ROLE_SERVER][END_FIELD_##id],                                                         \
     {"Server " title, "tcpstate.server." filter, type, display, strings, 0,                       \
      blurb " (this end: the server)", HFILL}},
#include "fields.def"
#define DELIVERY_FIELD(id, filter, title, type, display, strings, blurb)                           \
    {&hf_delivery[ROLE_CLIENT][DELIVERY_FIELD_##id],                                               \
     {"Client " title, "tcpstate.client." filter, type, display, strings, 0,                       \
      blurb " (this end: the client)", HFILL}},
#include "fields.def"
#define DELIVERY_FIELD(id, filter, title, type, display, strings, blurb)                           \
    {&hf_delivery[ROLE_SERVER][DELIVERY_FIELD_##id],                                               \
     {"Server " title, "tcpstate.server." filter, type, display, strings, 0,                       \
      blurb " (this end: the server)", HFILL}},
#include "fields.def"
};

/* The core's scales are Wireshark's own; only the names differ. */
#define PI_OF_SEV_CHAT PI_CHAT
#define PI_OF_SEV_NOTE PI_NOTE
#define PI_OF_SEV_WARN PI_WARN
#define PI_OF_SEV_ERROR PI_ERROR
#define PI_OF_GRP_SEQUENCE PI_SEQUENCE
#define PI_OF_GRP_PROTOCOL PI_PROTOCOL
#define PI_OF_GRP_ASSUMPTION PI_ASSUMPTION
#define PI_OF_GRP_SECURITY PI_SECURITY

static ei_register_info expert_infos[] = {
    {&ei_moved, {"tcpstate.moved", PI_SEQUENCE, PI_CHAT, NULL, EXPFILL}},
#define CHECK(id, when, on, severity, group, class, cite, text)                                    \
    {&ei_check[CHECK_##id], {"tcpstate." #id, PI_OF_##group, PI_OF_##severity, text, EXPFILL}},
#include "tables/checks.def"
#undef CHECK
};

const expert_field_info *fields_expert(const expert_field *expert)
{
    const ei_register_info *of = expert_infos;
    while (of->ids != expert)
        of++;
    return &of->eiinfo;
}

int fields_severity(enum check check)
{
    enum { FIRST_CHECK = 1 }; /* after ei_moved */
    return expert_infos[FIRST_CHECK + check].eiinfo.severity;
}

void fields_register(void)
{
    static int *etts[ETT_COUNT];
    for (unsigned i = 0; i < ETT_COUNT; i++)
        etts[i] = &ett[i];
    name_states();
    proto_tcpstate = proto_register_protocol("TCP State", "TCPState", "tcpstate");
    proto_register_field_array(proto_tcpstate, field_infos, array_length(field_infos));
    proto_register_subtree_array(etts, ETT_COUNT);
    expert_infos[0].eiinfo.summary = phrase(PHRASE_MOVED_TITLE);
    expert_register_field_array(expert_register_protocol(proto_tcpstate), expert_infos,
                                array_length(expert_infos));
}
