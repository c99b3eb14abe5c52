/* See waiting.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "waiting.h"

#include "retransmission.h"
#include "sentences.h"

static const struct {
    state_set from;
    signal_set signals;
    wording text;
} hears[] = {
#define ANY_RST (SIG(RCV_RST) | SIG(RCV_RST_PASSIVE))
#define SOCKET_ERROR(from, signals, text) {from, signals, text},
#include "socket_errors.def"
#undef SOCKET_ERROR
#undef ANY_RST
};

wording waiting_hears(const struct verdict *v, const struct step *step)
{
    if (step->why >= STEP_RESYNC || v->end[step->end].confirmed == STATE_UNKNOWN) /* no arrow */
        return NULL;
    for (unsigned i = 0; i < sizeof hears / sizeof *hears; i++)
        if ((hears[i].signals & SIG(step->signal)) && (hears[i].from & 1u << step->from))
            return hears[i].text;
    return NULL;
}

wording waiting_heard(const struct verdict *v, unsigned end)
{
    for (unsigned i = v->steps; i-- > 0;)
        if (v->step[i].end == end && v->step[i].to == v->end[end].state)
            return waiting_hears(v, &v->step[i]);
    return NULL;
}

void waiting_next(const struct sink *to, const struct verdict *v, unsigned end)
{
    const wording next = state_text(v->end[end].state)->next, heard = waiting_heard(v, end);
    if (v->retransmitted && end == v->sender)
        retransmission_next(to, v, next);
    else if (heard)
        say_next_hears(to, heard, next);
    else
        sink_word(to, next);
}
