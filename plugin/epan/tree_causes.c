/* See tree_causes.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree_causes.h"

#include "causes.h"

void tree_causes_draw(const struct drawing *d, proto_tree *tree)
{
    const struct verdict *v = d->v;
    struct draft line;
    if (!segment_is(&d->info->segment, SEG_RST) || d->info->is_icmp)
        return;
    SAY(draft_begin(&line), words_role_title(words_role(v, v->sender)), " ");
    causes_text(&line.sink, v);
    items_named(d, tree, hf[FIELD_rst_cause], hf[FIELD_rst_cause_str], v->cause,
                causes_name(v->cause), line.text);
    if (v->cause_frame)
        items_number(d, tree, hf[FIELD_rst_cause_frame], v->cause_frame, NULL);
}
