/* How far reading has come, on a terminal.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PROGRESS_H
#define TCPSTATE_PROGRESS_H

#include "input.h"

/* Says it, where standard error is a terminal, and now and then only. */
void progress_show(const char *name, const struct input *in);

/* Takes it away again. */
void progress_end(void);

#endif
