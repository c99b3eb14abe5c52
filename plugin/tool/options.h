/* The command line.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_OPTIONS_H
#define TCPSTATE_OPTIONS_H

#include "connection.h"
#include "live.h"
#include "passing.h"

enum reading { READING_AS_INPUT, READING_LIVE, READING_HINDSIGHT };

/* Lives as long as the program. */
struct options {
    const struct command *command;
    struct look look;
    struct rules rules;
    enum reading reading;
    char **captures; /* ends with NULL */
};

/* What can be asked for. */
struct command {
    const char *name;
    view *view;             /* of a capture that is kept; NULL: it is not, ... */
    passing_begin *begin;   /* ... and this begins */
    live_begin *begin_live; /* NULL: it is told in hindsight only */
    bool is_copy;           /* none of these: the capture itself, annotated */
};

/* Ends the program where the command line is wrong, or asks for help. */
struct options options_read(int argc, char **argv);

#endif
