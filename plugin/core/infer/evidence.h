/* What a segment proves of what its sender had received, what it speaks against, and the arrows
 * that its sender then follows.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_EVIDENCE_H
#define TCPSTATE_EVIDENCE_H

#include "moment.h"

/* What the ACK number and the timestamp of the segment tell of all that its sender is assumed to
 * have received. */
void evidence_settle(struct moment *m);

/* The sender has done `signal`: what contradicts it had not come; then follow the arrow. False:
 * none fits. */
bool evidence_follow(struct moment *m, enum signal signal);

/* Time passes: TIME_WAIT ends after 2 MSL (section 3.10.8). */
void evidence_time(struct moment *m, struct endpoint *self);

/* `self` has done or received `signal`, which `frame` carried. Where its headline is no longer what
 * was told of it, tell that move. */
void evidence_move(struct moment *m, struct endpoint *self, enum signal signal, enum step_why why,
                   uint32_t frame);

/* evidence_move(), for a move along an `arrow` that starts elsewhere than at the headline. */
void evidence_move_along(struct moment *m, struct endpoint *self, const struct arrow *arrow,
                         enum signal signal, enum step_why why, uint32_t frame);

#endif
