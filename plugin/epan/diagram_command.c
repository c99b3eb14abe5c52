/* The state diagram (tell/diagram.h): its moves and callouts collected, and the picture written.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "accounts.h"
#include "command.h"
#include "diagram.h"
#include "diagram_command.h"
#include "kept.h"
#include "outfile.h"
#include "paper.h"
#include "parts.h"
#include "sentences.h"
#include "tap.h"

#include <epan/tap.h>

static const char command[] = "tcpstate,diagram";

/* The listener. Lives until the picture is written, or as long as the program. */
struct diagram {
    char *file;
    int64_t wanted; /* number of the connection, or -1 for the first */
    struct kept *kept;
    struct tour tour;
    GArray *moves, *callouts; /* of the tour */
};

static void forget(struct diagram *d)
{
    g_array_set_size(d->moves, 0);
    g_array_set_size(d->callouts, 0);
    d->tour = (struct tour){.wanted = d->wanted};
}

static void reset(void *data)
{
    forget(data);
    kept_reset(((struct diagram *)data)->kept);
}

static void tell(void *data, const struct tcpstate_tap_info *info, int64_t unused _U_)
{
    struct diagram *d = data;
    struct tour_stage stage;
    const struct account account = account_of(info);
    tour_add(&d->tour, &account, &stage);
    g_array_append_vals(d->moves, stage.move, stage.moves);
    g_array_append_vals(d->callouts, stage.callout, stage.callouts);
    d->tour.moves = d->moves->len;
    d->tour.callouts = d->callouts->len;
    d->tour.move = (const struct move *)(const void *)d->moves->data;
    d->tour.callout = (const struct callout *)(const void *)d->callouts->data;
}

static tap_packet_status packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                const void *tapped, tap_flags_t flags _U_)
{
    kept_add(((struct diagram *)data)->kept, tapped, 0);
    return TAP_PACKET_REDRAW;
}

static bool write_picture(struct diagram *d, struct outfile *out, char **message)
{
    GString *svg = g_string_new(NULL);
    diagram_draw(PAPER(svg), &d->tour);
    outfile_write(out, svg->str, svg->len);
    g_string_free(svg, TRUE);
    return outfile_commit(out, message);
}

static bool write_diagram(struct diagram *d, char **message)
{
    struct outfile out;
    GString *text = g_string_new(NULL);
    forget(d);
    kept_each(d->kept, tell, d);
    if (!d->tour.is_begun) {
        if (d->wanted < 0)
            sink_word(PAPER(text), phrase(PHRASE_DIAGRAM_NOTHING));
        else
            say_diagram_no_such(PAPER(text), (uint32_t)d->wanted);
        *message = g_string_free(text, FALSE);
        return false;
    }
    say_diagram_done(PAPER(text), d->file, d->tour.number);
    const bool written = outfile_open(&out, d->file, message) && write_picture(d, &out, message);
    if (written)
        *message = g_string_free(text, FALSE);
    else
        g_string_free(text, TRUE);
    return written;
}

static void diagram_free(struct diagram *d)
{
    kept_free(d->kept);
    g_array_free(d->moves, TRUE);
    g_array_free(d->callouts, TRUE);
    g_free(d->file);
    g_free(d);
}

static struct diagram *begin(const char *file, int64_t number, tap_draw_cb draw, char **message)
{
    if (!outfile_check(file, message))
        return NULL;
    struct diagram *d = g_new0(struct diagram, 1);
    d->file = g_strdup(file);
    d->wanted = number;
    d->kept = kept_new();
    d->moves = g_array_new(FALSE, FALSE, sizeof(struct move));
    d->callouts = g_array_new(FALSE, FALSE, sizeof(struct callout));
    GString *error =
        register_tap_listener("tcpstate", d, NULL, TL_REQUIRES_NOTHING, reset, packet, draw, NULL);
    if (!error)
        return d;
    *message = g_string_free(error, FALSE);
    diagram_free(d);
    return NULL;
}

struct diagram *diagram_begin(const char *file, int64_t number, char **message)
{
    return begin(file, number, NULL, message);
}

bool diagram_end(struct diagram *d, char **message)
{
    remove_tap_listener(d);
    const bool written = write_diagram(d, message);
    diagram_free(d);
    return written;
}

/* tshark calls it once, when it has read everything. */
static void draw(void *data)
{
    char *message = NULL;
    if (!write_diagram(data, &message))
        command_fail(command, message);
    g_free(message);
}

/* The number after the last comma, which is cut off the file's name; -1: there is none. What stands
 * there and is neither a number nor the end of a name (a,b.svg) is refused. */
static int64_t cut_number(char *file)
{
    char *comma = strrchr(file, ',');
    const int64_t number = comma ? command_number(comma + 1) : -1;
    if (number >= 0)
        *comma = '\0';
    else if (comma && !strpbrk(comma, "./"))
        command_fail(command, phrase(PHRASE_DIAGRAM_NUMBER));
    return number;
}

/* `argument` is all of `tcpstate,diagram,FILE[,N]`. */
static compat_started start(const char *argument, void *userdata _U_)
{
    char *file = g_strdup(command_file(command, argument, phrase(PHRASE_DIAGRAM_USAGE)));
    char *message = NULL;
    const int64_t number = cut_number(file);
    if (!begin(file, number, draw, &message))
        command_fail(command, message);
    g_free(file);
    COMPAT_RETURN_STARTED;
}

void diagram_register(void)
{
    static stat_tap_ui ui;
    command_register(&ui, command, start);
}
