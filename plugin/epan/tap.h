/* What a view may know of one event, a segment or an ICMP error about one: the data of tap
 * "tcpstate", and what the tree is drawn from.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TAP_H
#define TCPSTATE_TAP_H

#include "compat.h"

#include "records.h"
#include "segment.h"

/* Per packet and dissection. In a tap listener everything in it, the addresses too, stays valid
 * until the listener returns, also where one frame holds several segments. */
struct tcpstate_tap_info {
    struct recorded recorded; /* the verdict, live or in hindsight */
    struct segment segment;   /* the header, read anew from the packet */
    int64_t since_first;      /* nanoseconds since the capture began */
    address src, dst;         /* of this segment, not of a tunnel inside it */
    uint16_t srcport, dstport;
    uint16_t layer;       /* which TCP segment of the frame (sighting.h) */
    bool is_icmp;         /* no segment to be counted: an ICMP error, on its way to `dst` ... */
    enum icmp_error icmp; /* ... about what that sent; of `segment` only `seq` was quoted */
};

#endif
