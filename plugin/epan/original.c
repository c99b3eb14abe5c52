/* See original.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "original.h"

#include "posix.h"
#include "unpack.h"

#include <cfile.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <stddef.h>

enum { CHUNK = 65536 };

struct original {
    int fd;
    char *name;              /* of the descriptor: the file may have lost its own */
    struct unpacker *unpack; /* NULL: not packed */
    int64_t read;            /* of the file; its own position is the program's */
    size_t begin, end;       /* what was read and not yet handed on */
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

bool original_is_pipe(const char *name)
{
    struct stat is;
    const bool known =
        is_standard_input(name) ? fstat(STDIN_FILENO, &is) == 0 : stat(name, &is) == 0;
    return known && !S_ISREG(is.st_mode);
}

struct original *original_open(const char *name, char **error)
{
    const int fd =
        is_standard_input(name) ? dup(STDIN_FILENO) : g_open(name, O_RDONLY | O_BINARY, 0);
    if (fd < 0) {
        *error = g_strdup_printf("%s: %s", name, g_strerror(errno));
        return NULL;
    }
    struct original *o = g_new0(struct original, 1);
    o->fd = fd;
    o->name = is_standard_input(name) ? g_strdup(name) : g_strdup_printf("/dev/fd/%d", fd);
    return o;
}

/* As much as there is room for, unless the file ends. */
static void fill(struct original *o)
{
    ssize_t n;
    for (o->begin = o->end = 0; o->end < CHUNK; o->end += (size_t)n, o->read += n)
        if ((n = pread(o->fd, o->chunk + o->end, CHUNK - o->end, o->read)) <= 0)
            break;
    o->finished = o->end < CHUNK;
}

const char *original_rewind(struct original *o)
{
    lseek(o->fd, 0, SEEK_SET); /* for whom the name is standard input's */
    unpack_end(o->unpack);
    o->read = 0;
    fill(o);
    o->unpack = unpack_begin(o->chunk, o->end);
    return o->name;
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
    size_t taken = o->end - o->begin, given = size;
    if (!unpack_some(o->unpack, o->chunk + o->begin, &taken, to, &given, o->finished)) {
        o->begin = o->end;
        o->finished = true;
    } else {
        o->begin += taken;
    }
    return given;
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
    unpack_end(o->unpack);
    g_close(o->fd, NULL);
    g_free(o->name);
    g_free(o);
}
