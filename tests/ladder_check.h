/* A ladder against the core, in two ways. Each returns the number of complaints.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_LADDER_CHECK_H
#define TCPSTATE_LADDER_CHECK_H

#include "bystander.h"
#include "ladder.h"

/* As a bystander: its captured rows are all that is known. */
int ladder_check(const char *file, const struct ladder *l, bool quiet);

/* As it is told: the machine alone, along the ladder's own dots and fates. Only states count. */
int ladder_check_told(const char *file, const struct ladder *l, bool quiet);

/* Hand the captured rows to a bystander, and end the file with the last row. */
void ladder_observe(struct bystander *b, const struct ladder *l);

static inline bool ladder_is_captured(const struct ladder_row *row)
{
    return row->has_segment && row->captured;
}

/* The row whose label for the peer is that of row `i`. */
const struct ladder_row *ladder_label_for(const struct ladder *l, unsigned i, int peer);

/* The label of the peer in row `i` is that of a later row. */
bool ladder_is_deferred(const struct ladder *l, unsigned i, int peer);

/* The row in which the segment left that arrives in row `arrived`; NULL: it is an old duplicate. */
const struct ladder_row *ladder_departure(const struct ladder *l, unsigned arrived);

/* `(delivered: A 10; B 0..5 of 5; closed by A)` */
void ladder_write_outcome(const struct outcome *o, char *to, size_t room);

#endif
