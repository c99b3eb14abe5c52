/* See sink.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink.h"

#include <string.h>

void sink_word(const struct sink *to, wording text)
{
    if (text && *text)
        to->write(to->context, text, strlen(text));
}

void sink_capital(const struct sink *to, wording text)
{
    const char first = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
    if (!first)
        return;
    to->write(to->context, &first, 1);
    sink_word(to, text + 1);
}

void sink_words(const struct sink *to, const wording *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sink_word(to, words[i]);
}

void sink_spaces(const struct sink *to, long count)
{
    static const char spaces[] = "                                ";
    for (const long most = sizeof spaces - 1; count > 0; count -= most)
        to->write(to->context, spaces, (size_t)(count < most ? count : most));
}

static void write_to_draft(void *context, const char *text, size_t length)
{
    struct draft *draft = context;
    const size_t room = sizeof draft->text - 1 - draft->length,
                 fits = length < room ? length : room;
    memcpy(draft->text + draft->length, text, fits);
    draft->length += fits;
    draft->text[draft->length] = '\0';
}

const struct sink *draft_begin(struct draft *draft)
{
    draft->sink = (struct sink){write_to_draft, draft};
    draft->length = 0;
    draft->text[0] = '\0';
    return &draft->sink;
}

void draft_copy(const struct draft *draft, char *to, size_t room)
{
    const size_t length = draft->length < room - 1 ? draft->length : room - 1;
    memcpy(to, draft->text, length);
    to[length] = '\0';
}
