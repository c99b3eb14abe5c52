/* The predicates of checks.def: what there is to find in a segment before anybody moves.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_FINDINGS_H
#define TCPSTATE_FINDINGS_H

#include "infer/history.h"

/* What there is to find before the sender has moved: everything but illegal_transition ... */
void findings_before(const struct moment *m, check_set *found);

/* ... which is what remains when it had no arrow to move on. */
void findings_after(const struct moment *m, check_set *found);

/* What there is to find in a segment that moves nobody. */
void findings_ignored(const struct moment *m, check_set *found);

/* What goes on is said once: later ones are only counted. */
void findings_count(struct moment *m);

/* What there is to find in an ICMP error that quotes a segment. */
void findings_icmp(enum icmp_error error, check_set *found);

/* This segment finds `check`, whatever the predicates say. */
void findings_add(struct verdict *v, unsigned check);

/* May `self` live on after this RST of its own, sent before or by an end that opens? */
bool find_may_leave_its_sender(const struct endpoint *self, const struct sent *rst);

/* Does the segment acknowledge what was never sent, as its receiver shows later? */
static inline bool find_is_wrong_ack(const struct moment *m)
{
    return m->event && m->event->fate.origin == CLUE_WRONG_ACK;
}

/* The severest verdict among the findings. */
enum verdict_class findings_class(const check_set *set);

#ifdef TCPSTATE_MUTANTS
extern int mutant_check; /* test builds only: this check never fires; -1 for none */
#endif

#endif
