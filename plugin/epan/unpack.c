/* See unpack.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * libwiretap links with the same libraries, but lends its readers to nobody but formats of its own.
 */
#include "unpack.h"

#include <gio/gio.h>
#include <lz4frame.h>
#include <string.h>
#include <zstd.h>

struct unpacker {
    GConverter *gzip; /* one of the three */
    ZSTD_DCtx *zstd;
    LZ4F_dctx *lz4;
};

static bool begins_with(const uint8_t *head, size_t size, const char *magic)
{
    return size >= strlen(magic) && memcmp(head, magic, strlen(magic)) == 0;
}

struct unpacker *unpack_begin(const uint8_t *head, size_t size)
{
    struct unpacker u = {0};
    if (begins_with(head, size, "\x1f\x8b"))
        u.gzip = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
    else if (begins_with(head, size, "\x28\xb5\x2f\xfd"))
        u.zstd = ZSTD_createDCtx();
    else if (begins_with(head, size, "\x04\x22\x4d\x18"))
        LZ4F_createDecompressionContext(&u.lz4, LZ4F_VERSION);
    else
        return NULL;
    return g_memdup2(&u, sizeof u);
}

static bool unpack_gzip(GConverter *gzip, const uint8_t *from, size_t *taken, uint8_t *to,
                        size_t *given, bool is_all)
{
    GError *error = NULL;
    const size_t size = *taken, room = *given;
    *taken = *given = 0;
    const GConverterResult result = g_converter_convert(
        gzip, from, size, to, room, is_all ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, taken,
        given, &error);
    if (result == G_CONVERTER_FINISHED)
        g_converter_reset(gzip);
    const bool done = !error || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
    g_clear_error(&error);
    return done;
}

static bool unpack_zstd(ZSTD_DCtx *zstd, const uint8_t *from, size_t *taken, uint8_t *to,
                        size_t *given)
{
    ZSTD_inBuffer in = {from, *taken, 0};
    ZSTD_outBuffer out = {to, *given, 0};
    const size_t result = ZSTD_decompressStream(zstd, &out, &in);
    *taken = in.pos;
    *given = out.pos;
    return !ZSTD_isError(result);
}

bool unpack_some(struct unpacker *u, const uint8_t *from, size_t *taken, uint8_t *to, size_t *given,
                 bool is_all)
{
    if (u->gzip)
        return unpack_gzip(u->gzip, from, taken, to, given, is_all);
    if (u->zstd)
        return unpack_zstd(u->zstd, from, taken, to, given);
    return !LZ4F_isError(LZ4F_decompress(u->lz4, to, given, from, taken, NULL));
}

void unpack_end(struct unpacker *u)
{
    if (!u)
        return;
    g_clear_object(&u->gzip);
    ZSTD_freeDCtx(u->zstd);
    LZ4F_freeDecompressionContext(u->lz4);
    g_free(u);
}
