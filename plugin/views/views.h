/* The views of a capture (capture.h), written to a sink: the same text that tshark's commands
 * print, in hindsight.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_VIEWS_H
#define TCPSTATE_VIEWS_H

#include "capture.h"
#include "list.h"
#include "remembered.h"

/* How a view is to look. */
struct look {
    int64_t wanted;  /* number of the only connection to be shown; -1: all are, or the first */
    bool exact;      /* sequence numbers as they are */
    bool why;        /* list: say below each segment what moved whom */
    bool color;      /* list: with the escape sequences of terminals */
    unsigned width;  /* list: columns of the terminal; 0: it is none */
    wording capture; /* story: the name of the capture, or NULL */
};

struct list views_begin_list(struct remembered *remembered, const struct look *look,
                             const struct sink *to);

/* Each writes what was captured so far. False: there is nothing to show. */
typedef bool view(const struct look *look, const struct sink *to);
view view_list, view_ladder, view_story, view_connections, view_diagram, view_summary;

#endif
