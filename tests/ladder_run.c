/* Runs ladder files against the core: `ladder_run FILE...`.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *   ladder_run FILE...            every label and finding must be as the file says
 *   ladder_run --states FILE      what a capture of it shows: frame, both states, marks, findings
 *   ladder_run --segments FILE    the captured segments as a list for metamorph
 *   ladder_run --mutants FILE...  drop each arrow and each check in turn: some file must object
 * Exit status: 0 all well, 1 something differs, 2 a file cannot be read.                         */
#include "connection.h"
#include "findings.h"
#include "ladder.h"

#include <stdlib.h>
#include <string.h>

static const struct rules rules = {.two_msl = INT64_C(60) * 1000000000, .rfc5961 = true};

struct run {
    const char *file;
    const struct ladder *ladder;
    struct connection connection;
    struct verdict sent[LADDER_ROWS_MAX]; /* per row */
    check_set later[LADDER_ROWS_MAX];     /* per row */
    bool quiet;
    int wrong;
};

static void complain(struct run *r, const struct ladder_row *row, const char *text)
{
    r->wrong++;
    if (!r->quiet)
        printf("%s:%d: %s\n", r->file, row->line, text);
}

static const char *rfc_name(unsigned state)
{
    return state_text((enum state)state)->rfc;
}

static void check_label(struct run *r, const struct ladder_row *row, int peer)
{
    const struct ladder_label *label = &row->peer[peer];
    const struct belief *b = &r->connection.end[peer].belief;
    const enum state state = state_number(b->state);
    const bool assumed = endpoint_confirmed(&r->connection.end[peer]) != state;
    char text[160];
    if (label->state && state != label->state) {
        snprintf(text, sizeof text, "peer %c is %s, the ladder says %s", 'A' + peer,
                 rfc_name(state), rfc_name(label->state));
        complain(r, row, text);
    } else if (label->state && r->ladder->marks_assumptions && assumed != label->assumed) {
        snprintf(text, sizeof text, "peer %c's %s is %s, the ladder says otherwise", 'A' + peer,
                 rfc_name(state), assumed ? "assumed" : "confirmed");
        complain(r, row, text);
    }
    if (label->possible && label->possible != b->possible) {
        int n = snprintf(text, sizeof text, "peer %c may be", 'A' + peer);
        for (int s = STATE_CLOSED; s < STATE_COUNT; s++)
            if (b->possible & 1u << s && n < (int)sizeof text)
                n += snprintf(text + n, sizeof text - (size_t)n, " %s", rfc_name((unsigned)s));
        complain(r, row, text);
    }
}

static check_set as_set(const uint16_t *names, unsigned count)
{
    check_set set = {{0, 0}};
    for (unsigned i = 0; i < count; i++)
        set.bits[names[i] / 64] |= UINT64_C(1) << (names[i] % 64);
    return set;
}

/* Exactly the announced checks fire; `when` tells at once from later. */
static void compare_checks(struct run *r, const struct ladder_row *row, const check_set *found,
                           const check_set *expected, const char *when)
{
    char text[160];
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        if (checks_has(found, i) != checks_has(expected, i)) {
            snprintf(text, sizeof text, "%s %s%s", check_text(i)->name,
                     checks_has(expected, i) ? "does not fire" : "fires", when);
            complain(r, row, text);
        }
}

static void check_again(struct run *r, const struct ladder_row *row, const struct verdict *v)
{
    const struct retries *is = &v->retries[v->sender];
    const int again = v->again ? is->times : 0;
    char text[80];
    if (row->again >= 0 && row->again != again) {
        snprintf(text, sizeof text, "it is sent again for the %dth time", again);
        complain(r, row, text);
    }
    if (row->doublings >= 0 && (row->doublings != is->doublings || row->evens != is->evens)) {
        snprintf(text, sizeof text, "doublings %d, evens %d", is->doublings, is->evens);
        complain(r, row, text);
    }
}

static void check_findings(struct run *r, const struct ladder_row *row, const struct verdict *v)
{
    const check_set expected = as_set(row->checks, row->check_count);
    compare_checks(r, row, &v->checks, &expected, "");
    check_again(r, row, v);
    if (row->verdict >= 0 && row->verdict != v->class)
        complain(r, row, "the verdict is another");
    if (row->owes >= 0 && row->owes != v->owes)
        complain(r, row, "what is owed is something else");
}

/* What this segment shows of an earlier one. */
static void note_amendment(struct run *r, const struct verdict *v)
{
    for (unsigned i = 0; v->amends && i < r->ladder->count; i++)
        if (r->ladder->row[i].captured && r->ladder->row[i].segment.frame == v->amends)
            r->later[i].bits[v->amendment / 64] |= UINT64_C(1) << (v->amendment % 64);
}

static void check_amendments(struct run *r)
{
    for (unsigned i = 0; i < r->ladder->count; i++) {
        const struct ladder_row *row = &r->ladder->row[i];
        const check_set expected = as_set(row->later, row->later_count);
        compare_checks(r, row, &r->later[i], &expected, " later");
    }
}

/* The frame of the row that has this number; 0 when there is none. */
static uint32_t frame_of(const struct ladder *l, unsigned number)
{
    for (unsigned i = l->prelude; i < l->count; i++)
        if (l->row[i].number == number && l->row[i].has_segment)
            return l->row[i].segment.frame;
    return 0;
}

static void check_links(struct run *r, const struct ladder_row *row, const struct verdict *v)
{
    if (row->answers && v->answers != frame_of(r->ladder, row->answers))
        complain(r, row, "it does not answer that row");
    if (row->evidence && v->evidence != frame_of(r->ladder, row->evidence))
        complain(r, row, "it is no evidence on that row");
}

/* Deliver a segment that left in an earlier row, or an old duplicate that nobody saw leave. */
static struct verdict *departure(struct run *r, unsigned arrived)
{
    const struct ladder *l = r->ladder;
    for (unsigned i = arrived; i-- > 0;)
        if (l->row[i].departs &&
            !memcmp(&l->row[i].segment.seq, &l->row[arrived].segment.seq, 12) &&
            l->row[i].segment.from == l->row[arrived].segment.from)
            return &r->sent[i];
    return &r->sent[arrived];
}

static bool is_involved(const struct ladder_row *row, int peer)
{
    return row->segment.from == peer ? row->departs : row->arrives;
}

/* A label beside `...` is of a peer that does nothing in this line: it speaks of the peer's next
 * event in the same row of the figure, if there is one.                                          */
static const struct ladder_row *label_for(const struct ladder *l, unsigned i, int peer)
{
    const struct ladder_row *row = &l->row[i];
    if (!row->has_segment || row->peer[peer].state)
        return row;
    for (const struct ladder_row *first = row; first-- > l->row && first->number == row->number;)
        if (!first->has_segment || is_involved(first, peer))
            return row;
        else if (first->peer[peer].state)
            return first;
    return row;
}

static bool is_deferred(const struct ladder *l, unsigned i, int peer)
{
    if (!l->row[i].has_segment || is_involved(&l->row[i], peer))
        return false;
    for (unsigned k = i + 1; k < l->count && l->row[k].number == l->row[i].number; k++)
        if (l->row[k].has_segment && is_involved(&l->row[k], peer))
            return true;
    return false;
}

/* An ICMP error comes to the one whose segment it quotes. */
static void observe_icmp(struct connection *c, const struct ladder_row *row, struct verdict *v)
{
    struct segment quoted = row->segment;
    quoted.from = !row->segment.from;
    connection_icmp(c, &quoted, row->icmp, v);
}

static void run_row(struct run *r, unsigned i)
{
    const struct ladder_row *row = &r->ladder->row[i];
    struct verdict *v = &r->sent[i];
    if (!row->has_segment || row->two_msl)
        connection_settle(&r->connection, &rules, row->segment.time, v);
    if (row->is_icmp)
        observe_icmp(&r->connection, row, v);
    else if (row->has_segment && row->departs && row->captured)
        connection_sent(&r->connection, &rules, &row->segment, v);
    if (row->has_segment && row->departs && row->captured)
        note_amendment(r, v);
    if (row->has_segment && row->arrives && !row->missed && !row->is_icmp)
        connection_received(&r->connection, &rules, &row->segment,
                            row->departs ? v : departure(r, i));
    if (i < r->ladder->prelude || row->missed)
        return;
    for (int peer = 0; peer < 2; peer++)
        if (!is_deferred(r->ladder, i, peer))
            check_label(r, label_for(r->ladder, i, peer), peer);
    if (row->has_segment && row->departs && row->captured) {
        check_findings(r, row, v);
        check_links(r, row, v);
    }
}

/* Number of complaints about one ladder. */
static int run_ladder(const char *file, const struct ladder *l, bool quiet)
{
    static struct run r;
    memset(&r, 0, sizeof r);
    r.file = file;
    r.ladder = l;
    r.quiet = quiet;
    for (unsigned i = 0; i < l->count; i++)
        run_row(&r, i);
    check_amendments(&r);
    return r.wrong;
}

/* ---- --states: as a capture shows it, every captured segment delivered at once ---- */

static void print_states(const struct verdict *v)
{
    for (int role = 0; role < 2; role++) {
        const struct end_view *e = &v->end[role ? !v->client : v->client];
        printf("\t%s%s", state_text((enum state)e->state)->name,
               e->state == e->confirmed ? "" : "?");
    }
    printf("\t");
    const char *separator = "";
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        if (checks_has(&v->checks, i)) {
            printf("%s%s", separator, check_text(i)->name);
            separator = ",";
        }
    printf("\n");
}

static int show_states(const struct ladder *l)
{
    struct connection c = {0};
    struct verdict v;
    for (unsigned i = 0; i < l->count; i++)
        if (l->row[i].has_segment && l->row[i].captured) {
            if (l->row[i].is_icmp)
                observe_icmp(&c, &l->row[i], &v);
            else
                connection_observe(&c, &rules, &l->row[i].segment, &v);
            printf("%u", l->row[i].segment.frame);
            print_states(&v);
        }
    return 0;
}

/* As segments.py writes them. */
static int list_segments(const struct ladder *l)
{
    for (unsigned i = 0; i < l->count; i++) {
        const struct segment *s = &l->row[i].segment;
        if (l->row[i].has_segment && l->row[i].captured && !l->row[i].is_icmp)
            printf("%lld %u %u %u %u %u %u %u %u %u %u 0\n", (long long)s->time, s->from, s->flags,
                   s->has, s->seq, s->ack, s->text, s->window, s->wscale, s->tsval, s->tsecr);
    }
    return 0;
}

/* ---- --mutants ---- */

static bool anyone_objects(const struct ladder *ladders, char *const *files, int count)
{
    for (int i = 0; i < count; i++)
        if (run_ladder(files[i], &ladders[i], true))
            return true;
    return false;
}

static int run_mutants(const struct ladder *ladders, char *const *files, int count)
{
    int survivors = 0, tried = 0;
    for (size_t i = 0; fsm_row(i); i++, tried++) {
        mutant_arrow = (int)i;
        if (!anyone_objects(ladders, files, count)) {
            printf("no ladder misses the arrow on %s, row %zu (%s)\n",
                   signal_label(fsm_row(i)->signal), i + 1, fsm_row(i)->cite);
            survivors++;
        }
    }
    mutant_arrow = -1;
    for (int i = 0; i < CHECK_COUNT; i++, tried++) {
        mutant_check = i;
        if (!anyone_objects(ladders, files, count)) {
            printf("no ladder misses the check %s\n", check_text((unsigned)i)->name);
            survivors++;
        }
    }
    mutant_check = -1;
    printf("%d mutants, %d survive\n", tried, survivors);
    return survivors != 0;
}

static bool read_file(const char *file, struct ladder *l)
{
    FILE *in = fopen(file, "r");
    if (!in) {
        fprintf(stderr, "ladder_run: %s: cannot be opened\n", file);
        return false;
    }
    const bool ok = ladder_read(in, l);
    fclose(in);
    if (!ok)
        fprintf(stderr, "%s:%s\n", file, l->error);
    return ok;
}

enum mode { RUN, STATES, SEGMENTS, MUTANTS, MODES };

static enum mode read_mode(const char *option)
{
    static const char *const options[MODES] = {
        [STATES] = "--states", [SEGMENTS] = "--segments", [MUTANTS] = "--mutants"};
    for (int m = STATES; option && m < MODES; m++)
        if (!strcmp(option, options[m]))
            return (enum mode)m;
    return RUN;
}

static int run_all(const struct ladder *ladders, char *const *files, int count)
{
    int wrong = 0;
    for (int i = 0; i < count; i++)
        wrong += run_ladder(files[i], &ladders[i], false) != 0;
    printf("%d ladders, %d wrong\n", count, wrong);
    return wrong != 0;
}

int main(int argc, char **argv)
{
    const enum mode mode = read_mode(argc > 1 ? argv[1] : NULL);
    char **files = argv + 1 + (mode != RUN);
    const int count = argc - 1 - (mode != RUN);
    int status = 2;
    struct ladder *ladders = count > 0 ? calloc((size_t)count, sizeof *ladders) : NULL;
    if (!ladders) {
        fprintf(stderr, "usage: ladder_run [--states | --segments | --mutants] FILE...\n");
        return status;
    }
    for (int i = 0; i < count; i++)
        if (!read_file(files[i], &ladders[i]))
            goto done;
    status = mode == STATES     ? show_states(&ladders[0])
             : mode == SEGMENTS ? list_segments(&ladders[0])
             : mode == MUTANTS  ? run_mutants(ladders, files, count)
                                : run_all(ladders, files, count);
done:
    free(ladders);
    return status;
}
