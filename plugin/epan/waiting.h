/* In words: what an end does or waits for, and what its program hears.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_WAITING_H
#define TCPSTATE_WAITING_H

#include "compat.h"

#include "verdict.h"

/* What end 0 or 1 does or waits for after this segment: a string in `scope`. */
char *waiting_next(wmem_allocator_t *scope, const struct verdict *v, unsigned end);

/* What a program hears when its end moves so, or NULL: nothing is to be said. */
const char *waiting_hears(const struct step *step);

/* The same for the move by which an end came where it is after this segment; NULL: no move, no
 * word. */
const char *waiting_heard(const struct verdict *v, unsigned end);

#endif
