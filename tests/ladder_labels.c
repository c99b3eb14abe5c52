/* What the rows of a ladder say of each other.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "ladder_check.h"

static bool is_involved(const struct ladder_row *row, int peer)
{
    return row->segment.from == peer ? row->departs : row->arrives;
}

/* A label beside `...` is of a peer that does nothing in this line: it speaks of the peer's next
 * event in the same row of the figure, if there is one without a label.                          */
const struct ladder_row *ladder_label_for(const struct ladder *l, unsigned i, int peer)
{
    const struct ladder_row *row = &l->row[i];
    if (!row->has_segment || row->peer[peer].state)
        return row;
    for (const struct ladder_row *first = row; first-- > l->row && first->number == row->number;)
        if (!first->has_segment || is_involved(first, peer))
            return row;
        else if (first->peer[peer].state)
            return first;
    return row;
}

bool ladder_is_deferred(const struct ladder *l, unsigned i, int peer)
{
    if (!l->row[i].has_segment || is_involved(&l->row[i], peer))
        return false;
    for (unsigned k = i + 1; k < l->count && l->row[k].number == l->row[i].number; k++)
        if (l->row[k].has_segment && is_involved(&l->row[k], peer))
            return l->row[k].peer[peer].state == STATE_UNKNOWN;
    return false;
}

/* The row in which this one left. */
const struct ladder_row *ladder_departure(const struct ladder *l, unsigned arrived)
{
    const struct segment *s = &l->row[arrived].segment;
    for (unsigned i = 0; i < arrived; i++)
        if (l->row[i].departs && !l->row[i].arrives && l->row[i].segment.from == s->from &&
            l->row[i].segment.seq == s->seq && l->row[i].segment.ack == s->ack &&
            l->row[i].segment.flags == s->flags && l->row[i].segment.text == s->text)
            return &l->row[i];
    return NULL;
}
