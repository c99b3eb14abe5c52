/* What the program says on standard error (messages.def), and how it ends.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_MESSAGE_H
#define TCPSTATE_MESSAGE_H

/* As plugin/annotate has them. */
enum status { WELL, NOTHING_TO_SHOW, WRONG_USAGE, CANNOT_READ, CANNOT_DO, CUT_SHORT };

enum message {
#define MESSAGE(id, text) MESSAGE_##id,
#include "messages.def"
#undef MESSAGE
    MESSAGE_COUNT
};

/* The message as it stands: a format of printf(). */
const char *message(enum message id);

/* A line on standard error. What came from a file name is no command to the terminal: control
 * characters are "?". */
void say(enum message id, ...);

/* The same, and the program ends. */
#define DIE(status, ...) (say(__VA_ARGS__), exit(status))

#endif
