/* What figure and panel of the state diagram are drawn with. Everything is appended to `to`.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_DIAGRAM_SVG_H
#define TCPSTATE_DIAGRAM_SVG_H

#include "diagram.h"
#include "number.h"

enum { LINE_HEIGHT = 13 };

/* Text, as XML has it. */
void svg_escape(const struct sink *to, wording text);

/* A line of text; `anchor` is start, middle or end; `class` one of the style sheet's. */
void svg_text(const struct sink *to, int x, int y, wording anchor, wording class, wording text);

/* A small box in the colour of an end, with text in it. */
void svg_badge(const struct sink *to, int x, int y, enum role role, wording text);
int svg_badge_width(wording text);

/* The mark of something illegal, or hollow: incomplete. */
void svg_triangle(const struct sink *to, int x, int y, unsigned number, bool illegal);

/* The two parts of the picture. */
void figure_draw(const struct sink *to, const struct tour *tour);
void panel_draw(const struct sink *to, const struct tour *tour);

#endif
