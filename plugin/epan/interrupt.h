/* Was the program told to end while a file was being written?
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_INTERRUPT_H
#define TCPSTATE_INTERRUPT_H

#include <stdbool.h>

/* From here on a signal to end is only noted, and ends a system call that waits (EINTR) ... */
void interrupt_begin(void);
bool interrupt_seen(void);
/* ... to here. */
void interrupt_end(void);

#endif
