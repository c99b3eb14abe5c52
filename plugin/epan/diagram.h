/* The state diagram of RFC 9293 Figure 5 with the way that each end of a connection took.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_DIAGRAM_H
#define TCPSTATE_DIAGRAM_H

#include "fields.h"
#include "fsm.h"

/* Registers `-z tcpstate,diagram,FILE.svg[,N]`. */
void diagram_register(void);

/* The same for a menu: listen, have all packets tapped again, and write. `number` is that of a
 * connection, -1 for the first. NULL, or false, is failure, and then `*message` is one line that
 * says why; else it says what was done. g_free() it. */
struct diagram;
struct diagram *diagram_begin(const char *file, int64_t number, char **message);
bool diagram_end(struct diagram *diagram, char **message);

/* One step of an end, in the order of the capture. */
struct move {
    uint32_t frame;
    uint8_t role, from, to; /* enum role, enum state */
    uint8_t signal;         /* the arrow of Figure 5; SIGNAL_COUNT: it was none ... */
    const char *remark;     /* ... and this says what */
};

/* One thing to call out. */
struct callout {
    uint32_t frame;
    uint8_t state; /* the box to mark */
    bool illegal;  /* or incomplete */
    char *text;
};

/* What is drawn of one connection. */
struct tour {
    uint32_t number, connections;
    char *socket[ROLE_COUNT];
    bool known[ROLE_COUNT]; /* the state at the end is confirmed */
    uint8_t first[ROLE_COUNT], last[ROLE_COUNT];
    GArray *moves, *callouts; /* struct move, struct callout */
};

/* The picture, as SVG. */
GString *diagram_draw(const struct tour *tour);

#endif
