/* The words that stories are told in, as a JSON object of lists: the enumerations of
 * plugin/story.schema.json, from the tables that they stand in.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "causes.h"
#include "delivered.h"
#include "json.h"
#include "retransmission.h"
#include "words.h"

#include <stdio.h>

static const char *const whys[] = {
#define WHY(id, word) word,
#include "story.def"
};
static const char *const severities[] = {
#define SEVERITY(id, word) word,
#include "story.def"
};

static wording why(unsigned i)
{
    return whys[i];
}

static wording severity(unsigned i)
{
    return severities[i];
}

static wording state(unsigned i)
{
    return state_text(i)->name;
}

static wording check(unsigned i)
{
    return check_text(i)->name;
}

static wording closer(unsigned i)
{
    return delivered_closer(i);
}

static wording retry(unsigned i)
{
    return retransmission_what(i);
}

static wording role(unsigned i)
{
    return words_role_name(i);
}

static wording roles(unsigned i)
{
    const struct verdict v = {.roles = (uint8_t)i};
    return words_roles_known_by(&v);
}

static void print(void *file, const char *text, size_t length)
{
    fwrite(text, 1, length, file);
}

int main(void)
{
    static const struct {
        wording name;
        wording (*word)(unsigned);
        unsigned first, end;
    } lists[] = {
        {"cause", causes_name, 0, CAUSE_COUNT},
        {"check", check, 0, CHECK_COUNT},
        {"closer", closer, 0, CLOSED_BY_BOTH + 1},
        {"fate", words_fate_name, FATE_NONE + 1, FATE_COUNT},
        {"resend", causes_resend_name, RESEND_nothing + 1, RESEND_COUNT},
        {"retry", retry, RETRY_NOTHING + 1, RETRY_COUNT},
        {"role", role, 0, ROLE_COUNT},
        {"roles", roles, 0, ROLES_SYN + 1},
        {"severity", severity, 0, sizeof severities / sizeof *severities},
        {"signal", words_signal, 0, SIGNAL_COUNT},
        {"state", state, 0, STATE_COUNT},
        {"verdict", words_verdict, 0, VERDICT_ILLEGAL + 1},
        {"why", why, 0, sizeof whys / sizeof *whys},
    };
    const struct sink to = {print, stdout};
    struct json json = {.to = &to};
    json_open(&json, NULL, "{");
    for (unsigned i = 0; i < sizeof lists / sizeof *lists; i++) {
        json_open(&json, lists[i].name, "[");
        for (unsigned n = lists[i].first; n < lists[i].end; n++)
            if (n == lists[i].first || lists[i].word(n) != lists[i].word(n - 1))
                json_text(&json, NULL, lists[i].word(n));
        json_close(&json, "]");
    }
    json_close(&json, "}\n");
    json_flush(&json);
    return 0;
}
