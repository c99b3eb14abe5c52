/* See options.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "options.h"

#include "input.h"
#include "message.h"
#include "posix.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command commands[] = {
    {.name = "list", .view = view_list, .begin_live = live_begin_list},
    {.name = "ladder", .view = view_ladder},
    {.name = "story", .begin = passing_begin_stories, .begin_live = live_begin_stories},
    {.name = "connections", .begin = passing_begin_connections},
    {.name = "diagram", .view = view_diagram},
    {.name = "summary", .view = view_summary},
    {.name = "annotate", .is_copy = true},
};

static const struct command *command_named(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    DIE(WRONG_USAGE, MESSAGE_UNKNOWN_COMMAND, name);
}

static int64_t number_of(const char *text, enum message wrong, const char *argument)
{
    char *end;
    const unsigned long long number = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || number > UINT32_MAX)
        DIE(WRONG_USAGE, wrong, argument);
    return (int64_t)number;
}

static const char *after(const char *text, const char *beginning)
{
    const size_t length = strlen(beginning);
    return strncmp(text, beginning, length) == 0 ? text + length : NULL;
}

static void set_preference(struct rules *rules, const char *preference)
{
    const char *seconds = after(preference, "tcpstate.two_msl:"),
               *truth = after(preference, "tcpstate.rfc5961:");
    const bool is_true = truth && strcmp(truth, "TRUE") == 0;
    if (seconds)
        rules->two_msl = number_of(seconds, MESSAGE_NO_PREFERENCE, preference) * 1000000000;
    else if (is_true || (truth && strcmp(truth, "FALSE") == 0))
        rules->rfc5961 = is_true;
    else
        DIE(WRONG_USAGE, MESSAGE_NO_PREFERENCE, preference);
}

static bool is_colored(const char *when)
{
    const char *terminal = getenv("TERM"), *refused = getenv("NO_COLOR");
    if (strcmp(when, "auto") == 0)
        return isatty(STDOUT_FILENO) && !(refused && *refused) && terminal &&
               strcmp(terminal, "dumb") != 0;
    if (strcmp(when, "always") != 0 && strcmp(when, "never") != 0)
        DIE(WRONG_USAGE, MESSAGE_NO_COLOR, when);
    return strcmp(when, "always") == 0;
}

enum { WHY = 256, EXACT, CONNECTION, CAPTURE, LIVE, HINDSIGHT, COLOR, VERSION };
static const struct option long_options[] = {{"why", no_argument, NULL, WHY},
                                             {"exact", no_argument, NULL, EXACT},
                                             {"connection", required_argument, NULL, CONNECTION},
                                             {"capture", required_argument, NULL, CAPTURE},
                                             {"live", no_argument, NULL, LIVE},
                                             {"hindsight", no_argument, NULL, HINDSIGHT},
                                             {"color", required_argument, NULL, COLOR},
                                             {"version", no_argument, NULL, VERSION},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

_Noreturn static void answer(const char *text)
{
    exit(puts(text) < 0 || fflush(stdout) != 0 ? CANNOT_DO : WELL);
}

static void take(struct options *o, int option, const char **color)
{
    struct look *look = &o->look;
    look->why |= option == WHY;
    look->exact |= option == EXACT;
    if (option == CONNECTION)
        look->wanted = number_of(optarg, MESSAGE_NO_NUMBER, optarg);
    else if (option == CAPTURE)
        look->capture = optarg;
    else if (option == LIVE || option == HINDSIGHT)
        o->reading = option == LIVE ? READING_LIVE : READING_HINDSIGHT;
    else if (option == COLOR)
        *color = optarg;
    else if (option == 'o')
        set_preference(&o->rules, optarg);
    else if (option == VERSION)
        answer(message(MESSAGE_VERSION));
    else if (option == 'h')
        answer(message(MESSAGE_HELP));
    else if (option == '?') /* getopt() has said why */
        exit(WRONG_USAGE);
}

struct options options_read(int argc, char **argv)
{
    struct options o = {.look = {.wanted = -1},
                        .rules = {.two_msl = INT64_C(60) * 1000000000, .rfc5961 = true}};
    const char *color = "auto";
    for (int option; (option = getopt_long(argc, argv, "ho:", long_options, NULL)) != -1;)
        take(&o, option, &color);
    if (optind == argc)
        DIE(WRONG_USAGE, MESSAGE_NO_COMMAND);
    o.command = command_named(argv[optind]);
    o.captures = argv + optind + 1;
    o.look.color = is_colored(color);
    o.look.width = terminal_width(STDOUT_FILENO);
    if (!*o.captures)
        DIE(WRONG_USAGE, MESSAGE_NO_CAPTURE, o.command->name);
    if (o.command->is_copy && (o.captures[1] || input_is_pipe(*o.captures)))
        DIE(WRONG_USAGE, MESSAGE_ONE_FILE, o.command->name);
    if (o.command->is_copy && isatty(STDOUT_FILENO))
        DIE(WRONG_USAGE, MESSAGE_NOT_FOR_TERMINAL, o.command->name);
    if (o.reading == READING_LIVE && !o.command->begin_live)
        DIE(WRONG_USAGE, MESSAGE_NOT_FOR_COMMAND, "--live", o.command->name);
    return o;
}
