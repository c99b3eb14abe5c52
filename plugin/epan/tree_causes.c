/* See tree_causes.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree_causes.h"

#include "causes.h"

/* The sender is the subject of either sentence. */
static const struct sink *begin(const struct drawing *d, struct draft *line)
{
    SAY(items_line(d, line), words_role_title(words_role(d->v, d->v->sender)), " ");
    return &line->sink;
}

static void draw_rst(const struct drawing *d, proto_tree *tree)
{
    const struct verdict *v = d->v;
    struct draft line;
    causes_text(begin(d, &line), v);
    items_named(d, tree, hf[FIELD_rst_cause], hf[FIELD_rst_cause_str], v->cause,
                causes_name(v->cause), line.text);
    if (v->cause_frame)
        items_number(d, tree, hf[FIELD_rst_cause_frame], v->cause_frame, NULL);
}

/* Of a SYN or FIN that is sent again a finding says all that there is to say. */
static void draw_resend(const struct drawing *d, proto_tree *tree)
{
    const struct verdict *v = d->v;
    const bool is_found = segment_any(&d->info->segment, SEG_SYN | SEG_FIN);
    struct draft line;
    causes_resend_text(begin(d, &line), v);
    items_named(d, tree, hf[FIELD_retransmission_cause], hf[FIELD_retransmission_cause_str],
                v->resend, causes_resend_name(v->resend), is_found ? NULL : line.text);
}

void tree_causes_draw(const struct drawing *d, proto_tree *tree)
{
    if (d->v->resend)
        draw_resend(d, tree);
    if (segment_is(&d->info->segment, SEG_RST) && !d->info->is_icmp)
        draw_rst(d, tree);
}
