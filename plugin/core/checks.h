/* The findings: names, severities and texts of checks.def, and the set of them.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_CHECKS_H
#define TCPSTATE_CHECKS_H

#include <stdbool.h>
#include <stdint.h>

/* How serious a finding is; Wireshark's own scale. */
enum severity { SEV_CHAT, SEV_NOTE, SEV_WARN, SEV_ERROR };

/* What a finding is about; Wireshark's own groups. */
enum group { GRP_SEQUENCE, GRP_PROTOCOL, GRP_ASSUMPTION, GRP_SECURITY };

enum check {
#define CHECK(id, when, on, severity, group, class, cite, text) CHECK_##id,
#include "tables/checks.def"
#undef CHECK
    CHECK_COUNT
};

/* The findings that are said once and counted (`lasting.def`). */
enum lasting {
#define LASTING(check, what) LASTING_##check,
#include "tables/lasting.def"
#undef LASTING
    LASTING_COUNT
};

/* How often each was found in what one end has sent. They stop at 65,535. */
struct tally {
    uint16_t times[LASTING_COUNT];
};

/* A set of findings, one bit each. */
typedef struct {
    uint64_t bits[2];
} check_set;

static inline bool checks_has(const check_set *set, unsigned check)
{
    return (set->bits[check / 64] >> (check % 64)) & 1;
}

static inline bool checks_any(const check_set *set)
{
    return (set->bits[0] | set->bits[1]) != 0;
}

static inline unsigned checks_count(const check_set *set)
{
    unsigned count = 0;
    for (unsigned i = 0; i < 2; i++)
        for (uint64_t left = set->bits[i]; left; left &= left - 1)
            count++;
    return count;
}

struct check_text {
    const char *name; /* also the filter: tcpstate.NAME */
    uint8_t severity, group, class;
    const char *cite; /* "RFC 9293 3.6": document and section */
    const char *text; /* one sentence, subject "the sender" */
};

/* What `check` counts (enum lasting), or -1; and the word for it. */
int check_lasting(unsigned check, const char **what);

/* The row of `check`, never NULL. */
const struct check_text *check_text(unsigned check);

/* The findings of a set, the severest first and otherwise as the table has them, in `order`, which
 * has room for CHECK_COUNT. Returns how many they are. */
unsigned checks_by_severity(const check_set *set, uint8_t *order);

#endif
