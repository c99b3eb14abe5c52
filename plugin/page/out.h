/* What the page is told: text that goes out in pieces, and of which frame it was.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PAGE_OUT_H
#define TCPSTATE_PAGE_OUT_H

#include "sink.h"

#include <stdint.h>

/* Where all text goes. */
extern const struct sink out;

/* All that was written since the last mark, or the beginning, is of this frame. */
void out_mark(uint32_t frame);

/* What was written goes out now: the end of it. */
void out_flush(void);

#endif
