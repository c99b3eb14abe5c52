/* The state diagram: what happened in one connection, collected for diagram_svg.c to draw.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "command.h"
#include "diagram.h"
#include "kept.h"
#include "outfile.h"
#include "phrases.h"
#include "tap.h"
#include "words.h"

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <epan/to_str.h>

static const char command[] = "tcpstate,diagram";

/* The listener. Lives until the picture is written, or as long as the program. */
struct diagram {
    char *file;
    int64_t wanted; /* number of the connection, or -1 for the first */
    bool begun;     /* a segment of it was told */
    struct kept *kept;
    struct tour tour;
};

static void free_callout(void *callout)
{
    g_free(((struct callout *)callout)->text);
}

static void forget(struct diagram *d)
{
    g_array_set_size(d->tour.moves, 0);
    g_array_set_size(d->tour.callouts, 0);
    d->begun = false;
    d->tour.connections = 0;
}

static void reset(void *data)
{
    forget(data);
    kept_reset(((struct diagram *)data)->kept);
}

static char *socket_text(const char *host, uint16_t number)
{
    char port[8];
    g_snprintf(port, sizeof port, "%u", number);
    return phrase_say(NULL, PHRASE_DIAGRAM_SOCKET, "address", host, "port", port, NULL);
}

static void name_sockets(struct tour *t, const struct tcpstate_tap_info *info)
{
    const struct verdict *v = &info->recorded.verdict;
    const enum role from = words_role(v, v->sender), to = words_role(v, !v->sender);
    char *src = address_to_str(NULL, &info->src), *dst = address_to_str(NULL, &info->dst);
    g_free(t->socket[from]);
    g_free(t->socket[to]);
    t->socket[from] = socket_text(src, info->srcport);
    t->socket[to] = socket_text(dst, info->dstport);
    wmem_free(NULL, src);
    wmem_free(NULL, dst);
}

static void add_move(struct tour *t, const struct move *move)
{
    if (move->from != move->to)
        g_array_append_vals(t->moves, move, 1);
}

static void add_step(struct tour *t, const struct verdict *v, const struct step *step,
                     uint32_t frame)
{
    const bool is_arrow = step->why < STEP_RESYNC;
    add_move(t, &(struct move){frame, (uint8_t)words_role(v, step->end), step->from, step->to,
                               is_arrow ? step->signal : SIGNAL_COUNT,
                               is_arrow ? "" : phrase(PHRASE_DIAGRAM_GUESS)});
}

/* Every step, and what moved an end without a step that has a name. */
static void add_moves(struct tour *t, const struct verdict *v, uint32_t frame)
{
    uint8_t at[2] = {v->end[0].was, v->end[1].was};
    for (unsigned i = 0; i < v->steps; i++) {
        add_step(t, v, &v->step[i], frame);
        at[v->step[i].end] = v->step[i].to;
    }
    for (unsigned end = 0; end < 2; end++)
        add_move(t, &(struct move){frame, (uint8_t)words_role(v, end), at[end], v->end[end].state,
                                   SIGNAL_COUNT, phrase(PHRASE_DIAGRAM_AS_FOUND)});
}

static void add_callouts(struct tour *t, wmem_allocator_t *pool, const struct verdict *v,
                         uint32_t frame)
{
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (!checks_has(&v->checks, i) || check_text(i)->class < VERDICT_INCOMPLETE)
            continue;
        const struct callout callout = {
            frame, v->end[v->sender].was, check_text(i)->class == VERDICT_ILLEGAL,
            g_strdup_printf("%s. %s", check_text(i)->name, words_finding(pool, v, i))};
        g_array_append_val(t->callouts, callout);
    }
}

static void begin_tour(struct diagram *d, const struct tcpstate_tap_info *info)
{
    const struct verdict *v = &info->recorded.verdict;
    d->begun = true;
    d->tour.number = info->recorded.verdict.connection;
    for (unsigned end = 0; end < 2; end++)
        d->tour.first[words_role(v, end)] = v->end[end].was;
}

static void tell(void *data, wmem_allocator_t *pool, const struct tcpstate_tap_info *info,
                 int64_t unused _U_)
{
    struct diagram *d = data;
    const struct verdict *v = &info->recorded.verdict;
    d->tour.connections = MAX(d->tour.connections, v->connection + 1);
    if (d->begun ? v->connection != d->tour.number : d->wanted >= 0 && v->connection != d->wanted)
        return;
    if (!d->begun)
        begin_tour(d, info);
    name_sockets(&d->tour, info);
    add_moves(&d->tour, v, info->segment.frame);
    add_callouts(&d->tour, pool, v, info->segment.frame);
    for (unsigned end = 0; end < 2; end++) {
        d->tour.last[words_role(v, end)] = v->end[end].state;
        d->tour.known[words_role(v, end)] = !words_is_assumed(&v->end[end]);
    }
}

static tap_packet_status packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                const void *tapped, tap_flags_t flags _U_)
{
    kept_add(((struct diagram *)data)->kept, tapped, 0);
    return TAP_PACKET_REDRAW;
}

static const char *number_text(char text[24], int64_t number)
{
    g_snprintf(text, 24, "%" PRId64, number);
    return text;
}

static bool write_diagram(struct diagram *d, char **message)
{
    struct outfile out;
    char number[24];
    forget(d);
    kept_each(d->kept, tell, d);
    if (!d->begun) {
        *message = phrase_say(NULL, d->wanted < 0 ? PHRASE_DIAGRAM_NOTHING : PHRASE_DIAGRAM_NO_SUCH,
                              "number", number_text(number, d->wanted), NULL);
        return false;
    }
    if (!outfile_open(&out, d->file, message))
        return false;
    GString *svg = diagram_draw(&d->tour);
    outfile_write(&out, svg->str, svg->len);
    g_string_free(svg, TRUE);
    if (!outfile_commit(&out, message))
        return false;
    *message = phrase_say(NULL, PHRASE_DIAGRAM_DONE, "file", d->file, "number",
                          number_text(number, d->tour.number), NULL);
    return true;
}

static void diagram_free(struct diagram *d)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        g_free(d->tour.socket[role]);
    kept_free(d->kept);
    g_array_free(d->tour.moves, TRUE);
    g_array_free(d->tour.callouts, TRUE);
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
    d->tour.moves = g_array_new(FALSE, FALSE, sizeof(struct move));
    d->tour.callouts = g_array_new(FALSE, FALSE, sizeof(struct callout));
    g_array_set_clear_func(d->tour.callouts, free_callout);
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

/* The number after the last comma, which is cut off the file's name; -1: there is none. */
static int64_t cut_number(char *file)
{
    char *comma = strrchr(file, ',');
    const int64_t number = comma ? command_number(comma + 1) : -1;
    if (number >= 0)
        *comma = '\0';
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
    static stat_tap_ui ui = {
        .group = REGISTER_STAT_GROUP_GENERIC, .cli_string = command, .tap_init_cb = start};
    register_stat_tap_ui(&ui, NULL);
}
