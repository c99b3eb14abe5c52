/* The stories and the connections of a capture in hindsight, with nothing kept of its segments: for
 * captures of any size. They are written when it has ended.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PASSING_H
#define TCPSTATE_PASSING_H

#include "views.h"

/* A capture begins: see settle_begin(). Both live until passing_end(). */
typedef void passing_begin(const struct lender *lender, const struct rules *rules,
                           const struct look *look, const struct sink *to);
passing_begin passing_begin_stories, passing_begin_connections;

/* What the reader has told. */
void passing_add(void *unused, struct reader_packet *packet);

/* There is no more, and all is written. False: there was nothing to show. */
bool passing_end(void);

#endif
