/* What is kept of a capture (keep/observe.h), for Wireshark: its memory, its preferences, and what
 * waits until somebody looks.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PENDING_H
#define TCPSTATE_PENDING_H

#include "observe.h"

/* A file is opened: nothing has been observed, and nothing waits. The preferences count from now
 * on. */
void pending_begin(void);

/* The file is closed: there are no records any more, but there may still be a window that shows
 * what it was told of them. */
void pending_end(void);
bool pending_has_file(void);

/* As observe(), after all that waits. */
bool pending_observe(struct sighting *seen, struct recorded *recorded);

/* Have it wait: nobody looks at it yet. */
void pending_add(const struct sighting *seen);

/* As observe_read(), and what waits is observed first. */
bool pending_read(uint32_t frame, uint16_t layer, struct recorded *recorded);

#endif
