/* What figure and panel of the state diagram are drawn with. Everything is appended to `to`.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_DIAGRAM_SVG_H
#define TCPSTATE_DIAGRAM_SVG_H

#include "diagram.h"

enum { LINE_HEIGHT = 13 };

/* Text, escaped; `anchor` is start, middle or end; `class` one of the style sheet's. */
void svg_text(GString *to, int x, int y, const char *anchor, const char *class, const char *text);

/* A small box in the colour of an end, with text in it. */
void svg_badge(GString *to, int x, int y, enum role role, const char *text);
int svg_badge_width(const char *text);

/* The mark of something illegal, or hollow: incomplete. */
void svg_triangle(GString *to, int x, int y, unsigned number, bool illegal);

/* The small loop that stands for arrows that lead back. */
void svg_loop(GString *to, int x, int y);

/* The two parts of the picture. */
void figure_draw(GString *to, const struct tour *tour);
void panel_draw(GString *to, const struct tour *tour);

#endif
