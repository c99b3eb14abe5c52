/* How long is "at once", and how long is "long after"? The times of patience.def, in nanoseconds.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PATIENCE_H
#define TCPSTATE_PATIENCE_H

#include <stdint.h>

enum patience {
#define PATIENCE(id, time, why, ladder) PATIENCE_##id,
#include "tables/patience.def"
#undef PATIENCE
    PATIENCE_COUNT
};

#ifdef TCPSTATE_MUTANTS
extern int mutant_patience, mutant_factor; /* test builds only: this one is so many times as long */
#define MUTATED(which) ((int)(which) == mutant_patience ? mutant_factor : 1)
#else
#define MUTATED(which) 1
#endif

static inline int64_t patience(enum patience which)
{
    static const int64_t times[PATIENCE_COUNT] = {
#define PATIENCE(id, time, why, ladder) [PATIENCE_##id] = time,
#include "tables/patience.def"
#undef PATIENCE
    };
    return times[which] * MUTATED(which);
}

#endif
