/* The file that is being looked at, once more from its beginning.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "original.h"
#include "phrases.h"

#include <cfile.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stddef.h>
#include <unistd.h>

#ifndef O_BINARY
#define O_BINARY 0
#endif

enum { CHUNK = 65536 };

struct original {
    int fd;
    GConverter *unpack; /* NULL: not packed */
    size_t begin, end;  /* what was read and not yet handed on */
    bool finished;
    uint8_t chunk[CHUNK];
};

/* A dissection session begins with a pointer to what provides the packets, in all versions. */
struct session {
    struct packet_provider_data *provider;
};

/* The provider is a member of the program's capture file, in tshark, sharkd and Wireshark. */
const char *original_name(const packet_info *pinfo)
{
    const struct session *session = (const void *)pinfo->epan;
    const capture_file *file =
        (const void *)((const char *)session->provider - offsetof(capture_file, provider));
    return file->epan == pinfo->epan ? file->filename : NULL;
}

static bool is_standard_input(const char *name)
{
    return strcmp(name, "-") == 0;
}

bool original_rewind(const char *name)
{
    return !is_standard_input(name) || lseek(0, 0, SEEK_SET) == 0;
}

static int open_file(const char *name)
{
    return is_standard_input(name) ? dup(0) : g_open(name, O_RDONLY | O_BINARY, 0);
}

/* As much as there is room for, unless the file ends. */
static void fill(struct original *o)
{
    ssize_t n;
    for (o->begin = o->end = 0; o->end < CHUNK; o->end += (size_t)n)
        if ((n = read(o->fd, o->chunk + o->end, CHUNK - o->end)) <= 0)
            break;
    o->finished = o->end < CHUNK;
}

struct original *original_open(const char *name, char **error)
{
    const int fd = original_rewind(name) ? open_file(name) : -1;
    if (fd < 0) {
        *error = errno == ESPIPE ? g_strdup(phrase(PHRASE_ANNOTATE_PIPE))
                                 : g_strdup_printf("%s: %s", name, g_strerror(errno));
        return NULL;
    }
    struct original *o = g_new0(struct original, 1);
    o->fd = fd;
    fill(o);
    if (o->end >= 2 && o->chunk[0] == 0x1f && o->chunk[1] == 0x8b)
        o->unpack = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
    return o;
}

static size_t copy(struct original *o, uint8_t *to, size_t size)
{
    const size_t n = MIN(size, o->end - o->begin);
    memcpy(to, o->chunk + o->begin, n);
    o->begin += n;
    return n;
}

/* A damaged file ends where the damage begins. */
static size_t unpack(struct original *o, uint8_t *to, size_t size)
{
    size_t read = 0, written = 0;
    GError *error = NULL;
    const GConverterResult result = g_converter_convert(
        o->unpack, o->chunk + o->begin, o->end - o->begin, to, size,
        o->finished ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &read, &written, &error);
    o->begin += read;
    if (result == G_CONVERTER_FINISHED) /* several packed files in a row are one */
        g_converter_reset(o->unpack);
    if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT)) {
        o->begin = o->end;
        o->finished = true;
    }
    g_clear_error(&error);
    return written;
}

size_t original_read(struct original *o, void *buffer, size_t size)
{
    size_t done = 0;
    while (done < size) {
        if (o->begin == o->end && !o->finished)
            fill(o);
        uint8_t *to = (uint8_t *)buffer + done;
        const size_t before = o->begin,
                     n = o->unpack ? unpack(o, to, size - done) : copy(o, to, size - done);
        done += n;
        if (n == 0 && o->begin == before && (o->finished || o->begin < o->end))
            break;
    }
    return done;
}

void original_close(struct original *o)
{
    if (o->unpack)
        g_object_unref(o->unpack);
    g_close(o->fd, NULL);
    g_free(o);
}
