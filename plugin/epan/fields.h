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

enum subtree { ETT_PROTOCOL, ETT_END, ETT_COUNT };

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

/* The severity (PI_...) of a finding; a user can change it. */
int fields_severity(enum check check);

#endif
