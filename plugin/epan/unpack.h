/* The packed files that Wireshark reads: gzip, zstd and lz4.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_UNPACK_H
#define TCPSTATE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* By how the file begins; NULL: it is not packed. */
struct unpacker;
struct unpacker *unpack_begin(const uint8_t *head, size_t size);

/* Some bytes in, some bytes out; the sizes say how many there are, and then how many it were.
 * Several packed files in a row are one. False: it is damaged, or ends before its time. */
bool unpack_some(struct unpacker *unpacker, const uint8_t *from, size_t *taken, uint8_t *to,
                 size_t *given, bool is_all);

void unpack_end(struct unpacker *unpacker);

#endif
