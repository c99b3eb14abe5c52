/* What must have been there, though the capture lacks it: the machine moves on as if it had been
 * seen.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_GAPS_H
#define TCPSTATE_GAPS_H

#include "moment.h"

/* Of an end that the capture never shows, only its peer's ACKs tell: one that goes up by exactly
 * one, and no more, is taken for the ACK of its FIN; more after that shows that it was text. */
void gaps_imply_fin(struct moment *m);

/* SYN,ACK from an end that has sent a SYN, while none of its peer was captured: false, or both are
 * taken to where a simultaneous open has them. */
bool gaps_imply_crossed_syn(struct moment *m);

/* A segment from an end whose SYN,ACK (or its peer's, or the ACK of it) was not captured: both are
 * taken on to where it makes sense. False: there was nothing to imply.                           */
bool gaps_imply_handshake(struct moment *m);

#endif
