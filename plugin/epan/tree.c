/* The details of one packet, to be read from top to bottom: what to think of the segment, who moved
 * and why, where each end stands now, and which other frames it has to do with.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Drawn from the record only. Nothing in it are bytes of the packet, so every item is marked as
 * generated; what would only repeat a line above is hidden, but there for filters, columns and
 * JSON. Expert items are issued without a tree as well: the Expert dialog counts on them. */
#include "tree.h"

#include "again.h"
#include "ending.h"
#include "fields.h"
#include "observe.h"
#include "sentences.h"
#include "tree_causes.h"
#include "tree_outcome.h"
#include "waiting.h"
#include "words.h"

#include <epan/column-info.h>
#include <epan/tap.h>
#include <epan/to_str.h>

/* What the functions below have in common, for one segment. */
struct drawing {
    tvbuff_t *tvb;
    packet_info *pinfo;
    const struct tcpstate_tap_info *info;
    const struct verdict *v;
    bool detailed; /* somebody asks for our fields */
};

/* With its label: Wireshark would look at each character of ours to see whether it can be printed.
 */
static proto_item *add_string(const struct drawing *d, proto_tree *tree, int field,
                              const char *text)
{
    proto_item *item =
        proto_tree_add_string_format(tree, field, d->tvb, 0, 0, text, "%s: %s",
                                     proto_registrar_get_nth((unsigned)field)->name, text);
    proto_item_set_generated(item);
    return item;
}

/* The twin of an enumerated field says nothing new to a reader. */
static void add_twin(const struct drawing *d, proto_tree *tree, int field, const char *text)
{
    proto_item *item = proto_tree_add_string(tree, field, d->tvb, 0, 0, text);
    proto_item_set_generated(item);
    proto_item_set_hidden(item);
}

static void hide_if(bool says_nothing_new, proto_item *item)
{
    if (says_nothing_new)
        proto_item_set_hidden(item);
}

/* A state and its twin. */
static proto_item *add_state(const struct drawing *d, proto_tree *tree, int field, int twin,
                             uint8_t state)
{
    proto_item *item = proto_tree_add_uint(tree, field, d->tvb, 0, 0, state);
    proto_item_set_generated(item);
    add_twin(d, tree, twin, state_text(state)->name);
    return item;
}

/* A link to another frame, and a remark on it; 0 is none. */
static void add_frame(const struct drawing *d, proto_tree *tree, int field, uint32_t frame,
                      const char *remark)
{
    if (!frame)
        return;
    proto_item *item = proto_tree_add_uint(tree, field, d->tvb, 0, 0, frame);
    proto_item_set_generated(item);
    if (*remark) /* an empty one would cost as much */
        proto_item_append_text(item, "%s", remark);
}

static void draw_findings(const struct drawing *d, proto_tree *tree)
{
    for (unsigned i = 0; checks_any(&d->v->checks) && i < CHECK_COUNT; i++) {
        if (!checks_has(&d->v->checks, i))
            continue;
        proto_item *item =
            d->detailed ? add_string(d, tree, hf[FIELD_check], check_text(i)->name) : tree;
        struct draft text;
        words_finding(draft_begin(&text), d->v, i);
        expert_add_info_format(d->pinfo, item, &ei_check[i], "%s", text.text);
    }
}

/* So that the line tells them without being unfolded. */
static void append_findings(const struct drawing *d, proto_item *item)
{
    const char *separator = ": ";
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (checks_has(&d->v->checks, i)) {
            proto_item_append_text(item, "%s%s", separator, check_text(i)->name);
            separator = ", ";
        }
    }
}

static void draw_verdict(const struct drawing *d, proto_tree *tree)
{
    proto_item *item = proto_tree_add_uint(tree, hf[FIELD_verdict], d->tvb, 0, 0, d->v->class);
    proto_item_set_generated(item);
    append_findings(d, item);
    add_twin(d, tree, hf[FIELD_verdict_str], words_verdict(d->v->class));
    draw_findings(d, proto_item_add_subtree(item, ett[ETT_VERDICT]));
}

/* What became of the segment, which the whole capture tells. */
static void draw_fate(const struct drawing *d, proto_tree *tree)
{
    struct draft text;
    if (!d->v->fate || !d->info->recorded.hindsight)
        return;
    words_fate(draft_begin(&text), d->v);
    proto_item_set_generated(
        proto_tree_add_uint_format(tree, hf[FIELD_fate], d->tvb, 0, 0, d->v->fate, "%s: %s",
                                   proto_registrar_get_name(hf[FIELD_fate]), text.text));
    add_twin(d, tree, hf[FIELD_fate_str], words_fate_name(d->v->fate));
    add_frame(d, tree, hf[FIELD_fate_frame], d->v->fate_frame, "");
}

/* The frame to which a move is due: mostly this one, which a reader need not be told. */
static void draw_cause(const struct drawing *d, proto_tree *tree, uint32_t frame)
{
    proto_item *item = proto_tree_add_uint(tree, hf[FIELD_cause], d->tvb, 0, 0, frame);
    proto_item_set_generated(item);
    if (frame == d->pinfo->num)
        proto_item_set_hidden(item);
}

static void draw_step(const struct drawing *d, proto_tree *tree, const struct step *step)
{
    proto_item *item = tree;
    struct draft text;
    if (d->detailed) {
        const enum role role = words_role(d->v, step->end);
        words_transition(draft_begin(&text), d->v, step);
        item = add_string(d, tree, hf[FIELD_transition], text.text);
        words_because(draft_begin(&text), d->v, step);
        proto_item_append_text(item, ": %s", text.text);
        proto_tree *details = proto_item_add_subtree(item, ett[ETT_STEP]);
        add_string(d, details, hf_end[role][END_FIELD_because], text.text);
        draw_cause(d, details, step->frame);
    }
    words_moved(draft_begin(&text), d->v, step);
    expert_add_info_format(d->pinfo, item, &ei_moved, "%s", text.text);
}

static void draw_steps(const struct drawing *d, proto_tree *tree)
{
    for (unsigned i = 0; i < d->v->steps; i++)
        draw_step(d, tree, &d->v->step[i]);
}

/* Every state the end can be in, when there is a choice. */
static void draw_possible(const struct drawing *d, proto_tree *tree, const int *fields,
                          state_set possible)
{
    if ((possible & (possible - 1)) == 0)
        return;
    for (unsigned n = STATE_CLOSED; n < STATE_COUNT; n++)
        if (possible & (1u << n))
            add_string(d, tree, fields[END_FIELD_possible], state_text(n)->name);
}

static void add_time(const struct drawing *d, proto_tree *tree, int field, int64_t nanoseconds)
{
    const nstime_t time = {.secs = (time_t)(nanoseconds / 1000000000),
                           .nsecs = (int)(nanoseconds % 1000000000)};
    proto_item_set_generated(proto_tree_add_time(tree, field, d->tvb, 0, 0, &time));
}

/* How often the segment was sent before, and when. */
static void draw_retransmission(const struct drawing *d, proto_tree *tree)
{
    const struct retries *r = &d->v->retries[d->v->sender];
    struct draft text;
    if (!d->v->again)
        return;
    again_text(draft_begin(&text), d->v);
    proto_item_set_generated(
        proto_tree_add_uint_format(tree, hf[FIELD_retransmission], d->tvb, 0, 0, r->times, "%s: %s",
                                   proto_registrar_get_name(hf[FIELD_retransmission]), text.text));
    if (r->pause)
        add_time(d, tree, hf[FIELD_retransmission_after], (int64_t)r->pause * 1000);
}

static void draw_since(const struct drawing *d, proto_tree *tree, const int *fields, unsigned end)
{
    const uint32_t since = d->v->end[end].since;
    if (!since)
        return;
    add_frame(d, tree, fields[END_FIELD_since], since, "");
    add_time(d, tree, fields[END_FIELD_elapsed], d->info->segment.time - records_time(since));
}

static void say_state(const struct sink *to, const struct end_view *view)
{
    SAY(to, state_text(view->state)->name, words_assumed(view));
}

/* The headline of an end, with its socket, so that both ends can be read without unfolding. */
static proto_tree *draw_headline(const struct drawing *d, proto_tree *tree, enum role role,
                                 unsigned end)
{
    const struct end_view *view = &d->v->end[end];
    const bool is_sender = end == d->v->sender;
    struct draft text;
    SAY(draft_begin(&text), words_role_title(role), ": ");
    say_state(&text.sink, view);
    if (view->was != view->state)
        say_was(&text.sink, state_text(view->was)->name);
    SAY(&text.sink, ", ",
        address_to_str(d->pinfo->pool, is_sender ? &d->info->src : &d->info->dst));
    proto_item *item = proto_tree_add_uint_format(tree, hf_end[role][END_FIELD_state], d->tvb, 0, 0,
                                                  view->state, "%s:%u", text.text,
                                                  is_sender ? d->info->srcport : d->info->dstport);
    proto_item_set_generated(item);
    return proto_item_add_subtree(item, ett[ETT_END]);
}

static void draw_states(const struct drawing *d, proto_tree *tree)
{
    struct draft text;
    words_states(draft_begin(&text), d->v);
    add_twin(d, tree, hf[FIELD_states], text.text);
}

/* Where it came from, and what of it is proved: worth a line where that is something else. */
static void draw_certainty(const struct drawing *d, proto_tree *tree, const int *fields,
                           const struct end_view *view)
{
    const bool assumed = words_is_assumed(view);
    proto_item *item =
        proto_tree_add_boolean(tree, fields[END_FIELD_assumed], d->tvb, 0, 0, assumed);
    proto_item_set_generated(item);
    hide_if(!assumed, item);
    hide_if(!assumed, add_state(d, tree, fields[END_FIELD_confirmed],
                                fields[END_FIELD_confirmed_str], view->confirmed));
    draw_possible(d, tree, fields, view->possible);
    hide_if(view->was == view->state,
            add_state(d, tree, fields[END_FIELD_was], fields[END_FIELD_was_str], view->was));
}

/* Filters ask for few fields, and for all of them only if they are looked at. */
static bool is_any_wanted(proto_tree *tree, const int *fields, unsigned count)
{
    while (count > 0 && !proto_field_is_referenced(tree, fields[count - 1]))
        count--;
    return count > 0;
}

static void draw_end(const struct drawing *d, proto_tree *parent, enum role role)
{
    const unsigned end = words_end(d->v, role);
    const struct end_view *view = &d->v->end[end];
    const int *fields = hf_end[role];
    struct draft text;
    if (!is_any_wanted(parent, fields, END_FIELD_COUNT))
        return;
    proto_tree *tree = draw_headline(d, parent, role, end);
    add_twin(d, tree, fields[END_FIELD_state_str], state_text(view->state)->name);
    words_meaning(draft_begin(&text), view->state);
    add_string(d, tree, fields[END_FIELD_meaning], text.text);
    waiting_next(draft_begin(&text), d->v, end);
    add_string(d, tree, fields[END_FIELD_next], text.text);
    draw_certainty(d, tree, fields, view);
    draw_since(d, tree, fields, end);
    if (d->info->recorded.hindsight && d->info->recorded.live[end] != view->state)
        add_state(d, tree, fields[END_FIELD_live], fields[END_FIELD_live_str],
                  d->info->recorded.live[end]);
}

/* Sender or receiver; where they stand is told above. */
static void draw_party(const struct drawing *d, proto_tree *tree, int field, int state, int twin,
                       unsigned end)
{
    add_string(d, tree, field, words_role_name(words_role(d->v, end)));
    proto_item_set_hidden(add_state(d, tree, state, twin, d->v->end[end].state));
}

/* Where the sentences about the end are added. */
struct ending_place {
    const struct drawing *d;
    proto_tree *tree;
};

static void add_ending(void *context, wording sentence)
{
    const struct ending_place *at = context;
    add_string(at->d, at->tree, hf[FIELD_end], sentence);
}

/* Which frame is the last is known when all have been seen: in a second pass. */
static void draw_ending(const struct drawing *d, proto_tree *tree)
{
    struct ending ending;
    if (!d->info->recorded.hindsight ||
        !observe_ending(&d->info->recorded, d->info->segment.time, &ending))
        return;
    ending_tell(d->v, &ending, add_ending, &(struct ending_place){d, tree});
    tree_outcome(tree, d->tvb, d->v, &ending.outcome);
}

static void draw_links(const struct drawing *d, proto_tree *tree)
{
    struct draft text;
    draw_party(d, tree, hf[FIELD_sender], hf[FIELD_sender_state], hf[FIELD_sender_state_str],
               d->v->sender);
    draw_party(d, tree, hf[FIELD_receiver], hf[FIELD_receiver_state], hf[FIELD_receiver_state_str],
               !d->v->sender);
    words_owes(draft_begin(&text), d->v);
    if (text.length)
        add_string(d, tree, hf[FIELD_owes], text.text);
    add_frame(d, tree, hf[FIELD_answers], d->v->answers, "");
    words_evidence(draft_begin(&text), d->v);
    add_frame(d, tree, hf[FIELD_evidence], d->v->evidence, text.text);
    proto_item_set_generated(proto_tree_add_uint(tree, hf[FIELD_connection], d->tvb, 0, 0,
                                                 d->info->recorded.verdict.connection));
    add_string(d, tree, hf[FIELD_roles], words_roles_known_by(d->v));
    draw_ending(d, tree);
}

static proto_tree *draw_title(const struct drawing *d, proto_tree *tree)
{
    struct draft text;
    SAY(draft_begin(&text), "TCP State: client ");
    say_state(&text.sink, &d->v->end[d->v->client]);
    SAY(&text.sink, ", server ");
    say_state(&text.sink, &d->v->end[!d->v->client]);
    proto_item *item =
        proto_tree_add_protocol_format(tree, proto_tcpstate, d->tvb, 0, 0, "%s", text.text);
    proto_item_set_generated(item);
    return proto_item_add_subtree(item, ett[ETT_PROTOCOL]);
}

static int tap_expert; /* program lifetime: Wireshark's own, which it registers last of all */

void tree_begin(void)
{
    tap_expert = find_tap_id("expert");
}

static bool has_expert_column(const packet_info *pinfo)
{
    return pinfo->cinfo && pinfo->cinfo->col_first[COL_EXPERT] >= 0;
}

bool tree_is_wanted(const packet_info *pinfo, proto_tree *tree)
{
    return (tree && (proto_field_is_referenced(tree, proto_tcpstate) ||
                     proto_field_is_referenced(tree, proto_expert))) ||
           have_tap_listener(tap_expert) || has_expert_column(pinfo);
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
    struct drawing d = {tvb, pinfo, info, &info->recorded.verdict,
                        proto_field_is_referenced(tree, proto_tcpstate)};
    /* Most programs ask for few fields; building ours for nobody would cost them time. */
    if (!d.detailed) {
        draw_findings(&d, tree);
        draw_steps(&d, tree);
        return;
    }
    proto_tree *subtree = draw_title(&d, tree);
    draw_verdict(&d, subtree);
    draw_fate(&d, subtree);
    draw_retransmission(&d, subtree);
    tree_idle(subtree, tvb, d.v);
    tree_causes_draw(subtree, tvb, info);
    draw_steps(&d, subtree);
    draw_end(&d, subtree, ROLE_CLIENT);
    draw_end(&d, subtree, ROLE_SERVER);
    draw_links(&d, subtree);
    draw_states(&d, subtree);
}

void tree_append_to_info(packet_info *pinfo, const struct tcpstate_tap_info *info)
{
    struct draft text;
    words_states(draft_begin(&text), &info->recorded.verdict);
    col_append_fstr(pinfo->cinfo, COL_INFO, " [%s]", text.text);
}
