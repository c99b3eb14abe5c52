/* The state diagram as SVG: the page, its style sheet, and what its parts are drawn with.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The client's way is a thick line, the server's a dashed one beside it, so that they can be told
 * apart on a black and white printer too. Everything that comes from a capture is escaped. */
#include "diagram_svg.h"

#include "diagram_layout.h"
#include "sentences.h"
#include "words.h"

#include <string.h>

static const char style[] =
    "text{font-family:'DejaVu Sans',Verdana,Arial,sans-serif;font-size:11px;fill:#1b1f24}"
    ".page{fill:#ffffff}.box{fill:#f6f7f9;stroke:#5b636e;stroke-width:1.5}"
    ".box.visited{fill:#ffffff;stroke:#1b1f24;stroke-width:2}"
    ".name{font-size:15px;font-weight:bold}"
    ".line,.dotted{fill:none;stroke:#8b949e;stroke-width:1.3}.head{fill:#8b949e}"
    ".dotted,.pill{stroke-dasharray:2 3}.own,.aside{font-style:italic}"
    ".pill{fill:none;stroke:#8b949e}.label,.own{fill:#3d444d}.small,.aside{font-size:9.5px;fill:#"
    "5b636e}"
    ".title{font-size:19px;font-weight:bold}.heading{font-size:12px;font-weight:bold}"
    ".way{fill:none;stroke-linecap:butt}"
    ".client.way{stroke:#0a58ca;stroke-width:4}.client.fill{fill:#0a58ca}"
    ".server.way{stroke:#c2410c;stroke-width:4;stroke-dasharray:7 4}.server.fill{fill:#c2410c}"
    ".badge{font-size:10px;font-weight:bold;fill:#ffffff}"
    ".server.outline{fill:#ffffff;stroke:#c2410c;stroke-width:1.5;stroke-dasharray:4 2}"
    ".badge.server{fill:#c2410c}.ring{fill:none;stroke-width:3}"
    ".client.ring{stroke:#0a58ca}.server.ring{stroke:#c2410c;stroke-dasharray:7 4}"
    ".illegal{fill:#b00020}.incomplete{fill:#ffffff;stroke:#b00020;stroke-width:1.5}"
    ".mark,.tiny{font-size:9px;font-weight:bold;fill:#ffffff}.tiny{font-size:7px}"
    ".hollow{fill:#b00020}.rule{stroke:#d0d7de}"
    "@media (prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}"
    ".box{fill:#161b22;stroke:#6e7681}.box.visited{fill:#0d1117;stroke:#e6edf3}"
    ".small,.aside{fill:#9198a1}.label,.own{fill:#c9d1d9}.line,.dotted,.pill{stroke:#6e7681}.head{"
    "fill:#6e7681}"
    ".client.way,.client.ring{stroke:#58a6ff}.client.fill{fill:#58a6ff}"
    ".server.way,.server.ring{stroke:#ffa657}.server.fill{fill:#ffa657}"
    ".badge{fill:#0d1117}.server.outline{fill:#0d1117;stroke:#ffa657}.badge.server{fill:#ffa657}"
    ".illegal{fill:#ff7b72}.incomplete{fill:#0d1117;stroke:#ff7b72}.mark,.tiny{fill:#"
    "0d1117}.hollow{fill:#ff7b72}.rule{stroke:#30363d}}";

void svg_escape(const struct sink *to, wording text)
{
    static const wording names[] = {
        ['<'] = "&lt;", ['>'] = "&gt;", ['&'] = "&amp;", ['"'] = "&quot;", ['\''] = "&apos;"};
    while (*text) {
        const size_t plain = strcspn(text, "<>&\"'");
        to->write(to->context, text, plain);
        text += plain;
        if (*text)
            sink_word(to, names[(unsigned char)*text++]);
    }
}

void svg_text(const struct sink *to, int x, int y, wording anchor, wording class, wording text)
{
    SAY(to, "<text x=\"", SIGNED(x), "\" y=\"", SIGNED(y), "\" text-anchor=\"", anchor,
        "\" class=\"", class, "\">");
    svg_escape(to, text);
    sink_word(to, "</text>\n");
}

int svg_badge_width(wording text)
{
    return 7 * (int)strlen(text) + 9;
}

void svg_badge(const struct sink *to, int x, int y, enum role role, wording text)
{
    SAY(to, "<rect x=\"", SIGNED(x), "\" y=\"", SIGNED(y), "\" width=\"",
        SIGNED(svg_badge_width(text)), "\" height=\"15\" rx=\"",
        SIGNED(role == ROLE_CLIENT ? 7 : 2), "\" class=\"", words_role_name(role), " ",
        role == ROLE_CLIENT ? "fill" : "outline", "\"/>\n");
    svg_text(to, x + svg_badge_width(text) / 2, y + 11, "middle",
             role == ROLE_CLIENT ? "badge" : "badge server", text);
}

void svg_triangle(const struct sink *to, int x, int y, unsigned number, bool illegal)
{
    static const wording classes[2][2] = {{"mark hollow", "tiny hollow"}, {"mark", "tiny"}};
    SAY(to, "<path d=\"M", SIGNED(x), ",", SIGNED(y), " l9,16 h-18 z\" class=\"",
        illegal ? "illegal" : "incomplete", "\"/>\n");
    svg_text(to, x, y + 14, "middle", classes[illegal][number > 9], NUMBER(number));
}

static void append_marker(const struct sink *to, wording id, wording class, int size)
{
    SAY(to, "<marker id=\"", id, "\" viewBox=\"0 0 10 10\" refX=\"5\" refY=\"5\" markerWidth=\"",
        SIGNED(size), "\" markerHeight=\"", SIGNED(size),
        "\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0,0 L10,5 L0,10 z\" class=\"",
        class, "\"/></marker>\n");
}

void diagram_draw(const struct sink *to, const struct tour *tour)
{
    sink_word(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    sink_word(to, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
    SAY(to, " width=\"", SIGNED(WIDTH), "\" height=\"", SIGNED(HEIGHT), "\" viewBox=\"0 0 ",
        SIGNED(WIDTH), " ", SIGNED(HEIGHT), "\" role=\"img\">\n<title>",
        phrase(PHRASE_DIAGRAM_SUBJECT), "</title>\n<style>", style, "</style>\n<defs>\n");
    append_marker(to, "plain", "head", 9);
    append_marker(to, "client", "client fill", 14);
    append_marker(to, "server", "server fill", 14);
    SAY(to, "</defs>\n<rect width=\"", SIGNED(WIDTH), "\" height=\"", SIGNED(HEIGHT),
        "\" class=\"page\"/>\n");
    figure_draw(to, tour);
    panel_draw(to, tour);
    sink_word(to, "</svg>\n");
}
