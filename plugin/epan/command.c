/* See command.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "command.h"

#include "compat.h"
#include "gui.h"
#include "phrases.h"

void command_fail(const char *command, const char *why)
{
    fprintf(stderr, "%s\n",
            phrase_say(NULL, PHRASE_COMMAND_FAILED, "command", command, "why", why, NULL));
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
