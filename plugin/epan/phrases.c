/* See phrases.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "phrases.h"

#include <stdarg.h>

static const char *const phrases[PHRASE_COUNT] = {
#define PHRASE(id, text) [PHRASE_##id] = text,
#include "phrases.def"
#undef PHRASE
};

const char *phrase(enum phrase id)
{
    return phrases[id];
}

/* The text of the name at `at`, which is `length` long; NULL: it is not given. */
static const char *find(const char *at, size_t length, va_list pairs)
{
    va_list rest;
    va_copy(rest, pairs);
    const char *found = NULL;
    for (const char *name; !found && (name = va_arg(rest, const char *)) != NULL;) {
        const char *value = va_arg(rest, const char *);
        if (strlen(name) == length && strncmp(name, at, length) == 0)
            found = value;
    }
    va_end(rest);
    return found;
}

static char *fill(wmem_allocator_t *scope, const char *text, va_list pairs)
{
    wmem_strbuf_t *out = wmem_strbuf_new(scope, "");
    for (const char *p = text; *p;) {
        const size_t plain = strcspn(p, "{"), length = p[plain] ? strcspn(p + plain + 1, "}") : 0;
        const char *value = length ? find(p + plain + 1, length, pairs) : NULL;
        wmem_strbuf_append_len(out, p, plain);
        p += plain;
        if (value)
            wmem_strbuf_append(out, value);
        else if (*p)
            wmem_strbuf_append_len(out, p, length + 2);
        p += *p ? length + 2 : 0;
    }
    return wmem_strbuf_finalize(out);
}

char *phrase_say(wmem_allocator_t *scope, enum phrase id, ...)
{
    va_list pairs;
    va_start(pairs, id);
    char *text = fill(scope, phrases[id], pairs);
    va_end(pairs);
    return text;
}

char *phrase_fill(wmem_allocator_t *scope, const char *text, ...)
{
    va_list pairs;
    va_start(pairs, text);
    char *filled = fill(scope, text, pairs);
    va_end(pairs);
    return filled;
}
