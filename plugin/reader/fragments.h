/* IP fragments, kept until a datagram is whole.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * As much as Wireshark keeps, which is all, but for a bound: beyond it the oldest datagram is given
 * up. Where fragments overlap, what lies ahead in the datagram counts, and of the same place what
 * came first. */
#ifndef TCPSTATE_FRAGMENTS_H
#define TCPSTATE_FRAGMENTS_H

#include <stdbool.h>
#include <stdint.h>

enum { FRAGMENTS_OCTETS_MAX = 8 << 20 }; /* of all that are kept, with what is noted of them */

/* Which datagram it is of. */
struct fragment_key {
    uint32_t id;
    uint32_t address_size;  /* 4 or 16 */
    uint8_t address[2][16]; /* source, destination; what is not used is 0 */
};

struct fragment {
    struct fragment_key key;
    uint32_t offset; /* in the datagram */
    bool more;       /* it is not the last one */
    const uint8_t *octet;
    uint32_t size;
};

struct fragments;

/* NULL: there is no memory. */
struct fragments *fragments_new(void);

/* The whole datagram, if this was what it lacked, or NULL. It lives until fragments_release(). */
const uint8_t *fragments_add(struct fragments *fragments, const struct fragment *fragment,
                             uint32_t *size);

/* Whatever was put together may go. */
void fragments_release(struct fragments *fragments);

/* How many datagrams had to be given up. */
uint32_t fragments_given_up(const struct fragments *fragments);

void fragments_free(struct fragments *fragments);

#endif
