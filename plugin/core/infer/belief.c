/* The fold of belief.h.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "infer/belief.h"

/* One arrival more, the last. Every selection of them is possible, since each segment may have been
 * lost on its own: with and without each in turn, which is all of them, because what becomes of a
 * set is what becomes of its states. */
static void fold_in(struct belief *b, const struct arrival *a)
{
    const state_set before = b->state, after = fsm_fold(before, a->signals);
    b->open |= (uint16_t)(a->signals >> RCV_RST);
    b->possible |= b->possible == before ? after : fsm_fold(b->possible, a->signals);
    if (!a->doubted)
        b->state = after;
}

static void fold(struct belief *b)
{
    b->state = b->base;
    b->possible = b->proven;
    b->open = 0;
    for (unsigned i = 0; i < b->count; i++)
        fold_in(b, &b->arrival[i]);
}

static void remove_arrival(struct belief *b, unsigned i)
{
    b->count--;
    for (; i < b->count; i++)
        b->arrival[i] = b->arrival[i + 1];
}

void belief_start(struct belief *b, state_set base, state_set proven)
{
    *b = (struct belief){.base = base, .proven = proven};
    fold(b);
}

bool belief_sent(struct belief *b, enum signal signal)
{
    const struct arrow *arrow = fsm_arrow(b->state, signal);
    if (!arrow)
        return false;
    if (arrow->to == SAME && !(b->proven & (state_set)~arrow->from) && (b->base & b->proven))
        return true; /* most segments: nothing moves, and nothing is proven */
    const state_set left = fsm_image(b->proven, signal, false);
    if (!left)
        return false;
    b->proven = left;
    b->base = fsm_next(b->base, signal);
    if (!(b->base & left)) /* the guess at the start was wrong: the headline is what was moved */
        b->base = fsm_next(b->state, signal);
    b->proven |= b->base; /* beside what only an older connection can have done */
    fold(b);
    return true;
}

void belief_resync(struct belief *b, state_set base)
{
    b->base = b->proven = base;
    b->count = 0;
    fold(b);
}

void belief_rebase(struct belief *b, state_set base)
{
    b->base = b->proven = base;
    fold(b);
}

void belief_widen(struct belief *b, state_set also)
{
    b->proven |= also;
    fold(b);
}

void belief_narrow(struct belief *b, state_set set)
{
    b->proven &= set;
    fold(b);
}

/* `signal` is no longer told by arrival `i`, which may carry others. */
static void take_out(struct belief *b, unsigned i, enum signal signal)
{
    b->arrival[i].signals &= (signal_set)~SIG(signal);
    if (!b->arrival[i].signals)
        remove_arrival(b, i);
    fold(b);
}

bool belief_receives(struct belief *b, enum signal signal, const struct arrival *by)
{
    const int known = belief_find(b, signal);
    if ((b->proved & SIG(signal)) || (known >= 0 && !b->arrival[known].doubted))
        return false;
    if (known >= 0) /* the copy that came last is the one that counts */
        take_out(b, (unsigned)known, signal);
    struct arrival *last = b->count ? &b->arrival[b->count - 1] : NULL;
    /* The signals of one segment arrive together; a timer that ran out before it is apart. */
    if (!last || last->frame != by->frame || last->doubted != by->doubted ||
        (last->signals & SIG(TIMEOUT_2MSL))) {
        if (b->count == ARRIVALS_MAX)
            return false;
        last = &b->arrival[b->count++];
        *last = *by;
        last->signals = SIG(signal);
        fold_in(b, last);
        return true;
    }
    last->signals |= SIG(signal);
    last->proof = by->proof; /* of the last signal, the most that it carried */
    fold(b);
    return true;
}

void belief_carries(struct belief *b, enum signal signal, uint32_t frame)
{
    if (!b->count || b->arrival[b->count - 1].frame != frame || (b->proved & SIG(signal)))
        return;
    b->arrival[b->count - 1].signals |= SIG(signal);
    fold(b);
}

void belief_prove(struct belief *b, unsigned i)
{
    const signal_set signals = b->arrival[i].signals;
    b->base = fsm_fold(b->base, signals);
    b->proven = fsm_fold(b->proven, signals);
    b->proved |= signals;
    remove_arrival(b, i);
    fold(b);
}

void belief_drop(struct belief *b, unsigned i)
{
    remove_arrival(b, i);
    fold(b);
}

uint32_t belief_open_since(const struct belief *b)
{
    uint32_t since = NOTHING_OPEN;
    for (unsigned i = 0; i < b->count; i++)
        if ((!b->arrival[i].doubted || (b->arrival[i].signals & SIG(TIMEOUT_USER))) &&
            b->arrival[i].frame < since)
            since = b->arrival[i].frame;
    return since;
}

state_set belief_settled(const struct belief *b)
{
    const signal_set exact = SIG(RCV_SYN) | SIG(RCV_SYN_ACK) | SIG(RCV_FIN);
    if (!(b->open & exact >> RCV_RST))
        return b->possible;
    state_set set = b->proven;
    bool differs = false;
    for (unsigned i = 0; i < b->count; i++)
        differs |= !b->arrival[i].doubted && (b->arrival[i].signals & exact);
    for (unsigned i = 0; differs && i < b->count; i++) {
        const struct arrival *a = &b->arrival[i];
        const state_set after = fsm_fold(set, a->signals);
        set = !a->doubted && (a->signals & exact) ? after : set | after;
    }
    return differs ? set : b->possible;
}
