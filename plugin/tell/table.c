/* See table.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "table.h"

#include "delivered.h"
#include "words.h"

static wording who_is_confirmed(const struct verdict *v)
{
    static const wording names[2][2] = {{"neither", "server"}, {"client", "both"}};
    return names[!words_is_assumed(&v->end[v->client])][!words_is_assumed(&v->end[!v->client])];
}

/* Where it is by the end of the file. */
static void write_state(const struct sink *to, const struct verdict *v, unsigned end,
                        const struct ending *ending)
{
    const unsigned state = ending_state(v, end, ending);
    SAY(to, state_text(state)->name, state != v->end[end].state ? "?" : words_mark(&v->end[end]));
}

/* Sentences with spaces between them. */
struct meaning {
    const struct sink *to;
    bool is_begun;
};

static void write_sentence(void *context, wording sentence)
{
    struct meaning *meaning = context;
    SAY(meaning->to, meaning->is_begun ? " " : NULL, sentence);
    meaning->is_begun = true;
}

void table_write(const struct sink *to, enum table_column column, const struct account *a,
                 const struct ending *ending)
{
    const struct verdict *v = a->verdict;
    struct meaning meaning = {.to = to};
    if (column == TABLE_CLIENT)
        account_socket(a, v->client, to);
    else if (column == TABLE_SERVER)
        account_socket(a, !v->client, to);
    else if (column == TABLE_CLIENT_STATE)
        write_state(to, v, v->client, ending);
    else if (column == TABLE_SERVER_STATE)
        write_state(to, v, !v->client, ending);
    else if (column == TABLE_CONFIRMED)
        sink_word(to, who_is_confirmed(v));
    else if (column == TABLE_CLOSED_BY)
        sink_word(to, delivered_closer(delivered_closed_by(v, &ending->outcome)));
    else if (column == TABLE_MEANING)
        ending_tell(v, ending, write_sentence, &meaning);
}
