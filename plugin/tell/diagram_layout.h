/* Where everything in the state diagram is, and which arrows a line stands for.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_DIAGRAM_LAYOUT_H
#define TCPSTATE_DIAGRAM_LAYOUT_H

#include "rfc/fsm.h"
#include "sink.h"

enum {
    WIDTH = 1620,
    HEIGHT = 975,
    BOX_X = 95, /* half of a box */
    BOX_Y = 31,
    STUB_LENGTH = 62,
    PANEL = 1216, /* where the column of text beside the figure begins */
};

enum side { LEFT = -1, RIGHT = 1 };
enum anchor { ANCHOR_start, ANCHOR_middle, ANCHOR_end }; /* as SVG and diagram.def have them */

struct place {
    int x, y;
};

/* Where one line goes, from diagram.def or made from it, and the signals that it stands for. */
struct line {
    uint8_t from, to;
    const char *path;
    int x, y; /* of its first label */
    enum anchor anchor;
    signal_set signals, ours; /* all, and those that Figure 5 leaves out */
    enum { LINE, STUB, NO_LAYOUT } kind;
};

/* The centre of a box. */
struct place layout_box(uint8_t state);

/* The lines from one state to another, 0 to 2 of them; `paths` is room for those that are made. */
unsigned layout_lines(uint8_t from, uint8_t to, struct line lines[2], struct draft paths[2]);

/* Every signal that leads from one state to another. */
signal_set layout_signals(uint8_t from, uint8_t to);

/* Those of `signals` that need a label of their own. */
signal_set layout_labels(signal_set signals);

/* What stands at an arrow: "rcv SYN / snd SYN,ACK", event and action, as in Figure 5. */
void layout_caption(const struct sink *to, uint8_t from, uint8_t target, enum signal signal);

#endif
