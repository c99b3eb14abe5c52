/* Everything registered with Wireshark by name: protocol, fields, expert items. Generated from
 * fields.def, states.def and checks.def; views use the numbers.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_FIELDS_H
#define TCPSTATE_FIELDS_H

#include "compat.h"

#include "checks.h"
#include "words.h"

#include <epan/expert.h>

enum field {
#define FIELD(id, filter, title, type, display, strings, blurb) FIELD_##id,
#include "fields.def"
    FIELD_COUNT
};

enum end_field {
#define END_FIELD(id, filter, title, type, display, strings, blurb) END_FIELD_##id,
#include "fields.def"
    END_FIELD_COUNT
};

enum delivery_field {
#define DELIVERY_FIELD(id, filter, title, type, display, strings, blurb) DELIVERY_FIELD_##id,
#include "fields.def"
    DELIVERY_FIELD_COUNT
};

enum subtree { ETT_PROTOCOL, ETT_END, ETT_EXPERT, ETT_COUNT };

/* Program lifetime; written once, at registration. */
extern int proto_tcpstate;
extern int hf[FIELD_COUNT];
extern int hf_end[ROLE_COUNT][END_FIELD_COUNT];
extern int hf_delivery[ROLE_COUNT][DELIVERY_FIELD_COUNT];
extern int ett[ETT_COUNT];
extern expert_field ei_moved;
extern expert_field ei_check[CHECK_COUNT];

/* Names of the verdicts and the fates, by number. */
extern const value_string verdict_names[];
extern const value_string fate_names[];
extern const value_string closed_by_names[];
extern const value_string cause_names[];
extern const value_string resend_names[];

void fields_register(void);

/* Does a filter, a column or a program ask for it? Where nobody looks at the details of a packet,
 * Wireshark makes no other item. It notes that in the very structs that we have registered: the
 * fields, those of one end and the other, and their deliveries. */
extern hf_register_info field_infos[];

static inline bool fields_is_asked(unsigned at)
{
    return field_infos[at].hfinfo.ref_type != HF_REF_TYPE_NONE;
}

static inline bool fields_is_any_asked(unsigned first, unsigned count)
{
    while (count > 0 && !fields_is_asked(first + count - 1))
        count--;
    return count > 0;
}

static inline bool fields_is_end_asked(enum role role, enum end_field field)
{
    return fields_is_asked(FIELD_COUNT + role * END_FIELD_COUNT + field);
}

static inline bool fields_is_any_of_end_asked(enum role role)
{
    return fields_is_any_asked(FIELD_COUNT + role * END_FIELD_COUNT, END_FIELD_COUNT);
}

static inline bool fields_is_any_delivery_asked(void)
{
    return fields_is_any_asked(FIELD_COUNT + ROLE_COUNT * END_FIELD_COUNT,
                               ROLE_COUNT * DELIVERY_FIELD_COUNT);
}

/* What is registered of one of our expert items: group, severity. */
const expert_field_info *fields_expert(const expert_field *expert);

/* The severity (PI_...) of a finding; a user can change it. */
int fields_severity(enum check check);

#endif
