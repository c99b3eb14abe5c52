/* Arrow lookup and names. The tables are the .def files; nothing is decided here.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "fsm.h"

static const struct arrow arrows[] = {
#define ARROW(from, signal, to, cite) {from, signal, to, cite},
#include "transitions.def"
#undef ARROW
};

static const struct state_text state_texts[STATE_COUNT] = {
#define STATE(id, number, rfc, netstat, ss, meaning, next)                                         \
    [number] = {#id, rfc, netstat, ss, meaning, next},
#include "states.def"
#undef STATE
};

static const char *const signal_labels[SIGNAL_COUNT] = {
#define SIGNAL(id, label) [id] = label,
#include "signals.def"
#undef SIGNAL
};

#ifdef TCPSTATE_MUTANTS
int mutant_arrow = -1;
#define IS_MISSING(index) ((int)(index) == mutant_arrow)
#else
#define IS_MISSING(index) false
#endif

const struct arrow *fsm_row(size_t index)
{
    return index < sizeof arrows / sizeof *arrows ? &arrows[index] : NULL;
}

const struct arrow *fsm_arrow(state_set state, enum signal signal)
{
    for (size_t i = 0; i < sizeof arrows / sizeof *arrows; i++)
        if (arrows[i].signal == signal && (arrows[i].from & state) && !IS_MISSING(i))
            return &arrows[i];
    return NULL;
}

state_set fsm_next(state_set state, enum signal signal)
{
    const struct arrow *arrow = fsm_arrow(state, signal);
    return arrow && arrow->to != SAME ? arrow->to : state;
}

state_set fsm_image(state_set set, enum signal signal, bool keep_others)
{
    state_set image = 0;
    for (unsigned n = STATE_CLOSED; n < STATE_COUNT; n++) {
        const state_set one = set & (state_set)(1u << n);
        if (one && (keep_others || fsm_arrow(one, signal)))
            image |= fsm_next(one, signal);
    }
    return image;
}

enum state state_number(state_set set)
{
    for (unsigned n = STATE_CLOSED; n < STATE_COUNT; n++)
        if (set == 1u << n)
            return (enum state)n;
    return STATE_UNKNOWN;
}

const struct state_text *state_text(enum state number)
{
    return &state_texts[number < STATE_COUNT ? number : STATE_UNKNOWN];
}

const char *signal_label(enum signal signal)
{
    return signal < SIGNAL_COUNT ? signal_labels[signal] : "";
}
