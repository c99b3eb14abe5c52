/* Stories (tell/story.h) as connections end: live in one pass, in hindsight in the second.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "accounts.h"
#include "command.h"
#include "parts.h"
#include "pending.h"
#include "prefs.h"
#include "sentences.h"
#include "story.h"

static const char command[] = "tcpstate,story";

/* The listener. Lives as long as the program, or until tshark has printed it. */
struct telling {
    struct stories stories;
    struct sink sink;
    char line[8192]; /* that is being made, as far as it is not printed */
    size_t length;
    GHashTable *shelf; /* the stories that are not told yet, by number of connection */
};

static struct story *find(void *shelf, uint32_t connection)
{
    return g_hash_table_lookup(shelf, GUINT_TO_POINTER(connection));
}

static struct story *make(void *shelf, uint32_t connection)
{
    struct story *story = g_new0(struct story, 1);
    g_hash_table_insert(shelf, GUINT_TO_POINTER(connection), story);
    return story;
}

static void drop(void *shelf, uint32_t connection)
{
    g_hash_table_remove(shelf, GUINT_TO_POINTER(connection));
}

static void outcome(void *shelf _U_, uint32_t connection, struct outcome *o)
{
    observe_outcome(connection, o);
}

static void print(struct telling *telling)
{
    fwrite(telling->line, 1, telling->length, stdout);
    telling->length = 0;
    command_check_output(command, !ferror(stdout));
}

/* A story is many small pieces: they are printed a line at a time. */
static void write_piece(void *data, const char *text, size_t length)
{
    struct telling *telling = data;
    while (length) {
        const size_t fits = MIN(length, sizeof telling->line - telling->length);
        memcpy(telling->line + telling->length, text, fits);
        telling->length += fits;
        text += fits;
        length -= fits;
        if (text[-1] == '\n' || telling->length == sizeof telling->line)
            print(telling);
    }
}

static tap_packet_status packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                const void *tapped, tap_flags_t flags _U_)
{
    struct stories *stories = &((struct telling *)data)->stories;
    const struct tcpstate_tap_info *info = tapped;
    const struct account account = account_of(info);
    const struct verdict *v = account.verdict;
    struct ending ending;
    const bool is_last =
        info->recorded.hindsight && observe_ending(&info->recorded, info->segment.time, &ending);
    const uint32_t before = v->opens ? records_before(v->connection) : 0;
    stories->two_msl = preferences_two_msl();
    if (before)
        story_taken_over(stories, before - 1, &account);
    story_add(stories, &account, is_last ? &ending : NULL);
    return TAP_PACKET_REDRAW;
}

static void end(struct stories *stories)
{
    story_end(stories);
    command_check_output(command, fflush(stdout) == 0);
}

/* Another file begins. */
static void reset(void *data)
{
    struct stories *stories = &((struct telling *)data)->stories;
    end(stories);
    *stories = (struct stories){.to = stories->to,
                                .host = stories->host,
                                .capture = stories->capture,
                                .wanted = stories->wanted};
}

static void draw(void *data)
{
    struct stories *stories = &((struct telling *)data)->stories;
    end(stories);
    if (!stories->told)
        command_say(command, phrase(PHRASE_LIST_NOTHING));
}

static void finish(void *data)
{
    struct telling *telling = data;
    g_hash_table_destroy(telling->shelf);
    g_free((char *)telling->stories.capture);
    g_free(telling);
}

/* All of `[,N][,capture=NAME]`; false: it is something else. A name may have commas in it. */
static bool take_words(struct stories *stories, const char *words)
{
    static const char name[] = ",capture=";
    const char *end = words;
    if (*words == ',' && g_ascii_isdigit(words[1])) {
        char *number = g_strndup(words + 1, strcspn(words + 1, ","));
        end += 1 + strlen(number);
        stories->wanted = command_number(number);
        g_free(number);
        if (stories->wanted < 0)
            return false;
    }
    if (g_str_has_prefix(end, name))
        stories->capture = g_strdup(end + strlen(name));
    return stories->capture || !*end;
}

/* `argument` is all of `tcpstate,story...`. */
static compat_started start(const char *argument, void *userdata _U_)
{
    struct telling *telling = g_new0(struct telling, 1);
    struct stories *stories = &telling->stories;
    stories->wanted = -1;
    if (!take_words(stories, argument + strlen(command)))
        command_fail(command, phrase(PHRASE_STORY_NUMBER));
    command_print_at_once_to_pipes();
    telling->sink = (struct sink){write_piece, telling};
    telling->shelf = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    stories->to = &telling->sink;
    stories->host = (struct story_host){find, make, drop, outcome, telling->shelf};
    command_listen(command, telling, NULL, reset, packet, draw, finish);
    COMPAT_RETURN_STARTED;
}

void story_register(void)
{
    static stat_tap_ui ui;
    command_register(&ui, command, start);
}
