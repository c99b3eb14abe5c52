/* What the parts of the reader of ladders share. Users include ladder.h.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_LADDER_READER_H
#define TCPSTATE_LADDER_READER_H

#include "ladder.h"

struct reader {
    struct ladder *ladder;
    int line, column_b; /* where the heading `TCP Peer B` begins */
    uint32_t send[2];   /* first sequence numbers of the peers, as remarks give them */
    unsigned times;     /* so often the row happens */
    bool knows_send[2];
    state_set start[2]; /* states of the label rows before the first segment */
};

/* A row at the end that says nothing yet; NULL: there is no room for one. */
struct ladder_row *ladder_new_row(struct reader *r);

/* One field of a segment; `at` is just behind its '<'. False: there is no such field. */
bool ladder_read_field(struct ladder_row *row, const char *at);

/* Take the scene off the rows, and put rows that lead to it in its place. */
void ladder_take_scene(struct reader *r);

#endif
