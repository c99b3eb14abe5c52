/* The details of one packet, to be read from top to bottom: the title says what the segment did,
 * then come the findings, who moved and why, where each end stands now, and which other frames it
 * has to do with.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Drawn from the record only. */
#include "tree.h"

#include "experts.h"
#include "gui.h"
#include "items.h"
#include "notable.h"
#include "prefs.h"
#include "sentences.h"
#include "tree_causes.h"
#include "tree_end.h"
#include "tree_links.h"
#include "tree_outcome.h"
#include "tree_segment.h"

#include <epan/column-info.h>
#include <epan/tap.h>

/* SYN_SENT -> ESTABLISHED (assumed) */
static const char *say_state(struct draft *text, const struct end_view *end)
{
    if (end->was != end->state)
        say_from(draft_begin(text), state_text(end->was)->name);
    else
        draft_begin(text);
    SAY(&text->sink, state_text(end->state)->name, words_assumed(end));
    return text->text;
}

/* Whoever asks for fields only asks for the protocol's children, not for itself. */
static bool is_title_asked(const struct drawing *d, proto_tree *tree)
{
    return d->visible || !PTREE_DATA(tree)->fake_protocols ||
           proto_registrar_get_nth((unsigned)proto_tcpstate)->ref_type != HF_REF_TYPE_INDIRECT;
}

static proto_tree *draw_title(const struct drawing *d, proto_tree *tree)
{
    const struct verdict *v = d->v;
    if (!is_title_asked(d, tree))
        return tree;
    struct draft text, client, server, notable;
    notable_write(draft_begin(&notable), v, d->info->recorded.hindsight);
    say_details_title(draft_begin(&text), say_state(&client, &v->end[v->client]),
                      say_state(&server, &v->end[!v->client]), notable.length ? ": " : NULL,
                      notable.text);
    return proto_item_add_subtree(items_title(d, tree, text.text), ett[ETT_PROTOCOL]);
}

/* Program lifetime. */
static int tap_expert;  /* Wireshark's own, which it registers last of all */
static bool is_to_open; /* of this file nobody has seen details yet */

void tree_begin(void)
{
    experts_begin();
    tap_expert = find_tap_id("expert");
    is_to_open = preferences_unfold();
}

/* Below the ports, which stock TCP has first; what a user folds stays so until another file. */
static void open_details(const struct drawing *d, proto_tree *tcp, proto_tree *subtree)
{
    proto_node *const first = tcp->first_child, *const ports = first ? first->next : NULL;
    if (!preferences_unfold() || !d->visible || !PTREE_FINFO(tcp))
        return;
    if (ports && ports != subtree)
        proto_tree_move_item(tcp, ports, subtree);
    if (is_to_open) {
        tree_expanded_set(PTREE_FINFO(tcp)->tree_type, true);
        tree_expanded_set(ett[ETT_PROTOCOL], true);
        tree_expanded_set(ett[ETT_END], true);
    }
    is_to_open = false;
}

static bool has_expert_column(const packet_info *pinfo)
{
    return pinfo->cinfo && pinfo->cinfo->col_first[COL_EXPERT] >= 0;
}

static bool are_experts_collected(const packet_info *pinfo)
{
    return have_tap_listener(tap_expert) || has_expert_column(pinfo);
}

static bool are_experts_wanted(const packet_info *pinfo, proto_tree *tree)
{
    return (tree && proto_field_is_referenced(tree, proto_expert)) || are_experts_collected(pinfo);
}

bool tree_is_wanted(const packet_info *pinfo, proto_tree *tree)
{
    return (tree && proto_field_is_referenced(tree, proto_tcpstate)) ||
           are_experts_wanted(pinfo, tree);
}

void tree_feed_indicator(packet_info *pinfo, const struct verdict *v)
{
    if (v->steps && expert_get_highest_severity() < PI_CHAT)
        expert_add_info(pinfo, NULL, &ei_moved);
    for (unsigned i = 0; checks_any(&v->checks) && i < CHECK_COUNT; i++)
        if (checks_has(&v->checks, i) && expert_get_highest_severity() < fields_severity(i))
            expert_add_info(pinfo, NULL, &ei_check[i]);
}

void tree_draw(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo,
               const struct tcpstate_tap_info *info)
{
    const struct drawing d = {.tvb = tvb,
                              .pinfo = pinfo,
                              .info = info,
                              .v = &info->recorded.verdict,
                              .detailed = tree && proto_field_is_referenced(tree, proto_tcpstate),
                              .visible = tree && PTREE_DATA(tree)->visible,
                              .experts = gui_ops() || are_experts_wanted(pinfo, tree),
                              .collected = gui_ops() || are_experts_collected(pinfo)};
    /* Most programs ask for few fields; building ours for nobody would cost them time. */
    if (!d.detailed) {
        tree_segment_draw(&d, tree);
        return;
    }
    proto_tree *subtree = draw_title(&d, tree);
    tree_segment_draw(&d, subtree);
    tree_causes_draw(&d, subtree);
    tree_outcome_idle(&d, subtree);
    tree_end_draw(&d, subtree, ROLE_CLIENT);
    tree_end_draw(&d, subtree, ROLE_SERVER);
    tree_links_draw(&d, subtree);
    open_details(&d, tree, subtree);
}

void tree_append_to_info(packet_info *pinfo, const struct tcpstate_tap_info *info)
{
    struct draft text;
    words_states(draft_begin(&text), &info->recorded.verdict);
    col_append_fstr(pinfo->cinfo, COL_INFO, " [%s]", text.text);
}
