/* The state diagram's figure: boxes and lines, and on them the way that each end took.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "diagram_layout.h"
#include "diagram_svg.h"
#include "sentences.h"
#include "words.h"
#include "wrap.h"

#include <string.h>

enum {
    PILL = 62, /* width of the name at the end of a stub */
    STUB_CHARACTERS = 22,
    STUB_HEIGHT = 12, /* of a line of its text */
    BADGE_CHARACTERS = 9,
    BADGE_HEIGHT = 16,
};

static wording const anchors[] = {
    [ANCHOR_start] = "start", [ANCHOR_middle] = "middle", [ANCHOR_end] = "end"};

/* What a browser shows when the mouse rests on a line or a box: every arrow with its section. */
static void append_arrows(const struct sink *to, uint8_t from, uint8_t target, signal_set signals,
                          wording separator)
{
    const state_set leads_to = from == target ? SAME : (state_set)(1u << target);
    for (unsigned i = 0; fsm_row(i); i++) {
        const struct arrow *a = fsm_row(i);
        if (!(a->from & (1u << from)) || a->to != leads_to || !(signals & SIG(a->signal)))
            continue;
        struct draft caption, plain;
        layout_caption(draft_begin(&caption), from, target, a->signal);
        say_diagram_arrow(draft_begin(&plain), state_text(from)->name, state_text(target)->name,
                          caption.text, a->cite);
        sink_word(to, separator);
        svg_escape(to, plain.text);
        separator = "\n";
    }
}

static bool is_on(const struct move *m, const struct line *line, enum role role)
{
    return m->signal < SIGNAL_COUNT && (line->signals & SIG(m->signal)) && m->from == line->from &&
           m->to == line->to && m->role == role;
}

static bool used(const struct tour *t, const struct line *line, enum role role)
{
    for (unsigned i = 0; i < t->moves; i++)
        if (is_on(&t->move[i], line, role))
            return true;
    return false;
}

static int count_users(const struct tour *t, const struct line *line)
{
    return used(t, line, ROLE_CLIENT) + used(t, line, ROLE_SERVER);
}

static bool visited(const struct tour *t, uint8_t state)
{
    for (unsigned i = 0; i < t->moves; i++)
        if (t->move[i].from == state || t->move[i].to == state)
            return true;
    return t->first[ROLE_CLIENT] == state || t->first[ROLE_SERVER] == state;
}

/* "#3 #8 +5": the first frames, and how many there are more. */
static void write_frames(struct draft *text, const struct tour *t, const struct line *line,
                         enum role role)
{
    unsigned more = 0;
    draft_begin(text);
    for (unsigned i = 0; i < t->moves; i++) {
        const wording frame = NUMBER(t->move[i].frame);
        if (!is_on(&t->move[i], line, role))
            continue;
        if (more || (text->length && text->length + 2 + strlen(frame) > BADGE_CHARACTERS))
            more++;
        else
            SAY(&text->sink, text->length ? " #" : "#", frame);
    }
    if (more)
        SAY(&text->sink, " +", NUMBER(more));
}

/* The frames in which each end took a line, one below the other from y on. */
static void append_badges(const struct sink *to, const struct tour *t, const struct line *line,
                          int y)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        struct draft text;
        write_frames(&text, t, line, role);
        if (!text.length)
            continue;
        const int width = svg_badge_width(text.text), before = (int)line->anchor * width / 2;
        svg_badge(to, line->x - before, y, role, text.text);
        y += BADGE_HEIGHT;
    }
}

static int size_of(int n)
{
    return n < 0 ? -n : n;
}

/* The way of one end; where both went, one on each side of the line. */
static void append_way(const struct sink *to, const struct tour *t, const struct line *line,
                       enum role role)
{
    if (!used(t, line, role))
        return;
    const bool both = used(t, line, ROLE_CLIENT + ROLE_SERVER - role);
    const int dx = layout_box(line->to).x - layout_box(line->from).x,
              dy = layout_box(line->to).y - layout_box(line->from).y;
    const int aside = both ? (role == ROLE_CLIENT ? 4 : -3) : 0;
    const bool flat = line->kind == STUB || size_of(dx) > size_of(dy);
    SAY(to, "<path d=\"", line->path, "\" transform=\"translate(", SIGNED(flat ? 0 : aside), " ",
        SIGNED(flat ? aside : 0), ")\" marker-end=\"url(#", words_role_name(role), ")\" class=\"",
        words_role_name(role), " way\"/>\n");
}

/* A stub ends at a small box of its own. */
static void append_pill(const struct sink *to, const struct line *line)
{
    const int side = line->anchor == ANCHOR_start ? RIGHT : LEFT, y = line->y + 8,
              x = layout_box(line->from).x + side * (BOX_X + STUB_LENGTH);
    SAY(to, "<rect x=\"", SIGNED(side == RIGHT ? x : x - PILL), "\" y=\"", SIGNED(y - 9),
        "\" width=\"", SIGNED(PILL), "\" height=\"18\" rx=\"9\" class=\"pill\"/>\n");
    svg_text(to, x + side * PILL / 2, y + 4, "middle", "small", "CLOSED");
}

/* Its labels are short and many: rows of several, the first above it. The place below them. */
static int append_stub_labels(const struct sink *to, const struct line *line)
{
    const signal_set labels = layout_labels(line->signals);
    struct draft row;
    int y = line->y - 5;
    draft_begin(&row);
    for (unsigned signal = 0; signal < SIGNAL_COUNT; signal++) {
        const wording label = signal_label(signal);
        if (!(labels & SIG(signal)))
            continue;
        if (row.length && row.length + strlen(label) > STUB_CHARACTERS) {
            svg_text(to, line->x, y, anchors[line->anchor], "aside", row.text);
            y = y < line->y ? line->y + 27 : y + STUB_HEIGHT;
            draft_begin(&row);
        }
        SAY(&row.sink, row.length ? ", " : NULL, label);
    }
    svg_text(to, line->x, y, anchors[line->anchor], "aside", row.text);
    return y < line->y ? line->y + 29 : y + STUB_HEIGHT;
}

static int append_labels(const struct sink *to, const struct line *line)
{
    const signal_set labels = layout_labels(line->signals);
    int y = line->y;
    for (unsigned signal = 0; signal < SIGNAL_COUNT; signal++) {
        struct draft caption;
        if (!(labels & SIG(signal)))
            continue;
        layout_caption(draft_begin(&caption), line->from, line->to, signal);
        svg_text(to, line->x, y, anchors[line->anchor], line->ours & SIG(signal) ? "own" : "label",
                 caption.text);
        y += LINE_HEIGHT;
    }
    return y;
}

static void append_line(const struct sink *to, const struct tour *t, const struct line *line)
{
    const bool is_ours = line->signals == line->ours;
    SAY(to, "<g class=\"",
        line->kind == NO_LAYOUT ? "no-layout"
        : is_ours               ? "beside"
                                : "figure",
        "\">\n");
    sink_word(to, "<title>");
    append_arrows(to, line->from, line->to, line->signals, NULL);
    sink_word(to, "</title>\n");
    SAY(to, "<path d=\"", line->path, "\" marker-end=\"url(#plain)\" class=\"",
        is_ours ? "dotted" : "line", "\"/>\n");
    append_way(to, t, line, ROLE_CLIENT);
    append_way(to, t, line, ROLE_SERVER);
    if (line->kind == STUB)
        append_pill(to, line);
    const int below = line->kind == STUB ? append_stub_labels(to, line) : append_labels(to, line);
    if (line->anchor != ANCHOR_middle)
        append_badges(to, t, line, below - 9);
    else
        append_badges(to, t, line, line->y - 11 - BADGE_HEIGHT * count_users(t, line));
    sink_word(to, "</g>\n");
}

/* A line for each pair of states that has arrows. */
static void append_lines(const struct sink *to, const struct tour *t)
{
    struct line lines[2];
    struct draft paths[2];
    for (uint8_t from = STATE_CLOSED; from < STATE_COUNT; from++)
        for (uint8_t target = STATE_CLOSED; target < STATE_COUNT; target++) {
            const unsigned count = from == target ? 0 : layout_lines(from, target, lines, paths);
            for (unsigned i = 0; i < count; i++)
                append_line(to, t, &lines[i]);
        }
}

/* A ring around the box in which an end is at the end. */
static void append_ring(const struct sink *to, const struct tour *t, uint8_t state, enum role role)
{
    const int aside = role == ROLE_CLIENT ? 4 : 8;
    if (t->last[role] == state)
        SAY(to, "<rect x=\"", SIGNED(layout_box(state).x - BOX_X - aside), "\" y=\"",
            SIGNED(layout_box(state).y - BOX_Y - aside), "\" width=\"", SIGNED(2 * (BOX_X + aside)),
            "\" height=\"", SIGNED(2 * (BOX_Y + aside)), "\" rx=\"", SIGNED(7 + aside),
            "\" class=\"", words_role_name(role), " ring\"/>\n");
}

/* And its name in the box. */
static void append_end(const struct sink *to, const struct tour *t, uint8_t state, enum role role)
{
    const int x = layout_box(state).x, y = layout_box(state).y;
    if (t->last[role] != state)
        return;
    struct draft text;
    say_diagram_ends(draft_begin(&text), words_role_name(role), t->known[role] ? NULL : "?");
    svg_badge(to, role == ROLE_CLIENT ? x - BOX_X + 1 : x + BOX_X - 1 - svg_badge_width(text.text),
              y + BOX_Y - 17, role, text.text);
}

/* Those that the panel may tell. */
static unsigned marks_of(const struct tour *t)
{
    return t->callouts < TOUR_CALLOUTS_TOLD ? t->callouts : TOUR_CALLOUTS_TOLD;
}

/* Marks below its name, numbered as in the panel, as many as there is room for. */
static void append_marks(const struct sink *to, const struct tour *t, uint8_t state)
{
    enum { MARGIN = 12, STEP = 21 };
    int x = layout_box(state).x - BOX_X + MARGIN;
    const int last = layout_box(state).x + BOX_X - MARGIN;
    for (unsigned i = 0; i < marks_of(t) && x <= last; i++) {
        const struct callout *c = &t->callout[i];
        if (c->state != state)
            continue;
        svg_triangle(to, x, layout_box(state).y - 6, i + 1, c->illegal);
        x += STEP;
    }
}

/* Is there anything below its name? */
static bool is_filled(const struct tour *t, uint8_t state)
{
    bool filled = t->last[ROLE_CLIENT] == state || t->last[ROLE_SERVER] == state;
    for (unsigned i = 0; i < marks_of(t); i++)
        filled |= t->callout[i].state == state;
    return filled;
}

static void append_box(const struct sink *to, const struct tour *t, uint8_t state)
{
    const int x = layout_box(state).x, y = layout_box(state).y;
    sink_word(to, "<g>\n<title>");
    svg_escape(to, state_text(state)->rfc);
    sink_word(to, ": ");
    svg_escape(to, state_text(state)->meaning);
    append_arrows(to, state, state, layout_signals(state, state), "\n");
    sink_word(to, "</title>\n");
    SAY(to, "<rect x=\"", SIGNED(x - BOX_X), "\" y=\"", SIGNED(y - BOX_Y), "\" width=\"",
        SIGNED(2 * BOX_X), "\" height=\"", SIGNED(2 * BOX_Y), "\" rx=\"7\" class=\"box",
        visited(t, state) ? " visited" : "", "\"/>\n");
    svg_text(to, x, is_filled(t, state) ? y - 12 : y + 5, "middle", "name", state_text(state)->rfc);
    sink_word(to, "</g>\n");
    append_ring(to, t, state, ROLE_CLIENT);
    append_ring(to, t, state, ROLE_SERVER);
    append_end(to, t, state, ROLE_CLIENT);
    append_end(to, t, state, ROLE_SERVER);
    append_marks(to, t, state);
}

void figure_draw(const struct sink *to, const struct tour *t)
{
    append_lines(to, t);
    for (uint8_t state = STATE_CLOSED; state < STATE_COUNT; state++)
        append_box(to, t, state);
}
