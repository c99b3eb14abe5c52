/* The list (tell/list.h) as segments come: live in one pass, in hindsight in the second.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "accounts.h"
#include "command.h"
#include "list.h"
#include "paper.h"
#include "parts.h"
#include "posix.h"
#include "prefs.h"
#include "sentences.h"

static const char command[] = "tcpstate,list";

/* The listener. Lives as long as the program, or until tshark has printed it. */
struct listing {
    struct list list;
    struct sink sink;
};

static tap_packet_status packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                const void *tapped, tap_flags_t flags _U_)
{
    struct list *list = &((struct listing *)data)->list;
    const struct account account = account_of(tapped);
    if (!list->lines)
        list->exact = !preferences_stock_bool("relative_sequence_numbers");
    list_add(list, &account);
    command_check_output(command, !ferror(stdout));
    return TAP_PACKET_REDRAW;
}

static void end(struct list *list)
{
    list_end(list);
    command_check_output(command, fflush(stdout) == 0);
}

/* Another file begins. */
static void reset(void *data)
{
    struct list *list = &((struct listing *)data)->list;
    const struct list before = *list;
    end(list);
    *list = (struct list){.to = before.to,
                          .memories = before.memories,
                          .wanted = before.wanted,
                          .width = before.width,
                          .color = before.color,
                          .why = before.why,
                          .erases = before.erases};
    accounts_forget(&list->memories);
}

static void draw(void *data)
{
    struct list *list = &((struct listing *)data)->list;
    end(list);
    if (!list->lines)
        command_say(command, phrase(PHRASE_LIST_NOTHING));
}

static void finish(void *data)
{
    struct listing *listing = data;
    accounts_free(&listing->list.memories);
    g_free(listing);
}

/* One of the words after the command; false: it is a filter, and so is all that follows. */
static bool take_word(struct list *list, const char *text)
{
    const struct {
        const char *word;
        bool *switch_on;
    } switches[] = {{"why", &list->why}, {"color", &list->color}, {"erase", &list->erases}};
    for (unsigned i = 0; i < array_length(switches); i++)
        if (strcmp(text, switches[i].word) == 0)
            return *switches[i].switch_on = true;
    if (list->wanted >= 0 || command_number(text) < 0)
        return false;
    list->wanted = command_number(text);
    return true;
}

/* Where the filter begins; NULL: there is none. */
static const char *take_words(struct list *list, const char *words)
{
    while (*words == ',') {
        char *text = g_strndup(words + 1, strcspn(words + 1, ","));
        const bool taken = take_word(list, text);
        g_free(text);
        if (!taken)
            return words + 1;
        words += 1 + strcspn(words + 1, ",");
    }
    return *words ? words : NULL;
}

/* A word that is neither ours nor a field: a filter of one word has to be one. */
static bool is_nonsense(const char *filter)
{
    const size_t word = strspn(filter, "abcdefghijklmnopqrstuvwxyz_-0123456789,");
    return !filter[word] && !proto_registrar_get_byname(filter);
}

/* `argument` is all of `tcpstate,list...`. */
static compat_started start(const char *argument, void *userdata _U_)
{
    struct listing *listing = g_new0(struct listing, 1);
    command_print_at_once_to_pipes();
    listing->sink = *PRINTER(stdout);
    listing->list.to = &listing->sink;
    listing->list.wanted = -1;
    listing->list.width = terminal_width(STDOUT_FILENO);
    listing->list.memories = accounts_memories(sizeof(struct list_connection));
    const char *filter = take_words(&listing->list, argument + strlen(command));
    if (filter && is_nonsense(filter))
        command_fail(command, phrase(PHRASE_LIST_USAGE));
    command_listen(command, listing, filter, reset, packet, draw, finish);
    COMPAT_RETURN_STARTED;
}

void list_register(void)
{
    static stat_tap_ui ui;
    command_register(&ui, command, start);
}
