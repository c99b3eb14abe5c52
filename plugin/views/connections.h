/* The table of connections (tell/table.h), as tshark draws it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_CONNECTIONS_H
#define TCPSTATE_CONNECTIONS_H

#include "account.h"
#include "ending.h"

/* A row: what of a connection can be counted. Zeroed at first. */
struct connections_row {
    int64_t first, last; /* capture time of its first and its last segment */
    uint32_t frame;      /* the last one that was counted */
    uint32_t frames, class[4];
    bool is_begun;
};

void connections_count(struct connections_row *row, const struct account *a);

void connections_write_head(const struct sink *to);
void connections_write_row(const struct sink *to, const struct connections_row *row,
                           const struct account *last, const struct ending *ending);
void connections_write_foot(const struct sink *to);

#endif
