/* Wireshark's menus: Tools > TCP State, and Conversation Filter > TCP State.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark offers plugins a dialog of text fields and a window of text (epan/funnel.h), and that
 * is all that is used: a dialog asks for a file, all packets are tapped again, a window says what
 * was done. tshark has no menus and calls none of this. */
#include "compat.h"

#include "annotate.h"
#include "command.h"
#include "diagram_command.h"
#include "gui.h"
#include "paper.h"
#include "parts.h"
#include "records.h"
#include "sentences.h"

#include <cfile.h>
#include <epan/conversation_filter.h>
#include <epan/plugin_if.h>

enum { LAYERS_MAX = 64 }; /* more than frames have in practice */

/* The connection of the first TCP segment in a frame, or -1. */
static int64_t connection_in(uint32_t frame)
{
    struct recorded recorded;
    for (uint16_t layer = 0; layer < LAYERS_MAX; layer++)
        if (records_read(frame, layer, &recorded))
            return recorded.verdict.connection;
    return -1;
}

static char *filter_of(int64_t connection)
{
    return g_strdup_printf("tcpstate.connection == %d", (int)connection);
}

static compat_filter_answer has_connection(COMPAT_FILTER_PACKET)
{
    return connection_in(pinfo->num) >= 0;
}

static char *connection_filter(COMPAT_FILTER_PACKET)
{
    return filter_of(connection_in(pinfo->num));
}

static void say(const char *text)
{
    const funnel_ops_t *gui = gui_ops();
    char *line = g_strconcat(text, "\n", NULL);
    gui->set_text(gui->new_text_window(gui->ops_id, phrase(PHRASE_SAID_TITLE)), line);
    g_free(line);
}

static void *name_of(capture_file *file, void *unused _U_)
{
    return file ? g_strdup(file->filename) : NULL;
}

static void *number_of(frame_data *frame, void *number)
{
    *(uint32_t *)number = frame ? frame->num : 0;
    return number;
}

/* FILE-annotated.pcapng for FILE.pcap and the like; NULL where no capture is open. */
static char *suggest(const char *ending)
{
    char *name = plugin_if_get_capture_file(name_of, NULL);
    if (!name)
        return NULL;
    char *base = strrchr(name, G_DIR_SEPARATOR), *dot = strchr(base ? base : name, '.');
    if (dot)
        *dot = '\0';
    char *suggestion = g_strconcat(name, ending, NULL);
    g_free(name);
    return suggestion;
}

static void say_and_free(GString *text)
{
    say(text->str);
    g_string_free(text, TRUE);
}

static bool may_write(const char *file, const char *replace)
{
    if (!*file) {
        say(phrase(PHRASE_SAID_NO_FILE));
        return false;
    }
    if (!g_file_test(file, G_FILE_TEST_EXISTS) || g_ascii_strcasecmp(replace, "yes") == 0)
        return true;
    GString *text = g_string_new(NULL);
    say_said_exists(PAPER(text), file);
    say_and_free(text);
    return false;
}

static void tell_outcome(bool written, char *message)
{
    GString *text = g_string_new(NULL);
    (written ? say_said_wrote : say_said_nothing)(PAPER(text), message);
    say_and_free(text);
    g_free(message);
}

static void retap(void)
{
    const funnel_ops_t *gui = gui_ops();
    gui->retap_packets(gui->ops_id);
}

/* `answers`: file, replace. */
static void save_annotated(char **answers, void *unused _U_)
{
    if (may_write(answers[0], answers[1])) {
        char *message = NULL;
        struct annotation *a = annotate_begin(answers[0], &message);
        if (a)
            retap();
        const bool written = a && annotate_end(a, &message);
        tell_outcome(written, message);
    }
    g_strfreev(answers);
}

static bool is_number(const char *text)
{
    if (command_number(text) >= 0)
        return true;
    GString *said = g_string_new(NULL);
    say_said_no_number(PAPER(said), text);
    say_and_free(said);
    return false;
}

/* `answers`: file, replace, connection. */
static void save_diagram(char **answers, void *unused _U_)
{
    const bool is_first = !*answers[2];
    if ((is_first || is_number(answers[2])) && may_write(answers[0], answers[1])) {
        char *message = NULL;
        const int64_t number = command_number(answers[2]);
        struct diagram *d = diagram_begin(answers[0], number, &message);
        if (d)
            retap();
        const bool written = d && diagram_end(d, &message);
        tell_outcome(written, message);
    }
    g_strfreev(answers);
}

/* Ask for a file, and what else there is to ask. */
static void ask(const char *title, const char *ending, const char *connection,
                funnel_dlg_cb_t answer)
{
    const funnel_ops_t *gui = gui_ops();
    if (!gui)
        return;
    char *file = suggest(ending);
    const char *names[] = {phrase(PHRASE_ASK_FILE), phrase(PHRASE_ASK_REPLACE),
                           connection ? phrase(PHRASE_ASK_CONNECTION) : NULL, NULL};
    const char *values[] = {file, "no", connection, NULL};
    if (file)
        gui->new_dialog(gui->ops_id, title, names, values, answer, NULL, NULL);
    else
        say(phrase(PHRASE_ASK_WITHOUT_CAPTURE));
    g_free(file);
}

static void ask_annotated(void *unused _U_)
{
    ask(phrase(PHRASE_ASK_ANNOTATE), "-annotated.pcapng", NULL, save_annotated);
}

/* The number of the connection whose packet is selected, or an empty text. To be freed. */
static char *selected_connection(void)
{
    uint32_t frame = 0;
    plugin_if_get_frame_data(number_of, &frame);
    const int64_t connection = frame ? connection_in(frame) : -1;
    return connection < 0 ? g_strdup("") : g_strdup_printf("%d", (int)connection);
}

static void ask_diagram(void *unused _U_)
{
    char *text = selected_connection();
    ask(phrase(PHRASE_ASK_DIAGRAM), "-states.svg", text, save_diagram);
    g_free(text);
}

/* `answers`: connection. Wireshark's own table of statistics leads from no row to its packets. */
static void show_connection(char **answers, void *unused _U_)
{
    if (is_number(answers[0])) {
        char *filter = filter_of(command_number(answers[0]));
        plugin_if_apply_filter(filter, true);
        g_free(filter);
    }
    g_strfreev(answers);
}

static void ask_connection(void *unused _U_)
{
    const funnel_ops_t *gui = gui_ops();
    if (!gui)
        return;
    char *number = selected_connection();
    const char *names[] = {phrase(PHRASE_ASK_SHOWN), NULL}, *values[] = {number, NULL};
    gui->new_dialog(gui->ops_id, phrase(PHRASE_ASK_SHOW), names, values, show_connection, NULL,
                    NULL);
    g_free(number);
}

void menus_register(void)
{
    funnel_register_menu(phrase(PHRASE_MENU_ANNOTATE), REGISTER_TOOLS_GROUP_UNSORTED, ask_annotated,
                         NULL, NULL, false);
    funnel_register_menu(phrase(PHRASE_MENU_DIAGRAM), REGISTER_TOOLS_GROUP_UNSORTED, ask_diagram,
                         NULL, NULL, false);
    funnel_register_menu(phrase(PHRASE_MENU_SHOW), REGISTER_TOOLS_GROUP_UNSORTED, ask_connection,
                         NULL, NULL, false);
    register_conversation_filter("tcpstate", "TCP State", has_connection,
                                 connection_filter COMPAT_FILTER_DATA);
}
