/* The lines of the details: each is an item of ours, shown with a text or hidden.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is hidden is there for filters, columns and JSON. Nothing in the details are bytes of the
 * packet, so every item is marked as generated. */
#ifndef TCPSTATE_ITEMS_H
#define TCPSTATE_ITEMS_H

#include "fields.h"
#include "sink.h"
#include "tap.h"

/* What those that draw have in common, for one segment. */
struct drawing {
    tvbuff_t *tvb;
    packet_info *pinfo;
    const struct tcpstate_tap_info *info;
    const struct verdict *v;
    bool detailed;  /* somebody asks for our fields */
    bool visible;   /* somebody looks at the details, and so asks for all of them */
    bool experts;   /* somebody reads what is issued as expert information */
    bool collected; /* ... and not only in the details: a dialog, a report, a column */
};

/* Does anybody ask for the field? What nobody asks for is neither added nor put into words. */
static inline bool items_asks(const struct drawing *d, enum field field)
{
    return d->visible || fields_is_asked(field);
}

static inline bool items_asks_end(const struct drawing *d, enum role role, enum end_field field)
{
    return d->visible || fields_is_end_asked(role, field);
}

/* Begin a line for a reader; where there is none, it stays empty. */
const struct sink *items_line(const struct drawing *d, struct draft *line);

/* Add the protocol itself to `tree`; `line` is the title. */
proto_item *items_title(const struct drawing *d, proto_tree *tree, const char *line);

/* Add a protocol or a field without a value, for a reader. */
proto_item *items_bare(const struct drawing *d, proto_tree *tree, int field, const char *line);

/* Add a field to `tree`. `line` is what a reader sees; NULL: the item is hidden. */
proto_item *items_string(const struct drawing *d, proto_tree *tree, int field, const char *value,
                         const char *line);
proto_item *items_number(const struct drawing *d, proto_tree *tree, int field, uint32_t value,
                         const char *line);

/* The same for a number and its twin, which is the number's name and always hidden. */
proto_item *items_named(const struct drawing *d, proto_tree *tree, int field, int twin,
                        uint32_t value, const char *name, const char *line);

/* Hidden. */
void items_flag(const struct drawing *d, proto_tree *tree, int field, bool value);
void items_octets(const struct drawing *d, proto_tree *tree, int field, uint64_t octets);
void items_time(const struct drawing *d, proto_tree *tree, int field, int64_t nanoseconds);

/* Does anybody read this expert item? */
bool items_asks_expert(const struct drawing *d, proto_tree *tree, const expert_field *expert);

#endif
