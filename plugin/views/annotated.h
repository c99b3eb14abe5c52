/* An annotated copy of a capture, as pcapng: a comment on each frame where something happened, and
 * one on the whole, as the plugin writes it.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The capture is read twice: once to know what there is to say (capture.h), once to be copied. */
#ifndef TCPSTATE_ANNOTATED_H
#define TCPSTATE_ANNOTATED_H

#include "sink.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The copy of what capture.h has goes to `to`. */
void annotated_begin(const struct sink *to);

/* The next octets of the same capture. False: it is of a kind that cannot be annotated, or its rest
 * makes no sense, and is left out as what follows a frame that is cut off. */
bool annotated_feed(const uint8_t *octets, size_t count);

/* There are no more. False: nothing was written. */
bool annotated_end(void);

#endif
