/* The second verb: a segment has come to its receiver (section 3.10.7).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_RECEIVE_H
#define TCPSTATE_RECEIVE_H

#include "rfc/endpoint.h"

/* How a segment comes to its receiver. */
enum arrival_mode {
    ARRIVES,
    MAY_ARRIVE,     /* the headline does not count on it */
    ARRIVES_FUTILE, /* it comes, and does nothing: its receiver has no connection for it */
};

/* The receiver has received the segment. Returns the reply that is owed. */
enum reply endpoint_received(struct moment *m, enum arrival_mode mode);

/* The same for a segment that moves nobody (quiet.h): its timestamp and its text count. */
void endpoint_received_quietly(struct endpoint *self, const struct segment *s);

/* RCV.NXT of `self` is what it would be if everything captured was delivered. */
void endpoint_counts_text(struct endpoint *self, const struct segment *s);

#endif
