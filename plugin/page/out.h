/* What the page is told: text that goes out in pieces.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PAGE_OUT_H
#define TCPSTATE_PAGE_OUT_H

#include "sink.h"

/* Where all text goes. */
extern const struct sink out;

/* What was written goes out now: the end of it. */
void out_flush(void);

#endif
