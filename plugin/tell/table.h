/* The texts in the table of connections; its numbers, and drawing it, are the caller's.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TABLE_H
#define TCPSTATE_TABLE_H

#include "account.h"
#include "ending.h"

enum table_column {
#define COLUMN(id, type, alignment, heading, format) TABLE_##id,
#include "table.def"
#undef COLUMN
    TABLE_COLUMNS
};

/* What stands in a column of text when a connection is left after this segment. */
void table_write(const struct sink *to, enum table_column column, const struct account *a,
                 const struct ending *ending);

#endif
