/* Why a RST was sent: one row of causes.def.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_CAUSES_H
#define TCPSTATE_CAUSES_H

#include "moment.h"

/* Before anybody moves: into the verdict go the cause of the moment's segment, which is a RST, and
 * the frame on which it rests. */
void causes_find(struct moment *m);

#ifdef TCPSTATE_MUTANTS
extern int mutant_cause; /* test builds only: this row never counts; -1 for none */
#endif

#endif
