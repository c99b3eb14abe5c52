/* Runs ladder files against the core: `ladder_run FILE...`.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *   ladder_run FILE...            every label, fate and finding must be as the file says
 *   ladder_run --states FILE      a capture of it in hindsight: frame, both states, marks, findings
 *   ladder_run --live FILE        the same as it comes
 *   ladder_run --seen FILE        what is captured, as a list (dump.h)
 *   ladder_run --mutants FILE...  take away each arrow, check, story, time in turn: one must object
 * Exit status: 0 all well, 1 something differs, 2 a file cannot be read.                         */
#include "dump.h"
#include "find/causes.h"
#include "find/findings.h"
#include "infer/stories.h"
#include "ladder_check.h"
#include "patience.h"
#include "rfc/resends.h"

#include <stdlib.h>
#include <string.h>

/* ---- --states, --live: as a capture shows it ---- */

static void print_checks(const struct verdict *v)
{
    uint8_t order[CHECK_COUNT];
    const unsigned count = checks_by_severity(&v->checks, order);
    for (unsigned i = 0; i < count; i++)
        printf("%c%s", i ? ',' : '\t', check_text(order[i])->name);
    printf(count ? "\n" : "\t\n");
}

static void print_states(const struct bystander *b, unsigned i, bool live)
{
    const struct sight *sight = &b->sight[i];
    const struct verdict *v = live ? &sight->live : &sight->known;
    const unsigned client = live ? v->client : b->sight[sight->last].known.client;
    printf("%u", sight->segment.frame);
    for (unsigned role = 0; role < 2; role++) {
        const unsigned end = role ? !client : client;
        const enum state confirmed =
            live ? (enum state)v->end[end].confirmed : bystander_confirmed(b, i, end);
        printf("\t%s%s", state_text((enum state)v->end[end].state)->name,
               v->end[end].state == confirmed ? "" : "?");
    }
    print_checks(v);
}

static int show_states(const struct ladder *l, bool live)
{
    struct bystander b;
    bystander_begin(&b, l->rules, LADDER_ROWS_MAX);
    ladder_observe(&b, l);
    for (unsigned i = 0; i < b.count; i++)
        print_states(&b, i, live);
    bystander_end(&b);
    return 0;
}

/* As the plugin prints them (-z tcpstate,segments) of the capture that ladder2pcap makes. */
static int list_seen(const struct ladder *l)
{
    int64_t begun = -1;
    for (unsigned i = 0; i < l->count; i++) {
        const struct ladder_row *row = &l->row[i];
        struct seen seen = {.segment = row->segment,
                            .is_icmp = row->is_icmp,
                            .icmp = row->icmp,
                            .host = {"192.0.2.1", "192.0.2.2"},
                            .port = {40000, 80}};
        if (!ladder_is_captured(row))
            continue;
        if (row->is_icmp)
            seen.segment = (struct segment){.frame = row->segment.frame,
                                            .time = row->segment.time,
                                            .from = !row->segment.from,
                                            .seq = row->segment.seq};
        begun = begun < 0 ? row->segment.time : begun;
        seen.since_first = row->segment.time - begun;
        dump_write(stdout, &seen);
    }
    return 0;
}

/* Number of complaints about one ladder. */
static int run_ladder(const char *file, const struct ladder *l, bool quiet)
{
    return ladder_check(file, l, quiet) + ladder_check_told(file, l, quiet);
}

/* ---- --mutants ---- */

static bool anyone_objects(const struct ladder *ladders, char *const *files, int count)
{
    for (int i = 0; i < count; i++)
        if (run_ladder(files[i], &ladders[i], true))
            return true;
    return false;
}

static const char *const story_names[STORY_COUNT] = {
#define STORY(id, clue, finding, showing) #id,
#include "tables/stories.def"
#undef STORY
};

static const struct {
    const char *name, *ladder;
} patiences[PATIENCE_COUNT] = {
#define PATIENCE(id, time, why, ladder) {#id, ladder},
#include "tables/patience.def"
#undef PATIENCE
};

/* Where a time is none, or a thousand times as long, the ladder that its row names objects. */
static int run_impatient(const struct ladder *ladders, char *const *files, int count)
{
    static const int factors[] = {0, 1000};
    int survivors = 0;
    for (mutant_patience = 0; mutant_patience < PATIENCE_COUNT; mutant_patience++) {
        const char *wanted = patiences[mutant_patience].ladder;
        bool noticed = false;
        for (int i = 0; i < count && !noticed; i++)
            for (unsigned f = 0; f < 2 && !noticed && strstr(files[i], wanted); f++) {
                mutant_factor = factors[f];
                noticed = run_ladder(files[i], &ladders[i], true) != 0;
            }
        if (!noticed)
            printf("%s: no such ladder, or it does not miss %s\n", wanted,
                   patiences[mutant_patience].name);
        survivors += !noticed;
    }
    mutant_patience = -1;
    return survivors;
}

static const char *const cause_names[CAUSE_COUNT] = {
#define CAUSE(id, sentence, cite, reasons) #id,
#include "tables/causes.def"
#undef CAUSE
};

static const char *const resend_names[RESEND_COUNT] = {
#define RESEND(id, sentence, cite, states) #id,
#include "tables/resends.def"
};

/* Which arrow, check, story, cause or reason to send again the core lacks. The first row of the
 * causes, and of those reasons the first and the last, are none to miss. */
static bool name_mutant(int n, char *name, size_t size)
{
    static int arrows;
    while (fsm_row((size_t)arrows))
        arrows++;
    mutant_arrow = n < arrows ? n : -1;
    mutant_check = n >= arrows && n < arrows + CHECK_COUNT ? n - arrows : -1;
    const int story = n - arrows - CHECK_COUNT, cause = story - STORY_COUNT + 1;
    mutant_story = story >= 0 && story < STORY_COUNT ? story : -1;
    const int resend = cause - CAUSE_COUNT + 1;
    mutant_cause = cause > 0 && cause < CAUSE_COUNT ? cause : -1;
    mutant_resend = resend > 0 ? resend : -1;
    if (mutant_arrow >= 0)
        snprintf(name, size, "the arrow on %s, row %d (%s)",
                 signal_label(fsm_row((size_t)n)->signal), n + 1, fsm_row((size_t)n)->cite);
    else if (mutant_check >= 0)
        snprintf(name, size, "the check %s", check_text((unsigned)mutant_check)->name);
    else if (mutant_story >= 0)
        snprintf(name, size, "the story %s", story_names[mutant_story]);
    else if (mutant_cause >= 0)
        snprintf(name, size, "the cause %s", cause_names[mutant_cause]);
    else if (mutant_resend < RESEND_cannot_tell)
        snprintf(name, size, "the reason to send again %s", resend_names[mutant_resend]);
    return mutant_resend < RESEND_cannot_tell;
}

/* Nobody ever sees an end take this arrow. */
static bool is_unseen(void)
{
    return mutant_arrow >= 0 && fsm_row((size_t)mutant_arrow)->whose == UNSEEN;
}

static int run_mutants(const struct ladder *ladders, char *const *files, int count)
{
    int survivors = 0, tried = 0;
    char name[120];
    for (; name_mutant(tried, name, sizeof name); tried++)
        if (!is_unseen() && !anyone_objects(ladders, files, count)) {
            printf("no ladder misses %s\n", name);
            survivors++;
        }
    mutant_arrow = mutant_check = mutant_story = mutant_cause = mutant_resend = -1;
    tried += PATIENCE_COUNT;
    survivors += run_impatient(ladders, files, count);
    printf("%d mutants, %d survive\n", tried, survivors);
    return survivors != 0;
}

/* ---- files ---- */

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

enum mode { RUN, STATES, LIVE, SEEN, MUTANTS, MODES };

static enum mode read_mode(const char *option)
{
    static const char *const options[MODES] = {
        [STATES] = "--states", [LIVE] = "--live", [SEEN] = "--seen", [MUTANTS] = "--mutants"};
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

static int run_mode(enum mode mode, const struct ladder *ladders, char *const *files, int count)
{
    switch (mode) {
    case STATES:
    case LIVE:
        return show_states(&ladders[0], mode == LIVE);
    case SEEN:
        return list_seen(&ladders[0]);
    case MUTANTS:
        return run_mutants(ladders, files, count);
    case RUN:
    case MODES:
        break;
    }
    return run_all(ladders, files, count);
}

int main(int argc, char **argv)
{
    const enum mode mode = read_mode(argc > 1 ? argv[1] : NULL);
    char **files = argv + 1 + (mode != RUN);
    const int count = argc - 1 - (mode != RUN);
    struct ladder *ladders = count > 0 ? calloc((size_t)count, sizeof *ladders) : NULL;
    bool ok = ladders != NULL;
    if (!ladders)
        fprintf(stderr, "usage: ladder_run [--states | --live | --seen | --mutants] FILE...\n");
    for (int i = 0; ok && i < count; i++)
        ok = read_file(files[i], &ladders[i]);
    const int status = ok ? run_mode(mode, ladders, files, count) : 2;
    free(ladders);
    return status;
}
