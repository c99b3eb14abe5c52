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

/* Text as it grows; what no longer fits is only counted. */
struct text {
    char *at;
    size_t room, size;
};

static void append(struct text *to, const char *from, size_t length)
{
    if (to->size + length < to->room)
        memcpy(to->at + to->size, from, length);
    to->size += length;
}

/* Does `name` stand at `at`, in braces? */
static bool stands_at(const char *at, const char *name)
{
    while (*name && *at == *name) {
        at++;
        name++;
    }
    return !*name && *at == '}';
}

/* Append what the name at `at` stands for; false: nobody gives it. */
static bool append_value(struct text *to, const char *at, va_list pairs)
{
    va_list rest;
    va_copy(rest, pairs);
    bool found = false;
    for (const char *name; !found && (name = va_arg(rest, const char *)) != NULL;) {
        const char *value = va_arg(rest, const char *);
        found = stands_at(at, name);
        if (found)
            append(to, value, strlen(value));
    }
    va_end(rest);
    return found;
}

static void expand(struct text *to, const char *text, va_list pairs)
{
    for (const char *p = text; *p;) {
        const char *brace = strchr(p, '{');
        append(to, p, brace ? (size_t)(brace - p) : strlen(p));
        if (!brace)
            break;
        const bool known = append_value(to, brace + 1, pairs);
        if (!known)
            append(to, brace, 1);
        p = known ? strchr(brace, '}') + 1 : brace + 1;
    }
}

static char *fill(wmem_allocator_t *scope, const char *text, va_list pairs)
{
    char room[512]; /* for nearly all */
    struct text out = {room, sizeof room, 0};
    expand(&out, text, pairs);
    char *result = wmem_alloc(scope, out.size + 1);
    if (out.size < sizeof room) {
        memcpy(result, room, out.size);
    } else {
        out = (struct text){result, out.size + 1, 0};
        expand(&out, text, pairs);
    }
    result[out.size] = '\0';
    return result;
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
