/* See tree_causes.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree_causes.h"

#include "causes.h"
#include "fields.h"
#include "words.h"

/* A number with its sentence, its name for scripts, and the frame on which it rests. */
struct fields {
    int number, name, frame;
};

static void add(proto_tree *tree, tvbuff_t *tvb, const struct fields *fields, uint8_t number,
                const char *name, const char *sentence, uint32_t frame)
{
    proto_item *item =
        proto_tree_add_uint_format(tree, fields->number, tvb, 0, 0, number, "%s: %s",
                                   proto_registrar_get_name(fields->number), sentence);
    proto_item_set_generated(item);
    item = proto_tree_add_string(tree, fields->name, tvb, 0, 0, name);
    proto_item_set_generated(item);
    proto_item_set_hidden(item);
    if (!frame)
        return;
    item = proto_tree_add_uint(tree, fields->frame, tvb, 0, 0, frame);
    proto_item_set_generated(item);
}

void tree_causes_draw(proto_tree *tree, tvbuff_t *tvb, const struct tcpstate_tap_info *info)
{
    const struct verdict *v = &info->recorded.verdict;
    struct draft text;
    if (!segment_is(&info->segment, SEG_RST) || info->is_icmp)
        return;
    SAY(draft_begin(&text), words_role_name(words_role(v, v->sender)), " ");
    causes_text(&text.sink, v);
    add(tree, tvb,
        &(struct fields){hf[FIELD_rst_cause], hf[FIELD_rst_cause_str], hf[FIELD_rst_cause_frame]},
        v->cause, causes_name(v->cause), text.text, v->cause_frame);
}
