/* Beside the state diagram's figure: whose connection it is, its steps in order, what was found.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "diagram_layout.h"
#include "diagram_svg.h"
#include "sentences.h"
#include "words.h"
#include "wrap.h"

enum {
    CHARACTERS = 52,
    SMALL_CHARACTERS = 72,
    BESIDE = 76, /* where text begins beside an arrow or a frame's number */
    MOVES_MAX = 32,
    MOVES_BESIDE_CALLOUTS = 24, /* more do not fit */
    LEGEND = HEIGHT - 100,
    CALLOUTS_END = LEGEND - 20,
};

/* A sentence in as many lines as it needs; the place for the next one. */
static int append_wrapped(const struct sink *to, int x, int y, wording class, wording text,
                          unsigned characters)
{
    struct draft line;
    while (*text) {
        text = wrap_line(draft_begin(&line), text, 0, characters);
        svg_text(to, x, y, "start", class, line.text);
        y += LINE_HEIGHT;
    }
    return y;
}

static int append_party(const struct sink *to, const struct tour *t, enum role role, int y)
{
    SAY(to, "<path d=\"M", SIGNED(PANEL), ",", SIGNED(y - 4), " h44\" marker-end=\"url(#",
        words_role_name(role), ")\" class=\"", words_role_name(role), " way\"/>\n");
    svg_text(to, PANEL + BESIDE, y, "start", "heading", words_role_name(role));
    return append_wrapped(to, PANEL + BESIDE + 54, y, "", t->socket[role], 44) + 7;
}

/* Why it moved. Note 1 of the figure is of the one arrow only that leads to LISTEN. */
static wording find_why(const struct move *m)
{
    const bool is_reset = m->signal == RCV_RST_PASSIVE && m->to == STATE_CLOSED;
    return m->remark ? m->remark : signal_label(is_reset ? RCV_RST : m->signal);
}

static int append_move(const struct sink *to, const struct move *m, int y)
{
    struct draft text, frame;
    SAY(draft_begin(&frame), "#", NUMBER(m->frame));
    say_diagram_move(draft_begin(&text), state_text(m->from)->rfc, state_text(m->to)->rfc,
                     find_why(m));
    svg_badge(to, PANEL, y - 11, m->role, frame.text);
    svg_text(to, PANEL + BESIDE, y, "start", "", text.text);
    return y + 18;
}

static int append_moves(const struct sink *to, const struct tour *t, int y)
{
    const unsigned room = t->callouts ? MOVES_BESIDE_CALLOUTS : MOVES_MAX,
                   shown = t->moves < room ? t->moves : room;
    for (unsigned i = 0; i < shown; i++)
        y = append_move(to, &t->move[i], y);
    if (shown < t->moves) {
        struct draft text;
        say_diagram_more(draft_begin(&text), t->moves - shown);
        svg_text(to, PANEL + BESIDE, y, "start", "", text.text);
        y += 18;
    }
    return y;
}

static int height_of(wording text, unsigned characters)
{
    struct draft line;
    int height = 0;
    for (; *text; height += LINE_HEIGHT)
        text = wrap_line(draft_begin(&line), text, 0, characters);
    return height;
}

static void append_callouts(const struct sink *to, const struct tour *t, int y)
{
    unsigned i = 0;
    for (; i < t->callouts && i < TOUR_CALLOUTS_TOLD; i++) {
        const int more = i + 1 < t->callouts ? LINE_HEIGHT : 0;
        if (y + height_of(t->told[i], CHARACTERS) + more > CALLOUTS_END)
            break;
        svg_triangle(to, PANEL + 9, y - 11, i + 1, t->callout[i].illegal);
        y = append_wrapped(to, PANEL + 26, y, "", t->told[i], CHARACTERS) + 6;
    }
    if (i == t->callouts)
        return;
    struct draft text;
    say_diagram_more(draft_begin(&text), t->callouts - i);
    svg_text(to, PANEL + 26, y, "start", "", text.text);
}

static int append_last(const struct sink *to, const struct tour *t, enum role role, int y)
{
    struct draft text;
    say_diagram_last(draft_begin(&text), words_role_name(role), state_text(t->last[role])->rfc,
                     t->known[role] ? NULL : phrase(PHRASE_ASSUMED));
    svg_text(to, PANEL, y, "start", "heading", text.text);
    return y + 18;
}

static void append_legend(const struct sink *to)
{
    int y = LEGEND;
    svg_triangle(to, PANEL + 9, y - 12, 1, true);
    svg_text(to, PANEL + 26, y, "start", "small", phrase(PHRASE_LEGEND_ILLEGAL));
    svg_triangle(to, PANEL + 209, y - 12, 2, false);
    svg_text(to, PANEL + 226, y, "start", "small", phrase(PHRASE_LEGEND_INCOMPLETE));
    static const enum phrase notes[] = {PHRASE_LEGEND_CAPTION, PHRASE_LEGEND_OURS,
                                        PHRASE_LEGEND_NOTES, PHRASE_LEGEND_SOURCE};
    y += 22;
    for (unsigned i = 0; i < sizeof notes / sizeof *notes; i++)
        y = append_wrapped(to, PANEL, y, i == 1 ? "aside" : "small", phrase(notes[i]),
                           SMALL_CHARACTERS) +
            4;
}

/* Beside the figure: whose connection it is, its steps in order, and what was found. */
void panel_draw(const struct sink *to, const struct tour *t)
{
    int y = 52;
    struct draft text;
    say_diagram_which(draft_begin(&text), t->number, t->connections);
    svg_text(to, PANEL, y, "start", "title", phrase(PHRASE_DIAGRAM_TITLE));
    svg_text(to, PANEL, y + 20, "start", "small", text.text);
    y = append_party(to, t, ROLE_CLIENT, y + 48);
    y = append_party(to, t, ROLE_SERVER, y);
    SAY(to, "<path d=\"M", SIGNED(PANEL), ",", SIGNED(y - 4), " H", SIGNED(WIDTH - 20),
        "\" class=\"rule\"/>\n");
    y = append_moves(to, t, y + 18) + 6;
    y = append_last(to, t, ROLE_CLIENT, y);
    y = append_last(to, t, ROLE_SERVER, y);
    append_callouts(to, t, y + 14);
    append_legend(to);
}
