/* A copy of the capture with comments on the segments where something happened.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_ANNOTATE_H
#define TCPSTATE_ANNOTATE_H

#include <stdbool.h>

/* For a menu: listen, have all packets tapped again, and write. NULL, or false, is
 * failure, and then `*message` is one line that says why; else it says what was done. g_free() it.
 */
struct annotation;
struct annotation *annotate_begin(const char *file, char **message);
bool annotate_end(struct annotation *annotation, char **message);

#endif
