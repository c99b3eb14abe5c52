/* See experts.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * To issue one, Wireshark formats six texts, which took a tenth of the time for all details; and
 * nearly every segment that moves somebody has one. Where nobody collects expert items, but
 * details are printed, the same fields are added one by one. */
#include "experts.h"

#include "sentences.h"

/* Wireshark's own fields. Program lifetime. */
static int message_field, severity_field, group_field;

void experts_begin(void)
{
    message_field = proto_registrar_get_id_byname("_ws.expert.message");
    severity_field = proto_registrar_get_id_byname("_ws.expert.severity");
    group_field = proto_registrar_get_id_byname("_ws.expert.group");
}

/* An item is as severe as the severest in it. */
static void mark(proto_item *item, const expert_field_info *kind)
{
    for (; item && PITEM_FINFO(item); item = proto_item_get_parent(item)) {
        field_info *marked = PITEM_FINFO(item);
        if (FI_GET_FLAG(marked, PI_SEVERITY_MASK) > (unsigned)kind->severity)
            return;
        marked->flags &= ~(unsigned)(PI_SEVERITY_MASK | PI_GROUP_MASK);
        FI_SET_FLAG(marked, (unsigned)(kind->severity | kind->group));
    }
}

static void add(const struct drawing *d, proto_item *item, const expert_field_info *kind,
                const expert_field *expert, const char *message)
{
    const wording severity = val_to_str_const((uint32_t)kind->severity, expert_severity_vals, ""),
                  group = val_to_str_const((uint32_t)kind->group, expert_group_vals, "");
    struct drawing nowhere = *d;
    struct draft line;
    nowhere.tvb = NULL;
    say_expert_title(draft_begin(&line), severity, group, message);
    proto_tree *tree = proto_item_add_subtree(item, ett[ETT_EXPERT]);
    proto_item *title = items_bare(&nowhere, tree, proto_expert, line.text);
    proto_item_set_hidden(title);
    tree = proto_item_add_subtree(title, ett[ETT_EXPERT]);
    items_bare(&nowhere, tree, expert->hf, message);
    items_string(&nowhere, tree, message_field, message, NULL);
    say_expert_severity(draft_begin(&line), severity);
    items_number(&nowhere, tree, severity_field, (uint32_t)kind->severity, line.text);
    say_expert_group(draft_begin(&line), group);
    items_number(&nowhere, tree, group_field, (uint32_t)kind->group, line.text);
}

void experts_issue(const struct drawing *d, proto_item *item, expert_field *expert,
                   const char *message)
{
    const expert_field_info *kind = fields_expert(expert);
    if (d->visible && !d->collected && strlen(message) < ITEM_LABEL_LENGTH) {
        mark(item, kind);
        add(d, item, kind, expert, message);
        return;
    }
    expert_add_info_format(d->pinfo, item, expert, "%s", message);
    if (d->visible)
        proto_item_set_hidden(item->last_child);
}
