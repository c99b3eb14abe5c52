/* The list: a line for each segment with the states in which it leaves both ends, and in the end
 * what was found, in full. Lines are written as segments come.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_LIST_H
#define TCPSTATE_LIST_H

#include "account.h"

/* What is remembered of a connection. */
struct list_connection {
    struct origin origin;
    bool is_headed;
    uint8_t client, roles; /* as its last heading said */
};

enum {
    LIST_SENTENCE_SIZE = 400,
    LIST_KINDS = CHECK_COUNT + FATE_COUNT /* what is explained: findings, then fates */
};

/* A finding, or a fate, that the list has shown: its sentence is that of the first, or of the last
 * where it counts what is sent again. */
struct list_finding {
    uint32_t times;
    uint32_t first, shown_by; /* frames; shown_by is 0: it shows itself */
    char text[LIST_SENTENCE_SIZE];
};

/* A list while it is written; zeroed, and then the caller fills in how it is to look. */
struct list {
    const struct sink *to;
    struct memories memories; /* struct list_connection */
    int64_t wanted;           /* number of the only connection to be shown; -1: all are */
    unsigned width; /* of the terminal; 0: it is none, and a segment's line is as long as it is */
    bool color;     /* with the escape sequences of terminals */
    bool why;       /* say below each segment what moved whom */
    bool exact;     /* sequence numbers as they are */
    bool erases;    /* each line takes the place of a line that shows progress */

    uint32_t lines; /* shown so far, of segments */
    struct list_finding finding[LIST_KINDS];
    uint8_t order[LIST_KINDS]; /* in which they were found */
    unsigned kinds;
    struct draft line;       /* that is being made, and the column where it is */
    size_t column, findings; /* ... and that where findings begin */
};

/* One segment more. */
void list_add(struct list *list, const struct account *a);

/* There are no more. */
void list_end(struct list *list);

#endif
