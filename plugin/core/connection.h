/* One pair of sockets: both endpoints, the incarnations of their connection, and the two calls by
 * which a caller reports what it saw.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_CONNECTION_H
#define TCPSTATE_CONNECTION_H

#include "endpoint.h"

/* An end that may still be in TIME_WAIT of the connection before: the SYN that it was taken to
 * accept, it may also refuse (section 3.6.1, MAY-2). `entered` is 0: there is none. */
struct waiting {
    int64_t entered; /* when it went there */
    uint32_t snd_nxt, rcv_nxt;
};

enum { OWED_MAX = 4 };

/* What one end owes, oldest first. Only RSTs are owed one for each segment: each has its own
 * number. */
struct debts {
    struct owed owed[OWED_MAX];
    uint8_t count;
};

/* Per pair of sockets; zeroed before the first segment, owned by the caller. */
struct connection {
    struct endpoint end[2];
    struct debts owed[2];   /* what each end owes */
    struct waiting waiting; /* the end to which the SYN came that opened this connection */
    uint8_t client;         /* 0 or 1 */
    uint8_t roles;          /* enum roles */
    uint8_t isns;           /* SYNs with different numbers in a row, none of which got an answer */
    int64_t rtt;            /* round trip time of the handshake, nanoseconds; 0: not known */
    int64_t last;           /* time of the last segment */
    bool started;           /* a first segment has been seen */
};

/* A segment left its sender, which is certain. Fills all of `v`. */
void connection_sent(struct connection *c, const struct rules *rules, const struct segment *s,
                     struct verdict *v);

/* The same segment reached its receiver, which is assumed. Adds to `v`, which connection_sent()
 * has filled for this segment or, in a test with delays, for an earlier one.                     */
void connection_received(struct connection *c, const struct rules *rules, const struct segment *s,
                         struct verdict *v);

/* A segment was captured: it was sent, and it is taken as received. */
void connection_observe(struct connection *c, const struct rules *rules, const struct segment *s,
                        struct verdict *v);

/* An ICMP error quotes a segment: `s` holds its sequence number, its sender, and the error's frame
 * and time, nothing else. The quoted header moves nobody; the error comes to its sender. Fills all
 * of `v`. */
void connection_icmp(struct connection *c, const struct segment *s, enum icmp_error error,
                     struct verdict *v);

/* Time has passed until `now` with no segment: timers may have run out. Fills all of `v`. */
void connection_settle(struct connection *c, const struct rules *rules, int64_t now,
                       struct verdict *v);

#endif
