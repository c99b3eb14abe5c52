/* What is taken from the bytes of one packet: all that the state machine needs of it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_SIGHTING_H
#define TCPSTATE_SIGHTING_H

#include "segment.h"
#include "sockets.h"

/* One segment, or an ICMP error about one. Lives only as long as the call it is handed to. */
struct sighting {
    struct segment segment; /* of one that an error quotes only frame, time, from and seq */
    struct sockets sockets;
    uint16_t network; /* ways.h in keep */
    uint16_t layer;   /* which TCP segment of the frame: each lies on a protocol layer of its own */
    bool is_icmp;
    enum icmp_error icmp; /* if it is one */
};

#endif
