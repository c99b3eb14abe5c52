/* What a receiver takes, and what it drops (RFC 9293 section 3.10.7.4 step 1 and second, RFC 7323,
 * RFC 5961). In all of them `self` receives what `peer` has sent.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_ACCEPTABLE_H
#define TCPSTATE_ACCEPTABLE_H

#include "rfc/endpoint.h"

/* Table 6, for any RCV.NXT that `self` may have, and without the zero-window row: a receiver takes
 * ACKs and RSTs then, too. */
bool acceptable_by_window(const struct endpoint *self, const struct endpoint *peer,
                          const struct segment *s);

/* PAWS (RFC 7323 section 5.3): a timestamp older than TS.Recent marks an old duplicate, unless so
 * much time has passed that the clock may have wrapped. */
bool acceptable_paws_rejects(const struct endpoint *self, const struct endpoint *peer,
                             const struct segment *s);

/* RFC 5961 section 5.2: an ACK further back than the largest window that `peer` has ever
 * offered to its receiver is not of the connection's recent past. */
bool acceptable_ack_is_too_old(const struct endpoint *peer, const struct segment *s);

/* Section 3.10.7.3: is this an ACK of something that `self` in SYN_SENT has sent? */
bool acceptable_acks_syn(const struct endpoint *self, const struct segment *s);

/* How a RST fits its receiver (section 3.10.7.4 step 2, RFC 5961 section 3). */
enum rst_fit {
    RST_IGNORED,   /* the receiver is CLOSED or LISTEN, and takes no RST */
    RST_EXACT,     /* at RCV.NXT, or acknowledges the SYN in SYN_SENT: it resets */
    RST_BETWEEN,   /* exact if segments that were captured have not arrived */
    RST_IN_WINDOW, /* a challenge ACK is owed */
    RST_OUTSIDE,   /* dropped */
    RST_UNJUDGED,  /* not exact, and the window is not known */
};
enum rst_fit acceptable_fits_rst(const struct endpoint *self, const struct endpoint *peer,
                                 const struct segment *s);

#endif
