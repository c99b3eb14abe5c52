/* The numbers of a TCB, as far as the segments of its owner tell them.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_TCB_H
#define TCPSTATE_TCB_H

#include "rfc/endpoint.h"

/* `self` has sent the segment to `peer`: its SND and RCV variables, windows, timestamps, counts.
 * `wrong`: what it acknowledges was never sent. */
void tcb_sent(struct endpoint *self, const struct endpoint *peer, const struct segment *s,
              bool wrong);

/* The same for a segment that moves nobody (quiet.h): it acknowledges what was sent, probes
 * nothing, and has timestamps where they are due. */
void tcb_goes_on(struct endpoint *self, const struct endpoint *peer, const struct segment *s);

/* Somebody has sent the segment in the name of `self`; its receiver may acknowledge and echo it. */
void tcb_imitated(struct endpoint *self, const struct segment *s);

/* `self` goes on from where an ACK of `peer` was that the capture could not explain: so much was
 * sent. */
void tcb_weigh_claim(struct endpoint *peer, struct endpoint *self, const struct segment *s);

/* True when `self`, by this segment, shows that the FIN in its name was not its own. */
bool tcb_disowns_fin(const struct endpoint *self, const struct endpoint *peer,
                     const struct segment *s);

/* A keep-alive from one below SND.NXT, which is the number of its FIN once that is acknowledged,
 * whether the capture has that ACK or not. Without a pause it is an answer: of an end that has not
 * closed. */
bool tcb_keeps_half_alive(const struct endpoint *self, const struct endpoint *peer,
                          const struct segment *s);

/* A probe of a closed window (section 3.8.6.1): the octet at its edge, or none, from below. Those
 * that follow are probes, too, until it sends something else: that the window is open may be lost.
 */
bool tcb_probes(const struct endpoint *self, const struct endpoint *peer, const struct segment *s);

/* The text behind its FIN is padding: no number counts it. */
bool tcb_pads(const struct endpoint *self, const struct segment *s);

/* True when the segment acknowledges what is beyond all that was captured of its receiver
 * `peer`. */
bool tcb_acks_beyond(const struct endpoint *peer, const struct segment *s);

/* Does a number lie before its ISS? None does, once it has sent 2^31 octets. */
bool tcb_begins_after(const struct endpoint *self, uint32_t number);

/* True when it does not even acknowledge the SYN of its receiver `peer`, which is not just opening:
 * it is of another connection, and tells nothing of this one. */
bool tcb_acks_nothing(const struct endpoint *peer, const struct segment *s);

/* The shift of the windows that `self` sends to `peer`: both SYNs must carry the option (RFC 7323
 * section 2.2). Windows of SYNs are never shifted. */
unsigned tcb_window_shift(const struct endpoint *self, const struct endpoint *peer);

/* True when the end of the offered window is known, so that window verdicts can be given. */
bool tcb_knows_window(const struct endpoint *self, const struct endpoint *peer);

#endif
