/* What a segment proves or refutes of what its sender had received, and the arrows it then follows.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_EVIDENCE_H
#define TCPSTATE_EVIDENCE_H

#include "endpoint.h"

/* `x` has done `signal`: take back what contradicts it, then follow the arrow. False: none fits. */
bool evidence_follow(struct endpoint *x, enum signal signal, const struct journal *j);

/* What `x` heard last did nothing to it: it had not come yet (STEP_REVERTED), or `x`, which has no
 * connection, answers it (STEP_UNMOVED). */
void evidence_unanswered(struct endpoint *x, enum step_why why, const struct journal *j);

/* `x` answers a SYN as one that has no connection: the SYN did nothing to it. */
void evidence_refuses(struct endpoint *x, const struct journal *j);

/* Both open; `x` goes on without the SYN,ACK that it owes for the peer's SYN (section 3.10.7.3):
 * that SYN had not come to it, only the peer's SYN,ACK had. */
void evidence_unheard_syn(struct endpoint *x, const struct journal *j);

/* `x` answers, as one that has no connection, what carried `ack`: what carried a later one came
 * later. */
void evidence_answers_older(struct endpoint *x, uint32_t ack, const struct journal *j);

/* `x` aborts, though it was assumed to be CLOSED: it was not, or it would have nothing to abort. */
void evidence_not_closed(struct endpoint *x, const struct journal *j);

/* The FIN that `x` has received from `y` was acknowledged by it in an earlier `frame`, which stands
 * before it only in the capture: it has come, and the ACK of it may have. False: the FIN was not
 * believed. */
bool evidence_claimed_fin(struct endpoint *x, struct endpoint *y, uint32_t frame,
                          const struct journal *j);

/* endpoint_note(), for a move along an `arrow` that starts elsewhere than at the headline. */
void evidence_note(struct endpoint *x, state_set before, const struct arrow *arrow,
                   enum signal signal, enum step_why why, uint32_t frame, const struct journal *j);

#endif
