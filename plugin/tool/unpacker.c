/* See unpacker.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "unpacker.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

/* There is one at a time. */
static struct unpacker {
    bool (*run)(const uint8_t *octets, size_t *taken, uint8_t *to, size_t *given);
    z_stream gzip;
    ZSTD_DCtx *zstd;
    bool is_done;
} the;

static bool run_gzip(const uint8_t *octets, size_t *taken, uint8_t *to, size_t *given)
{
    z_stream *z = &the.gzip;
    z->next_in = (uint8_t *)(uintptr_t)octets;
    z->avail_in = (uInt)*taken;
    z->next_out = to;
    z->avail_out = (uInt)*given;
    const int result = *taken || !the.is_done ? inflate(z, Z_NO_FLUSH) : Z_BUF_ERROR;
    *taken -= z->avail_in;
    *given -= z->avail_out;
    if (*taken)
        the.is_done = result == Z_STREAM_END;
    if (result == Z_STREAM_END)
        inflateReset(z);
    return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
}

static bool run_zstd(const uint8_t *octets, size_t *taken, uint8_t *to, size_t *given)
{
    ZSTD_inBuffer in = {octets, *taken, 0};
    ZSTD_outBuffer out = {to, *given, 0};
    const size_t result = ZSTD_decompressStream(the.zstd, &out, &in);
    *taken = in.pos;
    *given = out.pos;
    if (in.pos)
        the.is_done = result == 0;
    return !ZSTD_isError(result);
}

struct unpacker *unpacker_begin(const uint8_t *head, size_t size)
{
    the = (struct unpacker){.is_done = false};
    if (size >= 2 && memcmp(head, "\x1f\x8b", 2) == 0) {
        the.run = run_gzip;
        return inflateInit2(&the.gzip, 16 + MAX_WBITS) == Z_OK ? &the : NULL;
    }
    if (size >= 4 && memcmp(head, "\x28\xb5\x2f\xfd", 4) == 0) {
        the.run = run_zstd;
        the.zstd = ZSTD_createDCtx();
        return the.zstd ? &the : NULL;
    }
    return NULL;
}

bool unpacker_run(struct unpacker *u, const uint8_t *octets, size_t *taken, uint8_t *to,
                  size_t *given)
{
    return u->run(octets, taken, to, given);
}

bool unpacker_is_done(const struct unpacker *u)
{
    return u->is_done;
}

void unpacker_end(struct unpacker *u)
{
    if (u && u->zstd)
        ZSTD_freeDCtx(u->zstd);
    else if (u)
        inflateEnd(&u->gzip);
}
