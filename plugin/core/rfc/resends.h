/* Why an end sends something again: a row of resends.def.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_RESENDS_H
#define TCPSTATE_RESENDS_H

#include "rfc/endpoint.h"

/* `self` sends the segment to `peer`, neither has moved yet, and retries_count() has told the
 * verdict what it knows. Fills `resend`; of a D-SACK also `needless`, the frame that it reports. */
void resends_find(struct endpoint *self, const struct endpoint *peer, const struct segment *s,
                  struct verdict *v);

/* What the ACKs of `self` tell `peer` of holes; before its numbers are taken. */
void resends_hear(struct endpoint *self, struct endpoint *peer, const struct segment *s);

#ifdef TCPSTATE_MUTANTS
extern int mutant_resend; /* test builds only: this row never counts; -1 for none */
#endif

#endif
