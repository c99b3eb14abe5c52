/* Arrow lookup and names. The tables are the .def files; nothing is decided here.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "rfc/fsm.h"

static const struct arrow arrows[] = {
#define ARROW(from, signal, to, whose, cite) {from, signal, to, whose, cite},
#include "tables/transitions.def"
#undef ARROW
};

static const struct state_text state_texts[STATE_COUNT] = {
#define STATE(id, number, rfc, netstat, ss, meaning, next, retry, ended)                           \
    [number] = {#id, rfc, netstat, ss, meaning, next, ended},
#include "tables/states.def"
#undef STATE
};

static const char *const signal_labels[SIGNAL_COUNT] = {
#define SIGNAL(id, label) [id] = label,
#include "tables/signals.def"
#undef SIGNAL
};

#ifdef TCPSTATE_MUTANTS
int mutant_arrow = -1;
#define IS_MISSING(index) ((int)(index) == mutant_arrow)
#else
#define IS_MISSING(index) ((void)(index), false)
#endif

const struct arrow *fsm_row(size_t index)
{
    return index < sizeof arrows / sizeof *arrows ? &arrows[index] : NULL;
}

/* Of one signal, which is a constant where it is called: a compiler leaves only its rows. */
static inline const struct arrow *arrow_on(state_set state, enum signal signal)
{
    size_t row = 0;
#define ARROW(leaves, on, leads_to, whose, cite)                                                   \
    if (signal == (on) && (state & (leaves)) && !IS_MISSING(row))                                  \
        return &arrows[row];                                                                       \
    row++;
#include "tables/transitions.def"
#undef ARROW
    return NULL;
}

static inline state_set image_on(state_set set, enum signal signal, bool keep_others)
{
    size_t row = 0;
    state_set image = 0, left = set;
#define ARROW(leaves, on, leads_to, whose, cite)                                                   \
    if (signal == (on) && (left & (leaves)) && !IS_MISSING(row)) {                                 \
        image |= (state_set)((leads_to) == SAME ? (leaves)&left : (leads_to));                     \
        left &= (state_set) ~(leaves);                                                             \
    }                                                                                              \
    row++;
#include "tables/transitions.def"
#undef ARROW
    return keep_others ? image | left : image;
}

const struct arrow *fsm_arrow(state_set state, enum signal signal)
{
    switch (signal) {
#define SIGNAL(id, label)                                                                          \
    case id:                                                                                       \
        return arrow_on(state, id);
#include "tables/signals.def"
#undef SIGNAL
    case SIGNAL_COUNT:
        break;
    }
    return NULL;
}

state_set fsm_image(state_set set, enum signal signal, bool keep_others)
{
    switch (signal) {
#define SIGNAL(id, label)                                                                          \
    case id:                                                                                       \
        return image_on(set, id, keep_others);
#include "tables/signals.def"
#undef SIGNAL
    case SIGNAL_COUNT:
        break;
    }
    return keep_others ? set : 0;
}

state_set fsm_fold(state_set set, signal_set signals)
{
#define SIGNAL(id, label)                                                                          \
    if ((id) >= RCV_RST && (signals & SIG(id))) /* what is sent does not arrive */                 \
        set = image_on(set, id, true);
#include "tables/signals.def"
#undef SIGNAL
    return set;
}

state_set fsm_next(state_set state, enum signal signal)
{
    const struct arrow *arrow = fsm_arrow(state, signal);
    return arrow && arrow->to != SAME ? arrow->to : state;
}

/* Most sets are none of one state. */
const uint8_t state_numbers[1 << STATE_COUNT] = {
#define STATE(id, number, rfc, netstat, ss, meaning, next, retry, ended) [id] = number,
#include "tables/states.def"
#undef STATE
};

const struct state_text *state_text(enum state number)
{
    return &state_texts[number < STATE_COUNT ? number : STATE_UNKNOWN];
}

const char *signal_label(enum signal signal)
{
    return signal < SIGNAL_COUNT ? signal_labels[signal] : "";
}
