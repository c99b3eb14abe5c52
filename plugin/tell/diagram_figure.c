/* The state diagram's figure: boxes and lines, and on them the way that each end took.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "diagram_layout.h"
#include "diagram_svg.h"
#include "sentences.h"
#include "words.h"

#include <string.h>

enum {
    PILL = 62, /* width of the name at the end of a stub */
    BADGE_FRAMES = 3,
    STAYS_CHARACTERS = 30,
};

static wording const anchors[] = {
    [ANCHOR_start] = "start", [ANCHOR_middle] = "middle", [ANCHOR_end] = "end"};

/* What a browser shows when the mouse rests on a line: every arrow with its section. */
static void append_arrows(const struct sink *to, uint8_t from, uint8_t target, signal_set signals)
{
    wording separator = "";
    sink_word(to, "<title>");
    for (unsigned i = 0; fsm_row(i); i++) {
        const struct arrow *a = fsm_row(i);
        const unsigned to_set = from == target ? SAME : 1u << target;
        if (!(a->from & (1u << from)) || a->to != to_set || !(signals & SIG(a->signal)))
            continue;
        struct draft plain;
        say_diagram_arrow(draft_begin(&plain), state_text(from)->name, state_text(target)->name,
                          signal_label(a->signal), a->cite);
        sink_word(to, separator);
        svg_escape(to, plain.text);
        separator = "\n";
    }
    sink_word(to, "</title>\n");
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

static bool visited(const struct tour *t, uint8_t state)
{
    for (unsigned i = 0; i < t->moves; i++)
        if (t->move[i].from == state || t->move[i].to == state)
            return true;
    return t->first[ROLE_CLIENT] == state || t->first[ROLE_SERVER] == state;
}

/* "#3 #8 ..." */
static void write_frames(struct draft *text, const struct tour *t, const struct line *line,
                         enum role role)
{
    unsigned count = 0;
    draft_begin(text);
    for (unsigned i = 0; i < t->moves; i++)
        if (is_on(&t->move[i], line, role) && count++ < BADGE_FRAMES)
            SAY(&text->sink, count > 1 ? " #" : "#", NUMBER(t->move[i].frame));
    if (count > BADGE_FRAMES)
        sink_word(&text->sink, " ...");
}

/* The frames in which each end took a line, below its labels. */
static void append_badges(const struct sink *to, const struct tour *t, const struct line *line,
                          int y)
{
    struct draft texts[ROLE_COUNT];
    int width = 0;
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        write_frames(&texts[role], t, line, role);
        width += texts[role].length ? svg_badge_width(texts[role].text) + 3 : 0;
    }
    int x = line->x - (line->anchor == ANCHOR_start ? 0
                       : line->anchor == ANCHOR_end ? width
                                                    : width / 2);
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        if (texts[role].length) {
            svg_badge(to, x, y, role, texts[role].text);
            x += svg_badge_width(texts[role].text) + 3;
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

/* A stub ends at a small box of its own. Its first label is above the line, the others below. */
static int append_stub(const struct sink *to, const struct line *line)
{
    const int side = line->anchor == ANCHOR_start ? RIGHT : LEFT, y = line->y + 8,
              x = layout_box(line->from).x + side * (BOX_X + STUB_LENGTH);
    SAY(to, "<rect x=\"", SIGNED(side == RIGHT ? x : x - PILL), "\" y=\"", SIGNED(y - 9),
        "\" width=\"", SIGNED(PILL), "\" height=\"18\" rx=\"9\" class=\"pill\"/>\n");
    svg_text(to, x + side * PILL / 2, y + 4, "middle", "small", "CLOSED");
    return 10;
}

/* Beside the label that they belong to: what is sent stands above the line, the others below it. */
static void append_stub_badges(const struct sink *to, const struct tour *t, const struct line *line,
                               int below)
{
    struct line sent = *line, others = *line;
    sent.signals &= SIG(SND_RST);
    others.signals &= (signal_set)~SIG(SND_RST);
    append_badges(to, t, &sent, line->y - 26);
    append_badges(to, t, &others, below);
}

static void append_line(const struct sink *to, const struct tour *t, const struct line *line)
{
    const signal_set labels = layout_labels(line->signals);
    wording class = line->kind == STUB ? "small" : "label";
    int y = line->y, gap = 0;
    SAY(to, "<g", line->kind == NO_LAYOUT ? " class=\"no-layout\"" : "", ">\n");
    append_arrows(to, line->from, line->to, line->signals);
    SAY(to, "<path d=\"", line->path, "\" marker-end=\"url(#plain)\" class=\"line\"/>\n");
    append_way(to, t, line, ROLE_CLIENT);
    append_way(to, t, line, ROLE_SERVER);
    if (line->kind == STUB)
        gap = append_stub(to, line);
    for (unsigned signal = 0; signal < SIGNAL_COUNT; signal++)
        if (labels & SIG(signal)) {
            svg_text(to, line->x, y, anchors[line->anchor], class, signal_label(signal));
            y += LINE_HEIGHT + gap;
            gap = 0;
        }
    /* Labels in the middle of a line stand right above it; there is no room below them. */
    if (line->kind == STUB)
        append_stub_badges(to, t, line, y - LINE_HEIGHT + 4);
    else
        append_badges(to, t, line,
                      line->anchor == ANCHOR_middle ? line->y - 27 : y - LINE_HEIGHT + 4);
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

/* The arrows that stay, in at most two rows, after a small loop. */
static void append_stays(const struct sink *to, uint8_t state)
{
    const signal_set labels = layout_signals(state, state);
    struct draft rows[2];
    const int x = layout_box(state).x, y = layout_box(state).y;
    for (unsigned i = 0; i < 2; i++)
        draft_begin(&rows[i]);
    for (unsigned signal = 0; signal < SIGNAL_COUNT; signal++)
        if (labels & SIG(signal)) {
            const wording label = signal_label(signal);
            struct draft *row = &rows[rows[0].length + strlen(label) > STAYS_CHARACTERS];
            SAY(&row->sink, row->length ? ", " : NULL, label);
        }
    for (unsigned i = 0; i < 2 && rows[i].length; i++)
        svg_text(to, x + 6, y + 3 + 11 * (int)i, "middle", "stays", rows[i].text);
    if (labels)
        svg_loop(to, x - 13 * (int)rows[0].length / 5 - 2, y);
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
    svg_badge(to, role == ROLE_CLIENT ? x - BOX_X + 3 : x + BOX_X - 3 - svg_badge_width(text.text),
              y + BOX_Y - 17, role, text.text);
}

/* Marks on the upper edge, numbered as in the panel. */
static void append_marks(const struct sink *to, const struct tour *t, uint8_t state)
{
    int x = layout_box(state).x - BOX_X + 12;
    for (unsigned i = 0; i < t->callouts && x < layout_box(state).x + BOX_X; i++) {
        const struct callout *c = &t->callout[i];
        if (c->state != state)
            continue;
        svg_triangle(to, x, layout_box(state).y - BOX_Y - 9, i + 1, c->illegal);
        x += 21;
    }
}

static void append_box(const struct sink *to, const struct tour *t, uint8_t state)
{
    const int x = layout_box(state).x, y = layout_box(state).y;
    sink_word(to, "<g>\n<title>");
    svg_escape(to, state_text(state)->rfc);
    sink_word(to, ": ");
    svg_escape(to, state_text(state)->meaning);
    sink_word(to, "</title>\n");
    SAY(to, "<rect x=\"", SIGNED(x - BOX_X), "\" y=\"", SIGNED(y - BOX_Y), "\" width=\"",
        SIGNED(2 * BOX_X), "\" height=\"", SIGNED(2 * BOX_Y), "\" rx=\"7\" class=\"box",
        visited(t, state) ? " visited" : "", "\"/>\n");
    svg_text(to, x, y - 12, "middle", "name", state_text(state)->rfc);
    sink_word(to, "</g>\n<g>\n");
    append_arrows(to, state, state, layout_signals(state, state));
    append_stays(to, state);
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
