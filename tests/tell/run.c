/* Tells a capture without Wireshark: `tell_run [-x | -w WIDTH | -n N] VIEW FILE`.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * FILE: what `-z tcpstate,segments` prints of a capture, or `ladder_run --seen` of a ladder. VIEW:
 *   live      the list as segments come, and what moved whom
 *   list      the same in hindsight
 *   plainly   the list in hindsight, without that
 *   ladder    all connections
 *   diagram   connection N, or the first
 *   story     each connection as JSON, in hindsight
 *   telling   the same as segments come
 *   endings   what tshark says in tcpstate.end, each sentence with its frame
 *   summary   the comment on an annotated copy
 * -x: sequence numbers as they are. -w: the list on a terminal of so many columns.
 * Exit status: 0 told, 2 FILE cannot be read.                                                    */
#include "diagram.h"
#include "ladder.h"
#include "list.h"
#include "story.h"
#include "summary.h"
#include "witness.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print(void *file, const char *text, size_t length)
{
    fwrite(text, 1, length, file);
}

static void *or_fail(void *memory)
{
    if (memory)
        return memory;
    fprintf(stderr, "out of memory\n");
    exit(2);
}

/* ---- views ---- */

struct look {
    bool exact;
    unsigned width;
    int64_t wanted;
};

/* What a view remembers of each connection. */
struct remembered {
    size_t size;
    char *all;
    uint32_t count;
};

static void *memory_of(void *context, uint32_t connection)
{
    struct remembered *r = context;
    if (connection >= r->count) {
        r->all = or_fail(realloc(r->all, (connection + 1u) * r->size));
        memset(r->all + r->count * r->size, 0, (connection + 1u - r->count) * r->size);
        r->count = connection + 1;
    }
    return r->all + connection * r->size;
}

static void tell_list(const struct witness *w, const struct sink *to, const struct look *look,
                      const char *view)
{
    static struct list list;
    const bool is_live = strcmp(view, "live") == 0;
    struct remembered remembered = {.size = sizeof(struct list_connection)};
    struct verdict v;
    list = (struct list){
        .to = to, .memories = {memory_of, &remembered}, .wanted = -1, .exact = look->exact};
    list.width = look->width;
    list.why = strcmp(view, "plainly") != 0;
    for (unsigned i = 0; i < w->count; i++) {
        const struct account a = is_live ? witness_live(w, i) : witness_known(w, i, &v);
        list_add(&list, &a);
    }
    list_end(&list);
    free(remembered.all);
}

/* Connections in the order of their first segments. */
static void each_connection(const struct witness *w, struct ladder *ladder,
                            void (*tell)(struct ladder *, const struct account *))
{
    bool *is_told = or_fail(calloc(w->core.numbers + 1u, sizeof *is_told));
    struct verdict v;
    for (unsigned first = 0; first < w->count; first++) {
        const uint32_t connection = w->sight[first].known.connection;
        for (unsigned i = first; !is_told[connection] && i < w->count; i++)
            if (w->sight[i].known.connection == connection) {
                const struct account a = witness_known(w, i, &v);
                tell(ladder, &a);
            }
        is_told[connection] = true;
    }
    free(is_told);
}

static void tell_ladder(const struct witness *w, const struct sink *to, bool exact)
{
    static struct ladder ladder;
    ladder = (struct ladder){.to = to, .wanted = -1, .exact = exact};
    each_connection(w, &ladder, ladder_measure);
    ladder_measured(&ladder);
    each_connection(w, &ladder, ladder_add);
    ladder_end(&ladder);
}

static void tell_diagram(const struct witness *w, const struct sink *to, int64_t wanted)
{
    static struct tour tour;
    static struct tour_stage stage;
    struct move *moves = or_fail(calloc(w->count + 1u, sizeof stage.move));
    struct callout *callouts = or_fail(calloc(w->count + 1u, sizeof stage.callout));
    struct verdict v;
    tour = (struct tour){.wanted = wanted, .move = moves, .callout = callouts};
    for (unsigned i = 0; i < w->count; i++) {
        const struct account a = witness_known(w, i, &v);
        tour_add(&tour, &a, &stage);
        memcpy(&moves[tour.moves], stage.move, stage.moves * sizeof *moves);
        memcpy(&callouts[tour.callouts], stage.callout, stage.callouts * sizeof *callouts);
        tour.moves += stage.moves;
        tour.callouts += stage.callouts;
    }
    if (tour.is_begun)
        diagram_draw(to, &tour);
    free(moves);
    free(callouts);
}

static void print_sentence(void *frame, wording sentence)
{
    printf("%u\t%s\n", *(const uint32_t *)frame, sentence);
}

static void tell_endings(const struct witness *w)
{
    struct verdict v;
    for (unsigned i = 0; i < w->count; i++)
        if (w->sight[i].last == i) {
            const struct account a = witness_known(w, i, &v);
            const struct ending ending = witness_ending(w, i);
            uint32_t frame = a.segment->frame;
            ending_tell(a.verdict, &ending, print_sentence, &frame);
        }
}

/* Stories that are not told yet, by number of connection. */
struct shelf {
    const struct witness *witness;
    struct story **story;
    uint32_t count;
};

static struct story *find_story(void *context, uint32_t connection)
{
    const struct shelf *shelf = context;
    return connection < shelf->count ? shelf->story[connection] : NULL;
}

static struct story *make_story(void *context, uint32_t connection)
{
    struct shelf *shelf = context;
    while (shelf->count <= connection) {
        shelf->story = or_fail(realloc(shelf->story, (shelf->count + 1u) * sizeof *shelf->story));
        shelf->story[shelf->count++] = NULL;
    }
    return shelf->story[connection] = or_fail(calloc(1, sizeof(struct story)));
}

static void drop_story(void *context, uint32_t connection)
{
    free(find_story(context, connection));
    ((struct shelf *)context)->story[connection] = NULL;
}

static void outcome(void *context, uint32_t connection, struct outcome *o)
{
    witness_outcome(((struct shelf *)context)->witness, connection, o);
}

static struct stories begin_stories(struct shelf *shelf, const struct sink *to)
{
    return (struct stories){.to = to,
                            .host = {find_story, make_story, drop_story, outcome, shelf},
                            .wanted = -1,
                            .two_msl = shelf->witness->core.rules->two_msl};
}

static void end_stories(struct stories *stories, struct shelf *shelf)
{
    story_end(stories);
    free(shelf->story);
}

/* The connection that had the sockets of sight `i` before, where that opens a new one; -1: none. */
static int64_t before(const struct witness *w, unsigned i)
{
    for (unsigned n = i; w->sight[i].live.opens && n-- > 0;)
        if (w->sight[n].pair == w->sight[i].pair)
            return w->sight[n].live.connection;
    return -1;
}

static void tell_stories(const struct witness *w, const struct sink *to)
{
    struct shelf shelf = {.witness = w};
    struct stories stories = begin_stories(&shelf, to);
    struct verdict v;
    for (unsigned i = 0; i < w->count; i++) {
        const struct account a = witness_known(w, i, &v);
        const bool is_last = w->sight[i].last == i;
        const struct ending ending = is_last ? witness_ending(w, i) : (struct ending){0};
        story_add(&stories, &a, is_last ? &ending : NULL);
    }
    end_stories(&stories, &shelf);
}

/* As segments come: nothing later is known. */
static void tell_live_story(struct stories *stories, const struct witness *w)
{
    const unsigned i = w->count - 1;
    const struct account a = witness_live(w, i);
    const int64_t over = before(w, i);
    if (over >= 0)
        story_taken_over(stories, (uint32_t)over, &a);
    story_add(stories, &a, NULL);
}

static void tell_summary(const struct witness *w, const struct sink *to)
{
    static struct summary summary;
    struct remembered remembered = {.size = sizeof(struct summary_connection)};
    struct verdict v;
    summary = (struct summary){.memories = {memory_of, &remembered}};
    for (unsigned i = 0; i < w->count; i++) {
        const struct account a = witness_known(w, i, &v);
        summary_add(&summary, a.verdict, a.segment->frame);
        if (w->sight[i].last != i)
            continue;
        const struct ending ending = witness_ending(w, i);
        summary_end(&summary, a.verdict, &ending);
    }
    summary_write(to, &summary);
    sink_word(to, "\n");
    free(remembered.all);
}

static bool tell(const struct witness *w, const char *view, const struct look *look)
{
    const struct sink to = {print, stdout};
    if (strcmp(view, "live") == 0 || strcmp(view, "list") == 0 || strcmp(view, "plainly") == 0)
        tell_list(w, &to, look, view);
    else if (strcmp(view, "ladder") == 0)
        tell_ladder(w, &to, look->exact);
    else if (strcmp(view, "diagram") == 0)
        tell_diagram(w, &to, look->wanted);
    else if (strcmp(view, "story") == 0)
        tell_stories(w, &to);
    else if (strcmp(view, "endings") == 0)
        tell_endings(w);
    else if (strcmp(view, "summary") == 0)
        tell_summary(w, &to);
    else
        return false;
    return true;
}

/* Exit status. */
static int run(FILE *in, const char *view, const struct look *look)
{
    const struct sink to = {print, stdout};
    const bool is_live_story = strcmp(view, "telling") == 0;
    struct witness w;
    struct shelf shelf = {.witness = &w};
    struct seen seen;
    witness_begin(&w);
    struct stories stories = begin_stories(&shelf, &to);
    while (dump_read(in, &seen))
        if (witness_observe(&w, &seen) && is_live_story)
            tell_live_story(&stories, &w);
    end_stories(&stories, &shelf);
    const bool read = feof(in);
    witness_close(&w);
    const bool told = read && (is_live_story || tell(&w, view, look));
    witness_end(&w);
    return told ? 0 : 2;
}

int main(int argc, char **argv)
{
    struct look look = {.exact = argc == 4 && strcmp(argv[1], "-x") == 0, .wanted = -1};
    if (argc == 5 && strcmp(argv[1], "-w") == 0)
        look.width = (unsigned)strtoul(argv[2], NULL, 10);
    if (argc == 5 && strcmp(argv[1], "-n") == 0)
        look.wanted = strtol(argv[2], NULL, 10);
    const int options = look.exact ? 1 : look.width || look.wanted >= 0 ? 2 : 0;
    FILE *in = argc == 3 + options ? fopen(argv[argc - 1], "r") : NULL;
    if (!in) {
        fprintf(stderr, "usage: tell_run [-x | -w WIDTH | -n N] "
                        "live|list|plainly|ladder|diagram|story|telling|endings|summary FILE\n");
        return 2;
    }
    const int status = run(in, argv[argc - 2], &look);
    fclose(in);
    return status;
}
