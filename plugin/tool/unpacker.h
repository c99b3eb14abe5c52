/* gzip and zstd, one after the other as often as they come.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_UNPACKER_H
#define TCPSTATE_UNPACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UNPACKER_MAGIC = 4 }; /* octets that tell how something is packed */

/* NULL: what begins so is not packed. */
struct unpacker *unpacker_begin(const uint8_t *head, size_t size);

/* Takes at most `*taken` octets and gives at most `*given`, and says how many it did. False: they
 * make no sense. */
bool unpacker_run(struct unpacker *u, const uint8_t *octets, size_t *taken, uint8_t *to,
                  size_t *given);

/* Does what was taken end where something packed ends? */
bool unpacker_is_done(const struct unpacker *u);

void unpacker_end(struct unpacker *u);

#endif
