/* Beside the state diagram's figure: whose connection it is, its steps in order, what was found.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "diagram_layout.h"
#include "diagram_svg.h"
#include "phrases.h"
#include "words.h"

enum {
    CHARACTERS = 54,
    MOVES_MAX = 24, /* more do not fit */
};

/* A sentence in as many lines as it needs; the place for the next one. */
static int append_wrapped(GString *to, int x, int y, const char *class, const char *text)
{
    GString *row = g_string_new(NULL);
    char **words = g_strsplit(text, " ", -1);
    for (unsigned i = 0; words[i]; i++) {
        if (row->len && row->len + strlen(words[i]) >= CHARACTERS) {
            svg_text(to, x, y, "start", class, row->str);
            y += LINE_HEIGHT;
            g_string_truncate(row, 0);
        }
        g_string_append_printf(row, "%s%s", row->len ? " " : "", words[i]);
    }
    svg_text(to, x, y, "start", class, row->str);
    g_strfreev(words);
    g_string_free(row, TRUE);
    return y + LINE_HEIGHT;
}

static int append_party(GString *to, const struct tour *t, enum role role, int y)
{
    char *text = g_strdup_printf("%s  %s", words_role_name(role), t->socket[role]);
    g_string_append_printf(to,
                           "<path d=\"M%d,%d h44\" marker-end=\"url(#%s)\" class=\"%s way\"/>\n",
                           PANEL, y - 4, words_role_name(role), words_role_name(role));
    svg_text(to, PANEL + 62, y, "start", "heading", text);
    g_free(text);
    return y + 20;
}

static int append_move(GString *to, const struct move *m, int y)
{
    char frame[16];
    char *text = phrase_say(NULL, PHRASE_DIAGRAM_MOVE, "from", state_text(m->from)->rfc, "to",
                            state_text(m->to)->rfc, "remark", m->remark, NULL);
    snprintf(frame, sizeof frame, "#%u", m->frame);
    svg_badge(to, PANEL, y - 11, m->role, frame);
    svg_text(to, PANEL + 62, y, "start", "", text);
    g_free(text);
    return y + 18;
}

static int append_moves(GString *to, const struct tour *t, int y)
{
    const unsigned shown = MIN(t->moves->len, MOVES_MAX);
    for (unsigned i = 0; i < shown; i++)
        y = append_move(to, &g_array_index(t->moves, struct move, i), y);
    if (shown < t->moves->len) {
        char count[16];
        snprintf(count, sizeof count, "%u", t->moves->len - shown);
        char *text = phrase_say(NULL, PHRASE_DIAGRAM_MORE, "count", count, NULL);
        svg_text(to, PANEL + 62, y, "start", "", text);
        g_free(text);
        y += 18;
    }
    return y;
}

static void append_callouts(GString *to, const struct tour *t, int y)
{
    for (unsigned i = 0; i < t->callouts->len && y < HEIGHT - 120; i++) {
        const struct callout *c = &g_array_index(t->callouts, struct callout, i);
        char *text = g_strdup_printf("#%u %s", c->frame, c->text);
        svg_triangle(to, PANEL + 9, y - 11, i + 1, c->illegal);
        y = append_wrapped(to, PANEL + 26, y, "", text) + 6;
        g_free(text);
    }
}

static int append_last(GString *to, const struct tour *t, enum role role, int y)
{
    char *text = phrase_say(NULL, PHRASE_DIAGRAM_LAST, "who", words_role_name(role), "state",
                            state_text(t->last[role])->rfc, "assumed",
                            t->known[role] ? "" : phrase(PHRASE_ASSUMED), NULL);
    svg_text(to, PANEL, y, "start", "heading", text);
    g_free(text);
    return y + 18;
}

static void append_legend(GString *to)
{
    const int y = HEIGHT - 76;
    svg_triangle(to, PANEL + 9, y - 12, 1, true);
    svg_text(to, PANEL + 26, y, "start", "small", phrase(PHRASE_LEGEND_ILLEGAL));
    svg_triangle(to, PANEL + 199, y - 12, 2, false);
    svg_text(to, PANEL + 216, y, "start", "small", phrase(PHRASE_LEGEND_INCOMPLETE));
    svg_loop(to, PANEL + 13, y + 15);
    svg_text(to, PANEL + 26, y + 19, "start", "small", phrase(PHRASE_LEGEND_STAYS));
    svg_text(to, PANEL, y + 38, "start", "small", phrase(PHRASE_LEGEND_NOTES));
    svg_text(to, PANEL, y + 54, "start", "small", phrase(PHRASE_LEGEND_SOURCE));
}

/* Beside the figure: whose connection it is, its steps in order, and what was found. */
void panel_draw(GString *to, const struct tour *t)
{
    int y = 52;
    char number[16], connections[16];
    snprintf(number, sizeof number, "%u", t->number);
    snprintf(connections, sizeof connections, "%u", t->connections);
    char *text =
        phrase_say(NULL, PHRASE_DIAGRAM_WHICH, "number", number, "connections", connections, NULL);
    svg_text(to, PANEL, y, "start", "title", phrase(PHRASE_DIAGRAM_TITLE));
    svg_text(to, PANEL, y + 20, "start", "small", text);
    y = append_party(to, t, ROLE_CLIENT, y + 48);
    y = append_party(to, t, ROLE_SERVER, y);
    g_string_append_printf(to, "<path d=\"M%d,%d H%d\" class=\"rule\"/>\n", PANEL, y - 4,
                           WIDTH - 20);
    y = append_moves(to, t, y + 18) + 6;
    y = append_last(to, t, ROLE_CLIENT, y);
    y = append_last(to, t, ROLE_SERVER, y);
    append_callouts(to, t, y + 14);
    append_legend(to);
    g_free(text);
}
