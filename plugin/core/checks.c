/* See checks.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "checks.h"

#include "verdict.h"

static const struct check_text check_texts[CHECK_COUNT] = {
#define CHECK(id, when, on, severity, group, class, cite, text)                                    \
    [CHECK_##id] = {#id, severity, group, class, cite, text},
#include "tables/checks.def"
#undef CHECK
};

const struct check_text *check_text(unsigned check)
{
    return &check_texts[check < CHECK_COUNT ? check : CHECK_illegal_transition];
}

unsigned checks_by_severity(const check_set *set, uint8_t *order)
{
    unsigned count = 0;
    for (int severity = SEV_ERROR; checks_any(set) && severity >= SEV_CHAT; severity--)
        for (unsigned i = 0; i < CHECK_COUNT; i++)
            if (checks_has(set, i) && check_texts[i].severity == severity)
                order[count++] = (uint8_t)i;
    return count;
}

static const struct {
    uint8_t check, counts;
} lasting[] = {
#define LASTING(check, what) {CHECK_##check, LASTING_##check},
#define LIKEWISE(check, of) {CHECK_##check, LASTING_##of},
#include "tables/lasting.def"
#undef LASTING
};

int check_lasting(unsigned check, const char **what)
{
    static const char *const words[LASTING_COUNT] = {
#define LASTING(check, what) [LASTING_##check] = what,
#include "tables/lasting.def"
#undef LASTING
    };
    for (unsigned i = 0; i < sizeof lasting / sizeof *lasting; i++)
        if (lasting[i].check == check) {
            *what = words[lasting[i].counts];
            return lasting[i].counts;
        }
    return -1;
}
