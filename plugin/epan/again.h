/* What an end sends again, in words: how often, at what pauses, and until when. Limits are Linux's
 * defaults (retries.def), and are called so.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_AGAIN_H
#define TCPSTATE_AGAIN_H

#include "compat.h"

#include "verdict.h"

enum pace { PACE_ANY, PACE_DOUBLING, PACE_EVEN };

/* A row of retries.def. */
struct limit {
    enum retry what;
    enum pace pace;
    unsigned times;
    const char *setting;
};

/* Seconds: Linux's longest pause. */
#define AGAIN_PAUSE_MAX 120.0

/* What is sent again in this state, and the limit of it at these pauses; NULL: nothing is. */
enum retry again_in(unsigned state);
const struct limit *again_limit(unsigned state, const struct retries *r);

/* "SYN"; "its program hears ..." in the end; "; the pause doubles each time ...": constants. */
const char *again_what(enum retry what);
const char *again_then(enum retry what);
const char *again_pace(const struct retries *r);

double again_seconds(uint32_t microseconds);

/* The rest return strings in `scope`. */

/* 4.16 */
char *again_number(wmem_allocator_t *scope, double seconds);
/* SYN, the 3rd time, after 4.16 s ...: of a segment that is sent again */
char *again_text(wmem_allocator_t *scope, const struct verdict *v);
/* "; the 3rd time, after 4.16 s" behind a finding that says that it is sent again; "" behind others
 */
char *again_nth(wmem_allocator_t *scope, const struct verdict *v, enum check check);
/* What comes after `next`: how many more are left, and when it is given up. */
char *again_next(wmem_allocator_t *scope, const struct verdict *v, const char *next);

#endif
