/* See wrap.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "wrap.h"

#include <stdbool.h>
#include <string.h>

static bool ends_with(const char *begin, const char *end, const char *what)
{
    const size_t length = strlen(what);
    return (size_t)(end - begin) >= length && memcmp(end - length, what, length) == 0;
}

static bool begins_with(const char *text, const char *what)
{
    return strlen(text) >= strlen(what) && memcmp(text, what, strlen(what)) == 0;
}

/* The end of the next word. */
static const char *word_end(const char *space)
{
    return space + 1 + strcspn(space + 1, " ");
}

/* Where the piece ends that begins here: a word, or "(RFC 9293 3.10.7.4 step 5)". */
static const char *piece_end(const char *text)
{
    const char *end = text + strcspn(text, " ");
    if (!*end || !ends_with(text, end, "RFC"))
        return end;
    const char *digits_end = end + 1 + strspn(end + 1, "0123456789");
    end = word_end(digits_end > end + 1 && *digits_end == ' ' ? digits_end : end);
    const char *next = *end ? word_end(end) : end;
    return *next && begins_with(end + 1, "step") ? word_end(next) : end;
}

wording wrap_line(const struct sink *to, wording text, unsigned indent, unsigned width)
{
    unsigned column = indent;
    sink_spaces(to, (long)indent);
    do {
        const char *end = piece_end(text);
        const unsigned length = (unsigned)(end - text);
        if (column > indent && column + 1 + length > width)
            break;
        if (column > 0)
            sink_word(to, " ");
        to->write(to->context, text, length);
        column += length + (column > 0);
        text = end + strspn(end, " ");
    } while (*text);
    return text;
}
