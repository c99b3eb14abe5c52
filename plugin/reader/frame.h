/* One captured frame, as a file has it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_FRAME_H
#define TCPSTATE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

enum { FRAME_OCTETS_MAX = 262144 }; /* as Wireshark has it: more is no frame, but a broken file */

struct frame {
    const uint8_t *octet;
    uint32_t captured, sent; /* octets */
    uint32_t number;         /* from 1 */
    uint16_t link;           /* LINKTYPE_ of the registry (layers.def) */
    uint8_t fcs;             /* octets of a frame check sequence at its end; 0 if it is not known */
    bool big_endian;         /* the file */
    uint64_t interface;      /* its number, and above 32 bits that of its section; 0: not known */
    int64_t seconds;         /* since 1970; 0 where the file has no time */
    int64_t nanoseconds;
};

#endif
