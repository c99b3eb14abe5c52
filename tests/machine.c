/* The state machine as a matrix, and what must hold for any table: `machine matrix|citations
 * FILE|laws`.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *   matrix           prints every state x every signal, to compare with golden/matrix.txt
 *   laws             at most one arrow fits; every state is reached; calls are unseen; names are
 *                    unique and complete
 *   citations FILE   every citation in the tables is a section that FILE lists                   */
#include "checks.h"
#include "find/findings.h"
#include "rfc/fsm.h"
#include "verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int complaints;

static void complain(const char *what, const char *of)
{
    printf("%s: %s\n", what, of);
    complaints++;
}

static int print_matrix(void)
{
    static const char *const whose[] = {
        [FIGURE] = "", [OURS] = ", not drawn", [UNSEEN] = ", unseen"};
    for (int s = 0; s < SIGNAL_COUNT; s++) {
        printf("%s\n", signal_label((enum signal)s));
        for (int n = STATE_CLOSED; n < STATE_COUNT; n++) {
            const struct arrow *a = fsm_arrow((state_set)(1u << n), (enum signal)s);
            const enum state to = state_number(fsm_next((state_set)(1u << n), (enum signal)s));
            printf("    %-12s ", state_text((enum state)n)->rfc);
            if (a)
                printf("%-12s RFC 9293 %s%s\n", a->to == SAME ? "same" : state_text(to)->rfc,
                       a->cite, whose[a->whose]);
            else
                printf("-\n");
        }
    }
    return 0;
}

static int arrows_that_fit(state_set state, enum signal signal)
{
    int fit = 0;
    for (size_t i = 0; fsm_row(i); i++)
        fit += fsm_row(i)->signal == signal && (fsm_row(i)->from & state);
    return fit;
}

static void check_determinism(void)
{
    for (int n = STATE_CLOSED; n < STATE_COUNT; n++)
        for (int s = 0; s < SIGNAL_COUNT; s++)
            if (arrows_that_fit((state_set)(1u << n), (enum signal)s) > 1)
                complain("more than one arrow on a signal leaves", state_text((enum state)n)->name);
}

static void check_reachability(void)
{
    state_set reached = CLOSED | LISTEN, before = 0;
    while (reached != before) {
        before = reached;
        for (int s = 0; s < SIGNAL_COUNT; s++)
            reached |= fsm_image(before, (enum signal)s, true);
    }
    for (int n = STATE_CLOSED; n < STATE_COUNT; n++)
        if (!(reached & 1u << n))
            complain("no arrows lead to", state_text((enum state)n)->name);
}

/* Calls are what nobody sees, and nothing else is. */
static void check_unseen(void)
{
    for (size_t i = 0; fsm_row(i); i++)
        if ((fsm_row(i)->signal >= CALL_PASSIVE_OPEN) != (fsm_row(i)->whose == UNSEEN))
            complain("an arrow is seen, or is not, on", signal_label(fsm_row(i)->signal));
}

static void check_texts(void)
{
    for (int n = 0; n < STATE_COUNT; n++) {
        const struct state_text *t = state_text((enum state)n);
        if (!t->name || !t->rfc || !t->netstat || !t->ss || !t->meaning || !t->next)
            complain("a text is missing for state", t->name ? t->name : "?");
    }
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        for (unsigned k = 0; k < i; k++)
            if (!strcmp(check_text(i)->text, check_text(k)->text))
                complain("two checks say the same", check_text(i)->name);
}

static int check_laws(void)
{
    check_determinism();
    check_reachability();
    check_unseen();
    check_texts();
    return complaints != 0;
}

/* ---- citations ---- */

enum { SECTIONS_MAX = 200 };
static char sections[SECTIONS_MAX][64]; /* "RFC 9293 3.10" */
static struct {
    char section[24];
    int steps;
} stepped[8];
static int section_count, stepped_count;

static bool read_sections(const char *file)
{
    char line[256], section[24];
    int rfc, steps;
    FILE *in = fopen(file, "r");
    while (in && fgets(line, sizeof line, in)) {
        if (sscanf(line, "RFC %d %23s", &rfc, section) == 2 && section_count < SECTIONS_MAX)
            snprintf(sections[section_count++], 64, "RFC %d %s", rfc, section);
        else if (sscanf(line, "steps %23s %d", section, &steps) == 2 && stepped_count < 8) {
            snprintf(stepped[stepped_count].section, 24, "%s", section);
            stepped[stepped_count++].steps = steps;
        }
    }
    if (in)
        fclose(in);
    return section_count > 0;
}

static bool is_step(const char *section, int step)
{
    for (int i = 0; i < stepped_count; i++)
        if (!strcmp(stepped[i].section, section))
            return 1 <= step && step <= stepped[i].steps;
    return false;
}

/* "RFC 9293 3.10.7.4 step 5": is it there? Returns whether the document and section are listed. */
static void check_citation(const char *cite)
{
    char section[24] = "", rest[24] = "", key[64];
    int rfc, step = 0;
    const int parts = sscanf(cite, "RFC %d %23s %23[^\n]", &rfc, section, rest);
    bool listed = false;
    snprintf(key, sizeof key, "RFC %d %s", parts >= 1 ? rfc : 0, section);
    for (int i = 0; i < section_count; i++)
        listed |= !strcmp(sections[i], key);
    if (parts < 2 || !listed ||
        (parts == 3 && (sscanf(rest, "step %d", &step) != 1 || !is_step(section, step))))
        complain("no such section", cite);
}

static void check_9293(const char *section)
{
    char cite[64];
    snprintf(cite, sizeof cite, "RFC 9293 %s", section);
    check_citation(cite);
}

static int check_citations(const char *file)
{
    static const char *const replies[] = {
#define REPLY(id, text, cite) cite,
#include "tables/replies.def"
#undef REPLY
    };
    static const char *const causes[] = {
#define CAUSE(id, sentence, cite, reasons) cite,
#include "tables/causes.def"
#undef CAUSE
    };
    if (!read_sections(file)) {
        fprintf(stderr, "machine: %s: no sections in it\n", file);
        return 2;
    }
    for (size_t i = 0; fsm_row(i); i++)
        check_9293(fsm_row(i)->cite);
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        check_citation(check_text(i)->cite);
    for (int i = OWES_NOTHING + 1; i < REPLY_COUNT; i++)
        check_9293(replies[i]);
    for (int i = 0; i < CAUSE_COUNT; i++)
        check_citation(causes[i]);
    return complaints != 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "matrix"))
        return print_matrix();
    if (argc == 2 && !strcmp(argv[1], "laws"))
        return check_laws();
    if (argc == 3 && !strcmp(argv[1], "citations"))
        return check_citations(argv[2]);
    fprintf(stderr, "usage: machine matrix | laws | citations FILE\n");
    return 2;
}
