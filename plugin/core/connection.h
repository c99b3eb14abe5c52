/* One pair of sockets: both endpoints, and the two calls by which a segment moves them.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * This is the machine: it runs forward, and what it is told has happened. What was captured, and
 * may have happened otherwise, is history.h's business. */
#ifndef TCPSTATE_CONNECTION_H
#define TCPSTATE_CONNECTION_H

#include "rfc/receive.h"

/* An end that may not have left the connection before: it may be in TIME_WAIT, and may refuse the
 * SYN that it was taken to accept (section 3.6.1, MAY-2), or the RST may not have come. */
struct waiting {
    bool waits;     /* there is one */
    bool time_wait; /* it certainly was in TIME_WAIT, where a RST may be ignored (RFC 1337) */
    uint32_t rst;   /* the frame of that RST, or 0 */
    uint32_t snd_nxt, acked, rcv_nxt;
};

enum { OWED_MAX = 4 };

/* What one end owes, oldest first. Only RSTs are owed one for each segment: each has its own
 * number. */
struct debts {
    struct owed owed[OWED_MAX];
    uint8_t count;
};

/* Per pair of sockets; zeroed before the first segment. */
struct connection {
    struct endpoint end[2];
    struct debts owed[2];   /* what each end owes */
    struct waiting waiting; /* the end to which the SYN came that opened this connection */
    int64_t silent[2];      /* nanoseconds since either's last new text, or NEVER_SPOKE, when ... */
    int64_t last;           /* time of the last segment */
    uint32_t closed_in;     /* ... this frame had the first FIN or RST; 0: there is none */
    uint16_t held[2];       /* 1 + the first event of either end that has not come yet; 0: none */
    uint16_t first;         /* event that opened it */
    uint8_t client;         /* 0 or 1 */
    uint8_t roles;          /* enum roles */
    uint8_t isns;           /* SYNs with different numbers in a row, none of which got an answer */
    bool started;           /* a first segment has been seen */
};

/* A segment left its sender, which is certain: fills the verdict. False: it contradicts what was
 * told of earlier ones, as is noted now, and the rest is moot. */
bool connection_sent(struct moment *m);

/* The same segment reached its receiver; or one that left earlier, and then `m` has the verdict of
 * the row in which it arrives. Adds to the verdict. */
void connection_received(struct moment *m, enum arrival_mode mode);

/* Both, for a segment that moves nobody (quiet.h). */
void connection_observe_quietly(struct connection *c, const struct segment *s, struct verdict *v);

/* An ICMP error quotes a segment: the moment's holds its sequence number, its sender, and the
 * error's frame and time, nothing else. The quoted header moves nobody; the error comes to its
 * sender. Fills the verdict. */
void connection_icmp(struct moment *m, enum icmp_error error);

/* What the verdict says of each end once everybody has moved. */
void connection_view(const struct connection *c, struct verdict *v);

#endif
