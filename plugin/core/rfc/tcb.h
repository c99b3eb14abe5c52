/* The numbers of a TCB, as far as the segments of its owner tell them.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_TCB_H
#define TCPSTATE_TCB_H

#include "rfc/endpoint.h"

/* `self` has sent the segment to `peer`: its SND and RCV variables, windows, timestamps, counts.
 * `wrong`: what it acknowledges was never sent. */
void tcb_sent(struct endpoint *self, const struct endpoint *peer, const struct segment *s,
              bool wrong);

/* Somebody has sent the segment in the name of `self`; its receiver may acknowledge and echo it. */
void tcb_imitated(struct endpoint *self, const struct segment *s);

/* `self` goes on from where an ACK of `peer` was that the capture could not explain: so much was
 * sent. */
void tcb_weigh_claim(struct endpoint *peer, struct endpoint *self, const struct segment *s);

/* True when `self`, by this segment, shows that the FIN in its name was not its own. */
bool tcb_disowns_fin(const struct endpoint *self, const struct endpoint *peer,
                     const struct segment *s);

#endif
