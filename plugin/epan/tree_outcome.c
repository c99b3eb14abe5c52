/* See tree_outcome.h. The sentences say it all; so the items are hidden, but there for filters,
 * columns and JSON.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree_outcome.h"

#include "delivered.h"
#include "fields.h"

static void add_octets(proto_tree *tree, tvbuff_t *tvb, int field, uint64_t octets)
{
    proto_item *item = proto_tree_add_uint64(tree, field, tvb, 0, 0, octets);
    proto_item_set_generated(item);
    proto_item_set_hidden(item);
}

static void add_delivery(proto_tree *tree, tvbuff_t *tvb, const int *fields,
                         const struct delivery *d)
{
    if (!d->is_known)
        return;
    add_octets(tree, tvb, fields[DELIVERY_FIELD_acknowledged], d->acknowledged);
    if (d->acknowledged_max > d->acknowledged)
        add_octets(tree, tvb, fields[DELIVERY_FIELD_acknowledged_max], d->acknowledged_max);
    add_octets(tree, tvb, fields[DELIVERY_FIELD_unacknowledged], d->unacknowledged);
    add_octets(tree, tvb, fields[DELIVERY_FIELD_held], d->held);
    add_octets(tree, tvb, fields[DELIVERY_FIELD_in_vain], d->in_vain);
}

void tree_outcome(proto_tree *tree, tvbuff_t *tvb, const struct verdict *v,
                  const struct outcome *outcome)
{
    const enum closed_by by = delivered_closed_by(v, outcome);
    proto_item *item = proto_tree_add_uint(tree, hf[FIELD_closed_by], tvb, 0, 0, by);
    proto_item_set_generated(item);
    proto_item_set_hidden(item);
    item = proto_tree_add_string(tree, hf[FIELD_closed_by_str], tvb, 0, 0, delivered_closer(by));
    proto_item_set_generated(item);
    proto_item_set_hidden(item);
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        add_delivery(tree, tvb, hf_delivery[role], &outcome->delivered[words_end(v, role)]);
}

void tree_idle(proto_tree *tree, tvbuff_t *tvb, const struct verdict *v)
{
    const nstime_t time = {.secs = (time_t)(v->idle / 1000000000),
                           .nsecs = (int)(v->idle % 1000000000)};
    if (!v->idle)
        return;
    proto_item_set_generated(proto_tree_add_time(tree, hf[FIELD_idle], tvb, 0, 0, &time));
}
