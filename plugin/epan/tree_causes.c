/* See tree_causes.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree_causes.h"

#include "causes.h"
#include "fields.h"
#include "words.h"

/* A number with its sentence, of which the sender is the subject, and its name for scripts. */
static void add(proto_tree *tree, tvbuff_t *tvb, int field, int twin, uint8_t number,
                const char *name, const char *who, const char *sentence)
{
    proto_item *item = proto_tree_add_uint_format(tree, field, tvb, 0, 0, number, "%s: %s %s",
                                                  proto_registrar_get_name(field), who, sentence);
    proto_item_set_generated(item);
    item = proto_tree_add_string(tree, twin, tvb, 0, 0, name);
    proto_item_set_generated(item);
    proto_item_set_hidden(item);
}

static void draw_rst(proto_tree *tree, tvbuff_t *tvb, const struct verdict *v, const char *who)
{
    struct draft text;
    causes_text(draft_begin(&text), v);
    add(tree, tvb, hf[FIELD_rst_cause], hf[FIELD_rst_cause_str], v->cause, causes_name(v->cause),
        who, text.text);
    if (v->cause_frame)
        proto_item_set_generated(
            proto_tree_add_uint(tree, hf[FIELD_rst_cause_frame], tvb, 0, 0, v->cause_frame));
}

static void draw_resend(proto_tree *tree, tvbuff_t *tvb, const struct verdict *v, const char *who)
{
    struct draft text;
    causes_resend_text(draft_begin(&text), v);
    add(tree, tvb, hf[FIELD_retransmission_cause], hf[FIELD_retransmission_cause_str], v->resend,
        causes_resend_name(v->resend), who, text.text);
}

void tree_causes_draw(proto_tree *tree, tvbuff_t *tvb, const struct tcpstate_tap_info *info)
{
    const struct verdict *v = &info->recorded.verdict;
    const char *who = words_role_name(words_role(v, v->sender));
    if (v->resend)
        draw_resend(tree, tvb, v, who);
    if (segment_is(&info->segment, SEG_RST) && !info->is_icmp)
        draw_rst(tree, tvb, v, who);
}
