/* A copy of the capture with comments on the segments where something happened.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * While packets are tapped, comments are only collected. When all are known the capture is read
 * once more and copied, in tshark and in Wireshark alike: nothing of it passes through dissection,
 * so nothing of it can be lost there. The first comment is on all of it, and sums it up. */
#include "compat.h"

#include "accounts.h"
#include "annotate.h"
#include "command.h"
#include "comment.h"
#include "comments.h"
#include "gui.h"
#include "kept.h"
#include "original.h"
#include "outfile.h"
#include "paper.h"
#include "parts.h"
#include "sentences.h"
#include "summary.h"
#include "tap.h"

#include <epan/tap.h>

static const char command[] = "tcpstate,annotate";

/* The listener. Lives until the copy is written, or as long as the program. */
struct annotation {
    char *to;
    char *from;                /* the capture's name, if the caller knows it */
    struct original *original; /* the capture; NULL as long as no packet was seen */
    char *refusal;             /* why it cannot be copied, or NULL */
    struct kept *kept;         /* whose marks are where packets stand in the capture */
    struct summary summary;
    struct comments comments;
    GString *text;  /* the comment that is being made */
    uint32_t frame; /* the last */
    char on_frame;  /* its address names the second listener */
};

static void reset(void *data)
{
    struct annotation *a = data;
    kept_reset(a->kept);
    g_hash_table_remove_all(a->comments.texts);
    if (a->original)
        original_close(a->original);
    a->original = NULL;
    g_clear_pointer(&a->refusal, g_free);
    g_free(a->comments.on_all);
    a->comments = (struct comments){.texts = a->comments.texts};
    a->frame = 0;
}

/* A frame with several segments has their comments in one, a line each. */
static void begin_line(const struct annotation *a, int64_t offset)
{
    const char *before = g_hash_table_lookup(a->comments.texts, &offset);
    g_string_truncate(a->text, 0);
    if (before)
        SAY(PAPER(a->text), before, "\n");
}

static tap_packet_status segment(void *data, packet_info *pinfo, epan_dissect_t *edt _U_,
                                 const void *tapped, tap_flags_t flags _U_)
{
    kept_add(((struct annotation *)data)->kept, tapped, pinfo->fd->file_off);
    return TAP_PACKET_REDRAW;
}

static void sum_up(struct summary *summary, const struct tcpstate_tap_info *info)
{
    struct ending ending;
    summary_add(summary, &info->recorded.verdict, info->segment.frame);
    if (records_ending(&info->recorded, info->segment.time, &ending))
        summary_end(summary, &info->recorded.verdict, &ending);
}

static void tell(void *data, const struct tcpstate_tap_info *info, int64_t offset)
{
    struct annotation *a = data;
    sum_up(&a->summary, info);
    if (!comment_is_due(&info->recorded.verdict))
        return;
    begin_line(a, offset);
    comment_write(PAPER(a->text), &info->recorded.verdict);
    g_hash_table_replace(a->comments.texts, g_memdup2(&offset, sizeof offset),
                         g_memdup2(a->text->str, a->text->len + 1));
}

/* Puts into words what is known now of all that was tapped. */
static void tell_all(struct annotation *a)
{
    GString *text = g_string_new(NULL);
    g_hash_table_remove_all(a->comments.texts);
    a->summary = (struct summary){.memories = accounts_memories(sizeof(struct summary_connection))};
    kept_each(a->kept, tell, a);
    summary_write(PAPER(text), &a->summary);
    accounts_free(&a->summary.memories);
    g_free(a->comments.on_all);
    a->comments.on_all = g_string_free(text, FALSE);
}

/* In tshark, a pipe is refused before all of it is read. */
static void open_original(struct annotation *a, const char *name)
{
    if (!name)
        return;
    if (!original_is_pipe(name))
        a->original = original_open(name, &a->refusal);
    else if (gui_ops())
        a->refusal = g_strdup(phrase(PHRASE_ANNOTATE_PIPE));
    else
        command_fail(command, phrase(PHRASE_ANNOTATE_PIPE));
}

/* A capture without a single TCP segment is copied too. Of one in several files (a ring buffer)
 * each begins with frame 1. Refused is the copy alone, in the end: the capture must go on. */
static tap_packet_status frame(void *data, packet_info *pinfo, epan_dissect_t *edt _U_,
                               const void *tapped _U_, tap_flags_t flags _U_)
{
    struct annotation *a = (void *)((char *)data - offsetof(struct annotation, on_frame));
    if (!a->original && !a->refusal)
        open_original(a, a->from ? a->from : original_name(pinfo));
    if (pinfo->num <= a->frame && !a->refusal)
        a->refusal = g_strdup(phrase(PHRASE_ANNOTATE_PIECES));
    a->frame = pinfo->num;
    a->comments.last = MAX(a->comments.last, pinfo->fd->file_off);
    return TAP_PACKET_DONT_REDRAW;
}

/* Every comment has found its packet; else it is no longer the file that was looked at. */
static bool is_complete(const struct comments *c)
{
    return c->added + c->simple >= g_hash_table_size(c->texts);
}

static bool copy(struct annotation *a, struct outfile *out, char **message)
{
    if (!comments_copy_pcapng(a->original, out, &a->comments) &&
        !comments_convert(a->original, out, &a->comments, message))
        return false;
    if (!out->why && !is_complete(&a->comments))
        *message = g_strdup(phrase(PHRASE_ANNOTATE_CHANGED));
    return !*message;
}

/* What was done, and what could not be. */
static char *outcome(const char *to, const struct comments *c)
{
    GString *text = g_string_new(to);
    say_annotate_done(PAPER(text), c->added);
    if (c->simple)
        say_annotate_simple(PAPER(text), c->simple);
    if (c->unread)
        say_annotate_unread(PAPER(text), c->unread);
    return g_string_free(text, FALSE);
}

static bool write_copy(struct annotation *a, char **message)
{
    struct outfile out;
    tell_all(a);
    if (!a->original || a->refusal) {
        *message = g_strdup(a->refusal ? a->refusal : phrase(PHRASE_ANNOTATE_NOTHING));
        return false;
    }
    if (!outfile_open(&out, a->to, message))
        return false;
    if (!copy(a, &out, message)) {
        outfile_abandon(&out);
        return false;
    }
    if (!outfile_commit(&out, message))
        return false;
    *message = outcome(a->to, &a->comments);
    return true;
}

static void annotation_free(struct annotation *a)
{
    reset(a);
    kept_free(a->kept);
    g_string_free(a->text, TRUE);
    g_hash_table_destroy(a->comments.texts);
    g_free(a->from);
    g_free(a->to);
    g_free(a);
}

static bool listen(struct annotation *a, tap_draw_cb draw, char **message)
{
    GString *error = register_tap_listener("frame", &a->on_frame, NULL, TL_REQUIRES_NOTHING, NULL,
                                           frame, NULL, NULL);
    if (!error)
        error = register_tap_listener("tcpstate", a, NULL, TL_REQUIRES_NOTHING, reset, segment,
                                      draw, NULL);
    if (error)
        *message = g_string_free(error, FALSE);
    return !error;
}

static struct annotation *begin(const char *to, const char *from, tap_draw_cb draw, char **message)
{
    if (!outfile_check(to, message))
        return NULL;
    struct annotation *a = g_new0(struct annotation, 1);
    a->to = g_strdup(to);
    a->from = g_strdup(from);
    a->kept = kept_new();
    a->text = g_string_new(NULL);
    a->comments.texts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    if (listen(a, draw, message))
        return a;
    annotation_free(a);
    return NULL;
}

struct annotation *annotate_begin(const char *file, char **message)
{
    return begin(file, NULL, NULL, message);
}

bool annotate_end(struct annotation *a, char **message)
{
    remove_tap_listener(&a->on_frame);
    remove_tap_listener(a);
    const bool written = write_copy(a, message);
    annotation_free(a);
    return written;
}

/* tshark calls it once, when it has read everything. */
static void draw(void *data)
{
    const struct annotation *a = data;
    char *message = NULL;
    if (!write_copy(data, &message))
        command_fail(command, message);
    if (a->comments.simple || a->comments.unread)
        command_say(command, message);
    g_free(message);
}

/* The name after `OUT.pcapng,` or `-,`, cut off the first one; NULL: there is none. */
static const char *cut_second(char *names)
{
    char *comma = names[0] == '-' && names[1] == ',' ? names + 1 : strstr(names, ".pcapng,");
    if (!comma)
        return NULL;
    comma += strcspn(comma, ",");
    *comma = '\0';
    return comma + 1;
}

/* `argument` is all of `tcpstate,annotate,OUT[,IN]`. */
static compat_started start(const char *argument, void *userdata _U_)
{
    char *to = g_strdup(command_file(command, argument, phrase(PHRASE_ANNOTATE_USAGE)));
    char *message = NULL;
    const char *from = cut_second(to);
    if (from && !*from)
        command_fail(command, phrase(PHRASE_ANNOTATE_USAGE));
    if (!begin(to, from, draw, &message))
        command_fail(command, message);
    g_free(to);
    COMPAT_RETURN_STARTED;
}

void annotate_register(void)
{
    static stat_tap_ui ui;
    command_register(&ui, command, start);
}
