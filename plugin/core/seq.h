/* Arithmetic on sequence numbers, modulo 2^32 (RFC 9293 section 3.4).
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Comparisons are only meaningful for numbers less than 2^31 apart, as the RFC says.             */
#ifndef TCPSTATE_SEQ_H
#define TCPSTATE_SEQ_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers further apart are of no healthy connection: no window is larger (RFC 7323 section 2.3).
 */
enum { SEQ_FAR = 1 << 30 };

/* Signed distance from a to b: positive when b is later in the sequence space. */
static inline int32_t seq_diff(uint32_t a, uint32_t b)
{
    return (int32_t)(b - a);
}

static inline bool seq_lt(uint32_t a, uint32_t b)
{
    return seq_diff(a, b) > 0;
}

static inline bool seq_le(uint32_t a, uint32_t b)
{
    return seq_diff(a, b) >= 0;
}

static inline uint32_t seq_max(uint32_t a, uint32_t b)
{
    return seq_lt(a, b) ? b : a;
}

#endif
