/* What it means that a connection has nothing more, in words: for each end, by its state, by what
 * it has sent again, and by the silence afterwards; or that its sockets went on to the next one.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_ENDING_H
#define TCPSTATE_ENDING_H

#include "compat.h"

#include "records.h"

/* Some strings in `scope`, one after the other in an array that ends with NULL. */
char **ending_texts(wmem_allocator_t *scope, const struct verdict *v, const struct ending *ending);

/* After so many nanoseconds without a segment, more than `ending` has, there is more to say; 0:
 * there is not. */
int64_t ending_patience(const struct verdict *v, const struct ending *ending);

#endif
