/* See command.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "command.h"

#include "compat.h"
#include "gui.h"
#include "phrases.h"

static char *printable(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p;) {
        const gunichar c = g_utf8_get_char_validated(p, -1);
        const bool is_character = c <= 0x10ffff;
        if (is_character && !g_unichar_iscntrl(c))
            g_string_append_unichar(out, c);
        else
            g_string_append_c(out, '?');
        p = is_character ? g_utf8_next_char(p) : p + 1;
    }
    return g_string_free(out, FALSE);
}

void command_say(const char *command, const char *what)
{
    char *line = phrase_say(NULL, PHRASE_COMMAND_SAYS, "command", command, "what", what, NULL),
         *text = printable(line);
    fprintf(stderr, "%s\n", text);
    g_free(text);
    wmem_free(NULL, line);
}

void command_fail(const char *command, const char *why)
{
    command_say(command, why);
    exit(1);
}

const char *command_file(const char *command, const char *argument, const char *usage)
{
    const char *file = argument + strlen(command);
    if (gui_ops())
        command_fail(command, phrase(PHRASE_COMMAND_IN_GUI));
    if (file[0] != ',' || !file[1] || file[1] == ',')
        command_fail(command, usage);
    return file + 1;
}

int64_t command_number(const char *text)
{
    char *end;
    const uint64_t number = g_ascii_strtoull(text, &end, 10);
    return g_ascii_isdigit(*text) && !*end && number <= UINT32_MAX ? (int64_t)number : -1;
}
