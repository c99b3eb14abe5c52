/* The state diagram of RFC 9293 Figure 5 with the way that each end of a connection took, as SVG.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_DIAGRAM_H
#define TCPSTATE_DIAGRAM_H

#include "account.h"
#include "words.h"

/* One step of an end, in the order of the capture. */
struct move {
    uint32_t frame;
    uint8_t role, from, to; /* enum role, enum state */
    uint8_t signal;         /* the arrow of Figure 5; SIGNAL_COUNT: it was none ... */
    wording remark;         /* ... and this says what */
};

/* One thing to call out. */
struct callout {
    uint32_t frame;
    uint8_t state; /* the box to mark */
    bool illegal;  /* or incomplete */
};

enum { TOUR_CALLOUTS_TOLD = 40, TOUR_TEXT_SIZE = 400, TOUR_SOCKET_SIZE = 80 };

/* What is drawn of one connection; zeroed, and then the caller says which one is wanted. */
struct tour {
    int64_t wanted; /* its number, or -1: the first */
    bool is_begun;  /* a segment of it was told */
    uint32_t number, connections;
    bool known[ROLE_COUNT]; /* the state at the end is confirmed */
    uint8_t first[ROLE_COUNT], last[ROLE_COUNT];
    char socket[ROLE_COUNT][TOUR_SOCKET_SIZE];
    char told[TOUR_CALLOUTS_TOLD][TOUR_TEXT_SIZE]; /* of the first callouts: more have no room */
    /* The caller's memory, where it collects what tour_add() has found. */
    const struct move *move;
    const struct callout *callout;
    unsigned moves, callouts;
};

/* What one segment adds to it. */
struct tour_stage {
    struct move move[STEPS_MAX + 4];
    struct callout callout[CHECK_COUNT];
    unsigned moves, callouts;
};
void tour_add(struct tour *tour, const struct account *a, struct tour_stage *stage);

/* The picture of all of it. */
void diagram_draw(const struct sink *to, const struct tour *tour);

#endif
