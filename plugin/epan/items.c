/* See items.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "items.h"

#include "number.h"

/* What a reader sees instead of name and value. Wireshark's own way there is printf, which takes as
 * long as all the rest of an item. Where that would cut the line, it has its way. */
static void set_label(proto_item *item, const char *line)
{
    field_info *made = PITEM_FINFO(item);
    const size_t size = strlen(line) + 1;
    if (size > sizeof made->rep->representation) {
        proto_item_set_text(item, "%s", line);
        return;
    }
    made->rep = wmem_new0(PNODE_POOL(item), item_label_t);
    memcpy(made->rep->representation, line, size);
}

static proto_item *finish(const struct drawing *d, proto_item *item, const char *line)
{
    proto_item_set_generated(item);
    if (!line)
        proto_item_set_hidden(item);
    else if (d->visible)
        set_label(item, line);
    return item;
}

static void write_nothing(void *unused _U_, const char *text _U_, size_t length _U_)
{
}

const struct sink *items_line(const struct drawing *d, struct draft *line)
{
    draft_begin(line);
    if (!d->visible)
        line->sink.write = write_nothing;
    return &line->sink;
}

/* Wireshark would make it, and throw it away. */
static bool is_for_nobody(const struct drawing *d, proto_tree *tree, int field)
{
    return !d->visible && !proto_field_is_referenced(tree, field);
}

bool items_asks_expert(const struct drawing *d, proto_tree *tree, const expert_field *expert)
{
    return d->experts || !is_for_nobody(d, tree, expert->hf);
}

/* Without a line of its own, a label is made only when somebody looks. */
proto_item *items_string(const struct drawing *d, proto_tree *tree, int field, const char *value,
                         const char *line)
{
    if (is_for_nobody(d, tree, field))
        return tree;
    return finish(d, proto_tree_add_string(tree, field, d->tvb, 0, 0, value), line);
}

proto_item *items_number(const struct drawing *d, proto_tree *tree, int field, uint32_t value,
                         const char *line)
{
    if (is_for_nobody(d, tree, field))
        return tree;
    return finish(d, proto_tree_add_uint(tree, field, d->tvb, 0, 0, value), line);
}

proto_item *items_bare(const struct drawing *d, proto_tree *tree, int field, const char *line)
{
    return finish(d, proto_tree_add_item(tree, field, d->tvb, 0, 0, ENC_NA), line);
}

proto_item *items_title(const struct drawing *d, proto_tree *tree, const char *line)
{
    if (d->visible)
        return items_bare(d, tree, proto_tcpstate, line);
    return finish(d, proto_tree_add_protocol_format(tree, proto_tcpstate, d->tvb, 0, 0, "%s", line),
                  line);
}

proto_item *items_named(const struct drawing *d, proto_tree *tree, int field, int twin,
                        uint32_t value, const char *name, const char *line)
{
    proto_item *item = items_number(d, tree, field, value, line);
    items_string(d, tree, twin, name, NULL);
    return item;
}

void items_flag(const struct drawing *d, proto_tree *tree, int field, bool value)
{
    if (!is_for_nobody(d, tree, field))
        finish(d, proto_tree_add_boolean(tree, field, d->tvb, 0, 0, value), NULL);
}

void items_octets(const struct drawing *d, proto_tree *tree, int field, uint64_t octets)
{
    if (!is_for_nobody(d, tree, field))
        finish(d, proto_tree_add_uint64(tree, field, d->tvb, 0, 0, octets), NULL);
}

void items_time(const struct drawing *d, proto_tree *tree, int field, int64_t nanoseconds)
{
    const nstime_t time = {.secs = (time_t)(nanoseconds / NANOSECONDS),
                           .nsecs = (int)(nanoseconds % NANOSECONDS)};
    if (!is_for_nobody(d, tree, field))
        finish(d, proto_tree_add_time(tree, field, d->tvb, 0, 0, &time), NULL);
}
