/* The predicates of checks.def: what there is to find in a segment before anybody moves.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_FINDINGS_H
#define TCPSTATE_FINDINGS_H

#include "connection.h"

/* What a predicate may look at: everything as it was just before the segment was sent, with the
 * evidence that the segment carries already taken into account; only `retry` counts it already. */
struct view {
    const struct connection *c;
    const struct endpoint *x; /* the sender */
    const struct endpoint *y; /* the receiver */
    const struct segment *s;
    const struct owed *owed;      /* what the sender owes: of several what the segment gives */
    const struct verdict *v;      /* what the evidence has moved so far */
    state_set x_before, y_before; /* headlines before a new connection was opened; 0: first ever */
    state_set was;                /* the sender's headline before the evidence */
    bool opens, midstream;        /* it opens a connection; it is the first seen of an open one */
    bool crossed;                 /* a SYN of its peer must have come to it that was not captured */
    bool missing;                 /* it fits only if frames before it are missing */
    bool duplicate;               /* a matter of the capture: nobody moves */
    bool late;                    /* a SYN that the capture has too late: nobody moves */
    bool copy, alien;             /* a copy of the network's, or forged: the sender does not move */
    bool old, overtaken;          /* sent before what its sender has sent already: the same */
    bool no_arrow; /* nothing it can be in lets it send this: known after it was sent */
};

/* What there is to find before the sender has moved: everything but illegal_transition ... */
void findings_before(const struct view *v, check_set *found);

/* ... which is what remains when it had no arrow to move on. */
void findings_after(const struct view *v, check_set *found);

/* What there is to find in a segment that moves nobody. */
void findings_ignored(const struct view *v, check_set *found);

/* What there is to find in an ICMP error that quotes a segment. */
void findings_icmp(enum icmp_error error, check_set *found);

/* The segment shows that there was `check` to find in the earlier `frame`. */
void findings_amend(struct verdict *v, enum check check, uint32_t frame);

/* The severest verdict among the findings. */
enum verdict_class findings_class(const check_set *set);

#ifdef TCPSTATE_MUTANTS
extern int mutant_check; /* test builds only: this check never fires; -1 for none */
#endif

#endif
