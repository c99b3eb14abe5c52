/* Counts: states reached and transitions taken by clients and by servers, verdicts, findings.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark's statistics tree does the counting, as segments come: so what it counts is live in one
 * pass, and while Wireshark loads a file, and hindsight afterwards; the first heading tells which.
 * This file names the nodes. No name has a slash in it: the tree would show only what follows it.
 */
#include "compat.h"

#include "parts.h"
#include "sentences.h"
#include "tap.h"
#include "words.h"

#include <epan/stats_tree.h>

/* Numbers of the headings, the same in every tree: they are given in the order of begin(). */
static int reading, reached[ROLE_COUNT], taken[ROLE_COUNT], verdicts, findings;

static void begin(stats_tree *tree)
{
    reading = stats_tree_create_pivot(tree, phrase(PHRASE_READING), 0);
    reached[ROLE_CLIENT] = stats_tree_create_pivot(tree, phrase(PHRASE_REACHED_BY_CLIENTS), 0);
    reached[ROLE_SERVER] = stats_tree_create_pivot(tree, phrase(PHRASE_REACHED_BY_SERVERS), 0);
    taken[ROLE_CLIENT] = stats_tree_create_pivot(tree, phrase(PHRASE_MOVES_OF_CLIENTS), 0);
    taken[ROLE_SERVER] = stats_tree_create_pivot(tree, phrase(PHRASE_MOVES_OF_SERVERS), 0);
    verdicts = stats_tree_create_pivot(tree, phrase(PHRASE_VERDICTS), 0);
    findings = stats_tree_create_pivot(tree, phrase(PHRASE_FINDINGS), 0);
}

static void count_reached(stats_tree *tree, const struct verdict *v, unsigned end, uint8_t state)
{
    stats_tree_tick_pivot(tree, reached[words_role(v, end)], state_text(state)->name);
}

static void count_step(stats_tree *tree, const struct verdict *v, const struct step *step)
{
    struct draft name;
    SAY(draft_begin(&name), state_text(step->from)->name, " -> ", state_text(step->to)->name);
    stats_tree_tick_pivot(tree, taken[words_role(v, step->end)], name.text);
    count_reached(tree, v, step->end, step->to);
}

/* An end may be in a state from the beginning, or move without a step that has a name. */
static void count_unexplained(stats_tree *tree, const struct verdict *v, unsigned end)
{
    uint8_t state = v->end[end].was;
    for (unsigned i = 0; i < v->steps; i++)
        if (v->step[i].end == end)
            state = v->step[i].to;
    if (state != v->end[end].state)
        count_reached(tree, v, end, v->end[end].state);
}

static tap_packet_status packet(stats_tree *tree, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                const void *tapped, tap_flags_t flags _U_)
{
    const struct tcpstate_tap_info *info = tapped;
    const struct verdict *v = &info->recorded.verdict;
    stats_tree_tick_pivot(
        tree, reading,
        phrase(info->recorded.hindsight ? PHRASE_READING_HINDSIGHT : PHRASE_READING_LIVE));
    for (unsigned i = 0; i < v->steps; i++)
        count_step(tree, v, &v->step[i]);
    for (unsigned end = 0; end < 2; end++)
        count_unexplained(tree, v, end);
    if (!info->is_icmp)
        stats_tree_tick_pivot(tree, verdicts, words_verdict(v->class));
    for (unsigned i = 0; checks_any(&v->checks) && i < CHECK_COUNT; i++)
        if (checks_has(&v->checks, i))
            stats_tree_tick_pivot(tree, findings, check_text(i)->name);
    return TAP_PACKET_REDRAW;
}

void stats_register(void)
{
    char *title = /* program lifetime */
        g_strdup_printf("TCP State%s%s", COMPAT_MENU_SEPARATOR, phrase(PHRASE_TREE_TITLE));
    stats_tree_register_plugin("tcpstate", "tcpstate", title, TL_REQUIRES_NOTHING, packet, begin,
                               NULL);
}
