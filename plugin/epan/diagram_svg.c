/* The state diagram as SVG: the page, its style sheet, and what its parts are drawn with.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The client's way is a thick line, the server's a dashed one beside it, so that they can be told
 * apart on a black and white printer too. Everything that comes from a capture is escaped. */
#include "diagram_svg.h"

#include "diagram_layout.h"
#include "phrases.h"
#include "words.h"

static const char style[] =
    "text{font-family:'DejaVu Sans',Verdana,Arial,sans-serif;font-size:11px;fill:#1b1f24}"
    ".page{fill:#ffffff}.box{fill:#f6f7f9;stroke:#5b636e;stroke-width:1.5}"
    ".box.visited{fill:#ffffff;stroke:#1b1f24;stroke-width:2}"
    ".name{font-size:15px;font-weight:bold}.stays{font-size:9.5px;fill:#5b636e}"
    ".line{fill:none;stroke:#8b949e;stroke-width:1.3}.head{fill:#8b949e}"
    ".pill{fill:none;stroke:#8b949e}.label{fill:#3d444d}.small{font-size:9.5px;fill:#5b636e}"
    ".title{font-size:19px;font-weight:bold}.heading{font-size:12px;font-weight:bold}"
    ".way{fill:none;stroke-linecap:butt}"
    ".client.way{stroke:#0a58ca;stroke-width:4}.client.fill{fill:#0a58ca}"
    ".server.way{stroke:#c2410c;stroke-width:4;stroke-dasharray:7 4}.server.fill{fill:#c2410c}"
    ".badge{font-size:10px;font-weight:bold;fill:#ffffff}"
    ".server.outline{fill:#ffffff;stroke:#c2410c;stroke-width:1.5;stroke-dasharray:4 2}"
    ".badge.server{fill:#c2410c}.ring{fill:none;stroke-width:3}"
    ".client.ring{stroke:#0a58ca}.server.ring{stroke:#c2410c;stroke-dasharray:7 4}"
    ".illegal{fill:#b00020}.incomplete{fill:#ffffff;stroke:#b00020;stroke-width:1.5}"
    ".mark{font-size:9px;font-weight:bold;fill:#ffffff}.mark.hollow{fill:#b00020}"
    ".rule{stroke:#d0d7de}"
    "@media (prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}"
    ".box{fill:#161b22;stroke:#6e7681}.box.visited{fill:#0d1117;stroke:#e6edf3}"
    ".stays,.small{fill:#9198a1}.label{fill:#c9d1d9}.line,.pill{stroke:#6e7681}.head{fill:#6e7681}"
    ".client.way,.client.ring{stroke:#58a6ff}.client.fill{fill:#58a6ff}"
    ".server.way,.server.ring{stroke:#ffa657}.server.fill{fill:#ffa657}"
    ".badge{fill:#0d1117}.server.outline{fill:#0d1117;stroke:#ffa657}.badge.server{fill:#ffa657}"
    ".illegal{fill:#ff7b72}.incomplete{fill:#0d1117;stroke:#ff7b72}.mark{fill:#0d1117}"
    ".mark.hollow{fill:#ff7b72}.rule{stroke:#30363d}}";

void svg_text(GString *to, int x, int y, const char *anchor, const char *class, const char *text)
{
    char *escaped = g_markup_escape_text(text, -1);
    g_string_append_printf(to,
                           "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" class=\"%s\">%s</text>\n", x,
                           y, anchor, class, escaped);
    g_free(escaped);
}

int svg_badge_width(const char *text)
{
    return 7 * (int)strlen(text) + 9;
}

void svg_badge(GString *to, int x, int y, enum role role, const char *text)
{
    g_string_append_printf(to,
                           "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"15\" rx=\"%d\" "
                           "class=\"%s %s\"/>\n",
                           x, y, svg_badge_width(text), role == ROLE_CLIENT ? 7 : 2,
                           words_role_name(role), role == ROLE_CLIENT ? "fill" : "outline");
    svg_text(to, x + svg_badge_width(text) / 2, y + 11, "middle",
             role == ROLE_CLIENT ? "badge" : "badge server", text);
}

void svg_triangle(GString *to, int x, int y, unsigned number, bool illegal)
{
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    g_string_append_printf(to, "<path d=\"M%d,%d l9,16 h-18 z\" class=\"%s\"/>\n", x, y,
                           illegal ? "illegal" : "incomplete");
    svg_text(to, x, y + 14, "middle", illegal ? "mark" : "mark hollow", text);
}

void svg_loop(GString *to, int x, int y)
{
    g_string_append_printf(to,
                           "<path d=\"M%d,%d a4,4 0 1 1 -4,-4\" marker-end=\"url(#loop)\" "
                           "class=\"line\"/>\n",
                           x, y);
}

static void append_marker(GString *to, const char *id, const char *class, int size)
{
    g_string_append_printf(
        to,
        "<marker id=\"%s\" viewBox=\"0 0 10 10\" refX=\"5\" refY=\"5\" "
        "markerWidth=\"%d\" markerHeight=\"%d\" markerUnits=\"userSpaceOnUse\" "
        "orient=\"auto\"><path d=\"M0,0 L10,5 L0,10 z\" class=\"%s\"/></marker>\n",
        id, size, size, class);
}

GString *diagram_draw(const struct tour *tour)
{
    GString *svg = g_string_new(NULL);
    g_string_append_printf(svg,
                           "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                           "viewBox=\"0 0 %d %d\" role=\"img\">\n"
                           "<title>%s</title>\n"
                           "<style>%s</style>\n<defs>\n",
                           WIDTH, HEIGHT, WIDTH, HEIGHT, phrase(PHRASE_DIAGRAM_SUBJECT), style);
    append_marker(svg, "plain", "head", 9);
    append_marker(svg, "loop", "head", 6);
    append_marker(svg, "client", "client fill", 14);
    append_marker(svg, "server", "server fill", 14);
    g_string_append_printf(svg, "</defs>\n<rect width=\"%d\" height=\"%d\" class=\"page\"/>\n",
                           WIDTH, HEIGHT);
    figure_draw(svg, tour);
    panel_draw(svg, tour);
    g_string_append(svg, "</svg>\n");
    return svg;
}
