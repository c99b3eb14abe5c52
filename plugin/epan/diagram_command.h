/* The state diagram (tell/diagram.h) as a command of tshark, and for a menu.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_DIAGRAM_COMMAND_H
#define TCPSTATE_DIAGRAM_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

/* For a menu: listen, have all packets tapped again, and write. `number` is that of a
 * connection, -1 for the first. NULL, or false, is failure, and then `*message` is one line that
 * says why; else it says what was done. g_free() it. */
struct diagram;
struct diagram *diagram_begin(const char *file, int64_t number, char **message);
bool diagram_end(struct diagram *diagram, char **message);

#endif
