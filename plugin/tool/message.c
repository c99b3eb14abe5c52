/* See message.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "message.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const messages[] = {
#define MESSAGE(id, text) text,
#include "messages.def"
#undef MESSAGE
};

const char *message(enum message id)
{
    return messages[id];
}

void say(enum message id, ...)
{
    char line[4200]; /* a path of PATH_MAX, and what is said of it */
    va_list arguments;
    va_start(arguments, id);
    vsnprintf(line, sizeof line, messages[id], arguments);
    va_end(arguments);
    for (char *c = line; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    fprintf(stderr, messages[MESSAGE_SAYS], line);
}
