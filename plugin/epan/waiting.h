/* In words: what an end does or waits for, how often it has sent the same again, and what it means that
 * nothing more comes. Limits are Linux's defaults (retries.def), and are called so.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_WAITING_H
#define TCPSTATE_WAITING_H

#include "compat.h"

#include "records.h"

/* What end 0 or 1 does or waits for after this segment: a string in `scope`. */
char *waiting_next(wmem_allocator_t *scope, const struct verdict *v, unsigned end);

/* "SYN, the 3rd time, 4.16 s after it was sent before, ..." for a segment that is sent again. */
char *waiting_again(wmem_allocator_t *scope, const struct verdict *v);

/* "; the 3rd time, after 4.16 s" behind a finding that says that it is sent again; "" behind others. */
char *waiting_nth(wmem_allocator_t *scope, const struct verdict *v, enum check check);

/* What a program hears when its end moves so, or NULL: nothing is to be said. */
const char *waiting_hears(const struct step *step);

/* The same for the move by which an end came where it is after this segment; NULL: no move, no word. */
const char *waiting_heard(const struct verdict *v, unsigned end);

/* What it means that the connection has nothing after this segment: some strings in `scope`, one after
 * the other in an array that ends with NULL. */
char **waiting_ended(wmem_allocator_t *scope, const struct verdict *v, const struct ending *ending);

/* After so many nanoseconds without a segment, more than `ending` has, there is more to say; 0: there
 * is not. */
int64_t waiting_patience(const struct verdict *v, const struct ending *ending);

#endif
