/* What a frame is wrapped in: interfaces, VLANs and tunnels may use the same addresses.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_WRAPPING_H
#define TCPSTATE_WRAPPING_H

#include <stdbool.h>
#include <stdint.h>

enum { WRAPPING_MAX = 256 }; /* octets, within which the outer headers lie: more is not looked at */

/* What the octets begin with. */
enum wrapping_link { WRAPPING_ETHERNET, WRAPPING_IP, WRAPPING_OTHER };

/* A frame as it was captured. Where it begins with something else than Ethernet or IP, or IP
 * fragments were put together, only the first tag and that there is a tunnel is known. */
struct wrapping {
    const uint8_t *octet;
    unsigned size; /* that were captured, WRAPPING_MAX or fewer */
    enum wrapping_link link;
    uint32_t tag; /* of another link: 0, or the VLAN */
    bool tunnel;  /* IP in IP, however deep; what an ICMP error quotes is in no tunnel */
};

/* A key that is the same for the same tags and the same tunnel, whichever way the segment goes.
 * `key` is that of the interface. */
uint64_t wrapping_key(const struct wrapping *w, uint64_t key);

#endif
