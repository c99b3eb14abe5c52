/* Which segments are no deed of their sender's: damaged ones, copies, and what is captured too
 * late.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_SIFT_H
#define TCPSTATE_SIFT_H

#include "moment.h"

/* Nanoseconds: frames this close together may stand in the capture in the wrong order. */
enum { REORDERING = 3000000 };

/* Says in `m` what speaks against the segment. True: nobody moves, not even its receiver. */
bool sift(struct moment *m);

/* It lacks the timestamps that everything of its sender must have. */
bool sift_is_alien(const struct endpoint *x, const struct endpoint *y, const struct segment *s);

/* A segment that left before the RST of its sender which the capture has before it: its number is
 * lower, and its timestamp, or they are too close to tell. An ACK may have been on its way for
 * long, unless it is for what was captured since. */
bool sift_left_before_rst(const struct endpoint *x, const struct endpoint *y,
                          const struct segment *s);

#endif
