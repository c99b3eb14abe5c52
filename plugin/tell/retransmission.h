/* What an end sends again, in words: how often, at what pauses, and until when. Limits are Linux's
 * defaults (retries.def), and are called so.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_RETRANSMISSION_H
#define TCPSTATE_RETRANSMISSION_H

#include "sink.h"
#include "verdict.h"

enum pace { PACE_ANY, PACE_DOUBLING, PACE_EVEN };

/* A row of retries.def. */
struct limit {
    enum retry what;
    enum pace pace;
    unsigned times;
    wording setting;
};

/* What is sent again in this state, and the limit of it at these pauses; NULL: nothing is. */
enum retry retransmission_in(unsigned state);
const struct limit *retransmission_limit(unsigned state, const struct retries *r);

/* "SYN"; "its program hears ..." in the end; "; the pause doubles each time ...": constants. */
wording retransmission_what(enum retry what);
wording retransmission_then(enum retry what);
wording retransmission_pace(const struct retries *r);

/* The finding that says that it is sent again. */
enum check retransmission_check(enum retry what);

/* Is what this finding says is sent again what an end sends again in that state? Other findings fit
 * all states. */
bool retransmission_fits(enum check check, unsigned state);

/* 4.16, of microseconds: a word for the block in which it stands. */
#define AGAIN_SECONDS(microseconds) BRIEFLY(INT64_C(1000) * (microseconds))

/* Retransmission 3 of the SYN: 4.16 s after the last ...: of a segment that is sent again */
void retransmission_text(const struct sink *to, const struct verdict *v);
/* "; retransmission 3, 4.16 s after the last" behind a finding that says that it is sent again;
 * nothing behind others. */
void retransmission_nth(const struct sink *to, const struct verdict *v, enum check check);
/* Is it this finding that says that the segment is sent again? */
bool retransmission_is(const struct verdict *v, enum check check);
/* `next`, how many more are left, and when it is given up. */
void retransmission_next(const struct sink *to, const struct verdict *v, wording next);

#endif
