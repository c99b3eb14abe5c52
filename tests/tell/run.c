/* Tells a capture without Wireshark: `tell_run [-x | -w WIDTH | -n N] VIEW FILE`.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * FILE: what `-z tcpstate,segments` prints of a capture, or `ladder_run --seen` of a ladder. VIEW:
 *   live      the list as segments come, and what moved whom
 *   list      the same in hindsight
 *   plainly   the list in hindsight, without that
 *   ladder    all connections
 *   diagram   connection N, or the first
 *   endings   what tshark says in tcpstate.end, each sentence with its frame
 * -x: sequence numbers as they are. -w: the list on a terminal of so many columns.
 * Exit status: 0 told, 2 FILE cannot be read.                                                    */
#include "diagram.h"
#include "ladder.h"
#include "list.h"
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

/* ---- reading ---- */

static bool read_seen(FILE *in, struct seen *seen)
{
    struct segment *s = &seen->segment;
    unsigned icmp = 0;
    memset(seen, 0, sizeof *seen);
    const int count =
        fscanf(in,
               "%" SCNu32 " %" SCNd64 " %" SCNd64 " %u %" SCNu8 " %" SCNu8 " %" SCNu8 " %" SCNu8
               " %" SCNu16 " %" SCNu16 " %" SCNu32 " %" SCNu32 " %" SCNu32 " %" SCNu32 " %" SCNu32
               " %47s %" SCNu16 " %47s %" SCNu16 "\n",
               &s->frame, &s->time, &seen->since_first, &icmp, &s->from, &s->flags, &s->has,
               &s->wscale, &s->window, &s->mss, &s->seq, &s->ack, &s->text, &s->tsval, &s->tsecr,
               seen->host[0], &seen->port[0], seen->host[1], &seen->port[1]);
    seen->is_icmp = icmp > 0;
    seen->icmp = icmp == 1 + ICMP_HARD ? ICMP_HARD : ICMP_SOFT;
    s->from = s->from & 1;
    return count == 19;
}

/* ---- views ---- */

struct look {
    bool exact;
    unsigned width;
    int64_t wanted;
};

/* What the list remembers of each connection. */
struct remembered {
    struct list_connection *all;
    uint32_t count;
};

static void *memory_of(void *context, uint32_t connection)
{
    struct remembered *r = context;
    if (connection >= r->count) {
        r->all = or_fail(realloc(r->all, (connection + 1u) * sizeof *r->all));
        memset(r->all + r->count, 0, (connection + 1u - r->count) * sizeof *r->all);
        r->count = connection + 1;
    }
    return &r->all[connection];
}

static void tell_list(const struct witness *w, const struct sink *to, const struct look *look,
                      const char *view)
{
    static struct list list;
    const bool is_live = strcmp(view, "live") == 0;
    struct remembered remembered = {0};
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

static bool tell(const struct witness *w, const char *view, const struct look *look)
{
    const struct sink to = {print, stdout};
    if (strcmp(view, "live") == 0 || strcmp(view, "list") == 0 || strcmp(view, "plainly") == 0)
        tell_list(w, &to, look, view);
    else if (strcmp(view, "ladder") == 0)
        tell_ladder(w, &to, look->exact);
    else if (strcmp(view, "diagram") == 0)
        tell_diagram(w, &to, look->wanted);
    else if (strcmp(view, "endings") == 0)
        tell_endings(w);
    else
        return false;
    return true;
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
    struct witness w;
    struct seen seen;
    if (!in) {
        fprintf(stderr,
                "usage: tell_run [-x | -w WIDTH | -n N] live|list|plainly|ladder|diagram|endings "
                "FILE\n");
        return 2;
    }
    witness_begin(&w);
    while (read_seen(in, &seen))
        witness_observe(&w, &seen);
    const bool read = feof(in);
    fclose(in);
    witness_close(&w);
    const bool told = read && tell(&w, argv[argc - 2], &look);
    witness_end(&w);
    return told ? 0 : 2;
}
