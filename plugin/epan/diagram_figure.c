/* The state diagram's figure: boxes and lines, and on them the way that each end took.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "diagram_layout.h"
#include "diagram_svg.h"
#include "phrases.h"
#include "words.h"

enum {
    PILL = 62, /* width of the name at the end of a stub */
    BADGE_FRAMES = 3,
    STAYS_CHARACTERS = 30,
};

static const char *const anchors[] = {
    [ANCHOR_start] = "start", [ANCHOR_middle] = "middle", [ANCHOR_end] = "end"};

/* What a browser shows when the mouse rests on a line: every arrow with its section. */
static void append_arrows(GString *to, uint8_t from, uint8_t target, signal_set signals)
{
    const char *separator = "";
    g_string_append(to, "<title>");
    for (unsigned i = 0; fsm_row(i); i++) {
        const struct arrow *a = fsm_row(i);
        const unsigned to_set = from == target ? SAME : 1u << target;
        if (!(a->from & (1u << from)) || a->to != to_set || !(signals & SIG(a->signal)))
            continue;
        char *plain = phrase_say(NULL, PHRASE_DIAGRAM_ARROW, "from", state_text(from)->name, "to",
                                 state_text(target)->name, "signal", signal_label(a->signal),
                                 "cite", a->cite, NULL);
        char *text = g_markup_escape_text(plain, -1);
        g_string_append(to, separator);
        g_string_append(to, text);
        g_free(text);
        g_free(plain);
        separator = "\n";
    }
    g_string_append(to, "</title>\n");
}

static bool is_on(const struct move *m, const struct line *line, enum role role)
{
    return m->signal < SIGNAL_COUNT && (line->signals & SIG(m->signal)) && m->from == line->from &&
           m->to == line->to && m->role == role;
}

static bool used(const struct tour *t, const struct line *line, enum role role)
{
    for (unsigned i = 0; i < t->moves->len; i++)
        if (is_on(&g_array_index(t->moves, struct move, i), line, role))
            return true;
    return false;
}

static bool visited(const struct tour *t, uint8_t state)
{
    for (unsigned i = 0; i < t->moves->len; i++) {
        const struct move *m = &g_array_index(t->moves, struct move, i);
        if (m->from == state || m->to == state)
            return true;
    }
    return t->first[ROLE_CLIENT] == state || t->first[ROLE_SERVER] == state;
}

/* "#3 #8 ..." */
static char *frames_on(const struct tour *t, const struct line *line, enum role role)
{
    GString *text = g_string_new(NULL);
    unsigned count = 0;
    for (unsigned i = 0; i < t->moves->len; i++) {
        const struct move *m = &g_array_index(t->moves, struct move, i);
        if (!is_on(m, line, role))
            continue;
        if (count++ < BADGE_FRAMES)
            g_string_append_printf(text, "%s#%u", count > 1 ? " " : "", m->frame);
    }
    if (count > BADGE_FRAMES)
        g_string_append(text, " ...");
    return g_string_free(text, FALSE);
}

/* The frames in which each end took a line, below its labels. */
static void append_badges(GString *to, const struct tour *t, const struct line *line, int y)
{
    char *texts[ROLE_COUNT];
    int width = 0;
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        texts[role] = frames_on(t, line, role);
        width += *texts[role] ? svg_badge_width(texts[role]) + 3 : 0;
    }
    int x = line->x - (line->anchor == ANCHOR_start ? 0
                       : line->anchor == ANCHOR_end ? width
                                                    : width / 2);
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        if (*texts[role]) {
            svg_badge(to, x, y, role, texts[role]);
            x += svg_badge_width(texts[role]) + 3;
        }
        g_free(texts[role]);
    }
}

/* The way of one end; where both went, one on each side of the line. */
static void append_way(GString *to, const struct tour *t, const struct line *line, enum role role)
{
    if (!used(t, line, role))
        return;
    const bool both = used(t, line, ROLE_CLIENT + ROLE_SERVER - role);
    const int dx = layout_box(line->to).x - layout_box(line->from).x,
              dy = layout_box(line->to).y - layout_box(line->from).y;
    const int aside = both ? (role == ROLE_CLIENT ? 4 : -3) : 0;
    const bool flat = line->kind == STUB || abs(dx) > abs(dy);
    g_string_append_printf(to,
                           "<path d=\"%s\" transform=\"translate(%d %d)\" "
                           "marker-end=\"url(#%s)\" class=\"%s way\"/>\n",
                           line->path, flat ? 0 : aside, flat ? aside : 0, words_role_name(role),
                           words_role_name(role));
}

/* A stub ends at a small box of its own. Its first label is above the line, the others below. */
static int append_stub(GString *to, const struct line *line)
{
    const int side = line->anchor == ANCHOR_start ? RIGHT : LEFT, y = line->y + 8,
              x = layout_box(line->from).x + side * (BOX_X + STUB_LENGTH);
    g_string_append_printf(to,
                           "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"18\" rx=\"9\" "
                           "class=\"pill\"/>\n",
                           side == RIGHT ? x : x - PILL, y - 9, PILL);
    svg_text(to, x + side * PILL / 2, y + 4, "middle", "small", "CLOSED");
    return 10;
}

/* Beside the label that they belong to: what is sent stands above the line, the others below it. */
static void append_stub_badges(GString *to, const struct tour *t, const struct line *line,
                               int below)
{
    struct line sent = *line, others = *line;
    sent.signals &= SIG(SND_RST);
    others.signals &= (signal_set)~SIG(SND_RST);
    append_badges(to, t, &sent, line->y - 26);
    append_badges(to, t, &others, below);
}

static void append_line(GString *to, const struct tour *t, const struct line *line)
{
    const signal_set labels = layout_labels(line->signals);
    const char *class = line->kind == STUB ? "small" : "label";
    int y = line->y, gap = 0;
    g_string_append_printf(to, "<g%s>\n", line->kind == NO_LAYOUT ? " class=\"no-layout\"" : "");
    append_arrows(to, line->from, line->to, line->signals);
    g_string_append_printf(to, "<path d=\"%s\" marker-end=\"url(#plain)\" class=\"line\"/>\n",
                           line->path);
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
    g_string_append(to, "</g>\n");
}

/* A line for each pair of states that has arrows. */
static void append_lines(GString *to, const struct tour *t)
{
    struct line lines[2];
    char paths[2][PATH_SIZE];
    for (uint8_t from = STATE_CLOSED; from < STATE_COUNT; from++)
        for (uint8_t target = STATE_CLOSED; target < STATE_COUNT; target++) {
            const unsigned count = from == target ? 0 : layout_lines(from, target, lines, paths);
            for (unsigned i = 0; i < count; i++)
                append_line(to, t, &lines[i]);
        }
}

/* The arrows that stay, in at most two rows, after a small loop. */
static void append_stays(GString *to, uint8_t state)
{
    const signal_set labels = layout_signals(state, state);
    GString *rows[2] = {g_string_new(NULL), g_string_new(NULL)};
    const int x = layout_box(state).x, y = layout_box(state).y;
    for (unsigned signal = 0; signal < SIGNAL_COUNT; signal++)
        if (labels & SIG(signal)) {
            const char *label = signal_label(signal);
            GString *row = rows[rows[0]->len + strlen(label) > STAYS_CHARACTERS];
            g_string_append_printf(row, "%s%s", row->len ? ", " : "", label);
        }
    for (unsigned i = 0; i < 2 && rows[i]->len; i++)
        svg_text(to, x + 6, y + 3 + 11 * (int)i, "middle", "stays", rows[i]->str);
    if (labels)
        svg_loop(to, x - 13 * (int)rows[0]->len / 5 - 2, y);
    for (unsigned i = 0; i < 2; i++)
        g_string_free(rows[i], TRUE);
}

/* A ring around the box in which an end is at the end. */
static void append_ring(GString *to, const struct tour *t, uint8_t state, enum role role)
{
    const int aside = role == ROLE_CLIENT ? 4 : 8;
    if (t->last[role] == state)
        g_string_append_printf(to,
                               "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" "
                               "class=\"%s ring\"/>\n",
                               layout_box(state).x - BOX_X - aside,
                               layout_box(state).y - BOX_Y - aside, 2 * (BOX_X + aside),
                               2 * (BOX_Y + aside), 7 + aside, words_role_name(role));
}

/* And its name in the box. */
static void append_end(GString *to, const struct tour *t, uint8_t state, enum role role)
{
    const int x = layout_box(state).x, y = layout_box(state).y;
    if (t->last[role] != state)
        return;
    char *text = phrase_say(NULL, PHRASE_DIAGRAM_ENDS, "who", words_role_name(role), "mark",
                            t->known[role] ? "" : "?", NULL);
    svg_badge(to, role == ROLE_CLIENT ? x - BOX_X + 3 : x + BOX_X - 3 - svg_badge_width(text),
              y + BOX_Y - 17, role, text);
    g_free(text);
}

/* Marks on the upper edge, numbered as in the panel. */
static void append_marks(GString *to, const struct tour *t, uint8_t state)
{
    int x = layout_box(state).x - BOX_X + 12;
    for (unsigned i = 0; i < t->callouts->len && x < layout_box(state).x + BOX_X; i++) {
        const struct callout *c = &g_array_index(t->callouts, struct callout, i);
        if (c->state != state)
            continue;
        svg_triangle(to, x, layout_box(state).y - BOX_Y - 9, i + 1, c->illegal);
        x += 21;
    }
}

static void append_box(GString *to, const struct tour *t, uint8_t state)
{
    const int x = layout_box(state).x, y = layout_box(state).y;
    char *title =
        g_markup_printf_escaped("%s: %s", state_text(state)->rfc, state_text(state)->meaning);
    g_string_append_printf(to, "<g>\n<title>%s</title>\n", title);
    g_string_append_printf(to,
                           "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"7\" "
                           "class=\"box%s\"/>\n",
                           x - BOX_X, y - BOX_Y, 2 * BOX_X, 2 * BOX_Y,
                           visited(t, state) ? " visited" : "");
    svg_text(to, x, y - 12, "middle", "name", state_text(state)->rfc);
    g_string_append(to, "</g>\n<g>\n");
    append_arrows(to, state, state, layout_signals(state, state));
    append_stays(to, state);
    g_string_append(to, "</g>\n");
    append_ring(to, t, state, ROLE_CLIENT);
    append_ring(to, t, state, ROLE_SERVER);
    append_end(to, t, state, ROLE_CLIENT);
    append_end(to, t, state, ROLE_SERVER);
    append_marks(to, t, state);
    g_free(title);
}

void figure_draw(GString *to, const struct tour *t)
{
    append_lines(to, t);
    for (uint8_t state = STATE_CLOSED; state < STATE_COUNT; state++)
        append_box(to, t, state);
}
