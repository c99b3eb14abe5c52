/* The command line.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_OPTIONS_H
#define TCPSTATE_OPTIONS_H

#include "connection.h"
#include "views.h"

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
    view *view;
    bool can_be_live;
};

/* Ends the program where the command line is wrong, or asks for help. */
struct options options_read(int argc, char **argv);

#endif
