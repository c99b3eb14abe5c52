/* Which segments are no deed of their sender's: damaged ones, copies, and what is captured too
 * late.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_IGNORE_H
#define TCPSTATE_IGNORE_H

#include "moment.h"

/* Says in `m` what speaks against the segment. True: nobody moves, not even its receiver. */
bool ignore_is_due(struct moment *m);

/* It lacks the timestamps that everything of its sender must have. */
bool ignore_is_alien(const struct endpoint *self, const struct endpoint *peer,
                     const struct segment *s);

/* A segment that left before the RST of its sender which the capture has before it: its number is
 * lower, and its timestamp, or they are too close to tell. An ACK may have been on its way for
 * long, unless it is for what was captured since. */
bool ignore_left_before_rst(const struct endpoint *self, const struct endpoint *peer,
                            const struct segment *s);

#endif
