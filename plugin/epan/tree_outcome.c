/* See tree_outcome.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree_outcome.h"

#include "delivered.h"

static void draw_delivery(const struct drawing *d, proto_tree *tree, const int *fields,
                          const struct delivery *delivery)
{
    if (!delivery->is_known)
        return;
    items_octets(d, tree, fields[DELIVERY_FIELD_acknowledged], delivery->acknowledged);
    if (delivery->acknowledged_max > delivery->acknowledged)
        items_octets(d, tree, fields[DELIVERY_FIELD_acknowledged_max], delivery->acknowledged_max);
    items_octets(d, tree, fields[DELIVERY_FIELD_unacknowledged], delivery->unacknowledged);
    items_octets(d, tree, fields[DELIVERY_FIELD_held], delivery->held);
    items_octets(d, tree, fields[DELIVERY_FIELD_in_vain], delivery->in_vain);
}

void tree_outcome_draw(const struct drawing *d, proto_tree *tree, const struct outcome *outcome)
{
    const enum closed_by by = delivered_closed_by(d->v, outcome);
    items_named(d, tree, hf[FIELD_closed_by], hf[FIELD_closed_by_str], by, delivered_closer(by),
                NULL);
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        draw_delivery(d, tree, hf_delivery[role], &outcome->delivered[words_end(d->v, role)]);
}

void tree_outcome_idle(const struct drawing *d, proto_tree *tree)
{
    if (d->v->idle)
        items_time(d, tree, hf[FIELD_idle], d->v->idle);
}
