/* See waiting.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "waiting.h"

#include "again.h"
#include "phrases.h"

static const struct {
    state_set from;
    signal_set signals;
    const char *text;
} hears[] = {
#define ANY_RST (SIG(RCV_RST) | SIG(RCV_RST_PASSIVE))
#define HEARS(from, signals, text) {from, signals, text},
#include "hears.def"
#undef HEARS
#undef ANY_RST
};

const char *waiting_hears(const struct step *step)
{
    if (step->why >= STEP_RESYNC) /* no arrow */
        return NULL;
    for (unsigned i = 0; i < array_length(hears); i++)
        if ((hears[i].signals & SIG(step->signal)) && (hears[i].from & 1u << step->from))
            return hears[i].text;
    return NULL;
}

const char *waiting_heard(const struct verdict *v, unsigned end)
{
    for (unsigned i = v->steps; i-- > 0;)
        if (v->step[i].end == end && v->step[i].to == v->end[end].state)
            return waiting_hears(&v->step[i]);
    return NULL;
}

char *waiting_next(wmem_allocator_t *scope, const struct verdict *v, unsigned end)
{
    const char *next = state_text(v->end[end].state)->next, *heard = waiting_heard(v, end);
    if (v->again && end == v->sender)
        return again_next(scope, v, next);
    if (heard)
        return phrase_say(scope, PHRASE_NEXT_HEARS, "hears", heard, "next", next, NULL);
    return wmem_strdup(scope, next);
}
