/* Which connection does a segment belong to, and from where does it start?
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Between two sockets one connection follows another. Here is decided which SYN opens the next one
 * (step 2 of the theory of operation in connection.c), what is made of a SYN that does not, and
 * what is believed at the start of a connection that the capture does not have from its beginning.
 */
#ifndef TCPSTATE_INCARNATION_H
#define TCPSTATE_INCARNATION_H

#include "moment.h"

/* Open a connection afresh where the segment does that. Sets `m->verdict->opens` and the states
 * before. */
void incarnation_choose(struct moment *m);

/* Start with a segment that nobody was seen to send: both ends are passive. */
void incarnation_passive(struct connection *c, const struct segment *s);

/* A better reason to call an end the client; a weaker one is ignored. */
void incarnation_learn_roles(struct connection *c, unsigned client, enum roles how);

/* A SYN with a new sequence number from an end in mid-connection, which its peer will not take. */
bool incarnation_is_attempt(const struct endpoint *self, const struct segment *s);

/* The sender has sent such a SYN. Its old numbers are kept, for it may go on with them. */
void incarnation_attempt(struct moment *m);

/* A SYN,ACK with another sequence number than the one that `peer` has acknowledged, and goes
 * by: of another server, or of one that has lost its memory. Its numbers do not count. */
bool incarnation_is_other_answer(const struct endpoint *self, const struct endpoint *peer,
                                 const struct segment *s);

/* A passive end that was done is taken to listen again. */
void incarnation_listen(struct endpoint *self, const struct segment *s);

#endif
