/* In words: what an end does or waits for, and what its program hears.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_WAITING_H
#define TCPSTATE_WAITING_H

#include "sink.h"
#include "verdict.h"

/* What end 0 or 1 does or waits for after this segment. */
void waiting_next(const struct sink *to, const struct verdict *v, unsigned end);

/* What a program hears when its end moves so, or NULL: nothing is to be said. */
wording waiting_hears(const struct verdict *v, const struct step *step);

/* The same for the move by which an end came where it is after this segment; NULL: no move, no
 * word. */
wording waiting_heard(const struct verdict *v, unsigned end);

#endif
