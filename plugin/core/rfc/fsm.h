/* The state machine of RFC 9293 Figure 5 as a table: sets of states, signals, arrows, names.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * It knows nothing of segments, sequence numbers or evidence.                                    */
#ifndef TCPSTATE_FSM_H
#define TCPSTATE_FSM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* State numbers, as users see them. */
enum state {
#define STATE(id, number, rfc, netstat, ss, meaning, next, retry, ended) STATE_##id = number,
#include "tables/states.def"
#undef STATE
    STATE_COUNT
};

/* A set of states, one bit each. A single state is a set of one. */
typedef uint16_t state_set;

enum {
#define STATE(id, number, rfc, netstat, ss, meaning, next, retry, ended) id = 1u << number,
#include "tables/states.def"
#undef STATE
    SYNCHRONIZED = ESTABLISHED | FIN_WAIT_1 | FIN_WAIT_2 | CLOSE_WAIT | CLOSING | LAST_ACK |
                   TIME_WAIT,                                         /* section 3.5.2, group 3 */
    RECEIVES_TEXT = SYN_RCVD | ESTABLISHED | FIN_WAIT_1 | FIN_WAIT_2, /* 3.10.7.4 step 7 */
    FIN_SENT = FIN_WAIT_1 | FIN_WAIT_2 | CLOSING | LAST_ACK | TIME_WAIT,
    SAME = 0, /* an arrow that leads back to where it starts */
};

enum signal {
#define SIGNAL(id, label) id,
#include "tables/signals.def"
#undef SIGNAL
    SIGNAL_COUNT
};

/* A set of signals. */
typedef uint32_t signal_set;
_Static_assert(SIGNAL_COUNT <= 32, "signal_set is too narrow");
#define SIG(id) ((signal_set)(1u << (id)))

enum arrow_origin {
    FIGURE, /* drawn in Figure 5 */
    OURS,   /* from the text, not drawn */
    UNSEEN, /* drawn, and has no segment */
};

struct arrow {
    state_set from;
    enum signal signal;
    state_set to; /* one state, or SAME */
    enum arrow_origin whose;
    const char *cite; /* section of RFC 9293 */
};

/* The arrow that leaves one `state` on `signal`, or NULL: there is none. */
const struct arrow *fsm_arrow(state_set state, enum signal signal);

/* The state after `signal`; `state` itself where no arrow leaves it. */
state_set fsm_next(state_set state, enum signal signal);

/* The same for a set of states at once. States that have no arrow are kept, or dropped. */
state_set fsm_image(state_set set, enum signal signal, bool keep_others);

/* The image for each of the signals that a segment carries, in the order of the steps of section
 * 3.10.7.4; states that have no arrow are kept. */
state_set fsm_fold(state_set set, signal_set signals);

/* Row `index` of the table, NULL beyond its end: for printing and for tests. */
const struct arrow *fsm_row(size_t index);

/* The number of a set of one state; UNKNOWN for any other set. */
extern const uint8_t state_numbers[1 << STATE_COUNT];
static inline enum state state_number(state_set set)
{
    return (enum state)state_numbers[set];
}

/* Names, never NULL: ours (FIN_WAIT_1), the RFC's (FIN-WAIT-1), netstat's, ss's; sentences. */
struct state_text {
    const char *name, *rfc, *netstat, *ss, *meaning, *next, *ended;
};
const struct state_text *state_text(enum state number);
const char *signal_label(enum signal signal);

#ifdef TCPSTATE_MUTANTS
extern int mutant_arrow; /* test builds only: this row of the table is missing; -1 for none */
#endif

#endif
