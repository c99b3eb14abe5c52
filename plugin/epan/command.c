/* See command.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "command.h"

#include "gui.h"
#include "paper.h"
#include "sentences.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

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
    GString *line = g_string_new(NULL);
    say_command_says(PAPER(line), command, what);
    char *text = printable(line->str);
    fprintf(stderr, "%s\n", text);
    g_free(text);
    g_string_free(line, TRUE);
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

void command_register(stat_tap_ui *ui, const char *command, command_start *start)
{
    *ui = (stat_tap_ui){
        .group = REGISTER_STAT_GROUP_GENERIC, .cli_string = command, .tap_init_cb = start};
    register_stat_tap_ui(ui, NULL);
}

void command_listen(const char *command, void *listener, const char *filter, tap_reset_cb reset,
                    tap_packet_cb packet, tap_draw_cb draw, tap_finish_cb finish)
{
    GString *error = register_tap_listener("tcpstate", listener, filter, TL_REQUIRES_NOTHING, reset,
                                           packet, draw, finish);
    if (error)
        command_fail(command, error->str);
}

int64_t command_number(const char *text)
{
    char *end;
    const uint64_t number = g_ascii_strtoull(text, &end, 10);
    return g_ascii_isdigit(*text) && !*end && number <= UINT32_MAX ? (int64_t)number : -1;
}

void command_print_at_once_to_pipes(void)
{
    struct stat is;
    if (fstat(STDOUT_FILENO, &is) == 0 && S_ISFIFO(is.st_mode))
        setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}

void command_check_output(const char *command, bool is_well)
{
    const int why = errno;
    if (is_well)
        return;
    GString *text = g_string_new(NULL);
    SAY(PAPER(text), phrase(PHRASE_OUT_STANDARD), ": ", g_strerror(why));
    command_fail(command, text->str);
}
