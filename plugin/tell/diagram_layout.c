/* Where everything in the state diagram is, and which arrows a line stands for.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "diagram_layout.h"

#include "number.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const struct place boxes[STATE_COUNT] = {
#define BOX(state, x, y) [STATE_##state] = {x, y},
#include "diagram.def"
};

static const struct line lines[] = {
#define LINE(from, to, path, x, y, anchor)                                                         \
    {STATE_##from, STATE_##to, path, x, y, ANCHOR_##anchor, 0, 0, LINE},
#include "diagram.def"
};

static const struct {
    uint8_t from;
    enum side side;
    int y;
} stubs[] = {
#define STUB(from, side, y) {STATE_##from, side, y},
#include "diagram.def"
};

static const struct {
    enum signal signal;
    state_set from;
    wording before, after;
} captions[] = {
#define CAPTION(signal, from, before, after) {signal, from, before, after},
#include "diagram.def"
};

struct place layout_box(uint8_t state)
{
    return boxes[state];
}

static void say_path(struct draft *path, int x1, int y1, int x2, int y2)
{
    SAY(draft_begin(path), "M", SIGNED(x1), ",", SIGNED(y1), " L", SIGNED(x2), ",", SIGNED(y2));
}

/* A stub for what Figure 5 leaves out: false where the state has none. */
static bool make_stub(uint8_t from, struct line *line, struct draft *path)
{
    for (unsigned i = 0; i < LENGTH(stubs); i++)
        if (stubs[i].from == from) {
            const int side = stubs[i].side, x = boxes[from].x + side * BOX_X,
                      y = boxes[from].y + stubs[i].y;
            say_path(path, x, y, x + side * (STUB_LENGTH - 5), y);
            *line = (struct line){.from = from,
                                  .to = STATE_CLOSED,
                                  .path = path->text,
                                  .anchor = side == RIGHT ? ANCHOR_start : ANCHOR_end,
                                  .x = x + side * 14, /* clear of the rings of those who end here */
                                  .y = y - 8,
                                  .kind = STUB};
            return true;
        }
    return false;
}

static const struct line *known_line(uint8_t from, uint8_t to)
{
    for (unsigned i = 0; i < LENGTH(lines); i++)
        if (lines[i].from == from && lines[i].to == to)
            return &lines[i];
    return NULL;
}

static struct line find_line(uint8_t from, uint8_t to, struct draft *path)
{
    const struct line *known = known_line(from, to);
    if (known)
        return *known;
    say_path(path, boxes[from].x, boxes[from].y, boxes[to].x, boxes[to].y);
    return (struct line){.from = from,
                         .to = to,
                         .path = path->text,
                         .anchor = ANCHOR_middle,
                         .x = (boxes[from].x + boxes[to].x) / 2,
                         .y = (boxes[from].y + boxes[to].y) / 2,
                         .kind = NO_LAYOUT};
}

static bool leads(const struct arrow *a, uint8_t from, uint8_t to)
{
    return (a->from & (1u << from)) &&
           (from == to ? a->to == SAME : a->to == (state_set)(1u << to));
}

signal_set layout_signals(uint8_t from, uint8_t to)
{
    signal_set signals = 0;
    for (unsigned i = 0; fsm_row(i); i++)
        if (leads(fsm_row(i), from, to))
            signals |= SIG(fsm_row(i)->signal);
    return signals;
}

/* Those of them that the figure leaves out. */
static signal_set find_ours(uint8_t from, uint8_t to)
{
    signal_set signals = 0;
    for (unsigned i = 0; fsm_row(i); i++)
        if (leads(fsm_row(i), from, to) && fsm_row(i)->whose == OURS)
            signals |= SIG(fsm_row(i)->signal);
    return signals;
}

/* An arrow that is an exception of another one, as "rcv RST (note 1)" of "rcv RST", needs no label
 * where both lead to the same state. */
signal_set layout_labels(signal_set signals)
{
    return signals & SIG(RCV_RST) ? signals & (signal_set)~SIG(RCV_RST_PASSIVE) : signals;
}

void layout_caption(const struct sink *to, uint8_t from, uint8_t target, enum signal signal)
{
    const bool is_ours = find_ours(from, target) & SIG(signal);
    for (unsigned i = 0; !is_ours && i < LENGTH(captions); i++)
        if (captions[i].signal == signal && (captions[i].from & (1u << from))) {
            SAY(to, captions[i].before, signal_label(signal), captions[i].after);
            return;
        }
    sink_word(to, signal_label(signal));
}

/* What the figure leaves out on the way to CLOSED would only blur it: it has a stub. */
unsigned layout_lines(uint8_t from, uint8_t to, struct line found[2], struct draft paths[2])
{
    signal_set signals = layout_signals(from, to);
    const signal_set ours = find_ours(from, to);
    unsigned count = 0;
    if (to == STATE_CLOSED && ours && make_stub(from, &found[count], &paths[count])) {
        found[count].signals = found[count].ours = ours;
        signals &= ~ours;
        count++;
    }
    if (signals) {
        found[count] = find_line(from, to, &paths[count]);
        found[count].signals = signals;
        found[count++].ours = signals & ours;
    }
    return count;
}
