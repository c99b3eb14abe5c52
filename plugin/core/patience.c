/* See patience.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "patience.h"

#ifdef TCPSTATE_MUTANTS
int mutant_patience = -1, mutant_factor = 1;
#endif
