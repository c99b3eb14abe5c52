/* See input.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "input.h"

#include "unpacker.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROOM = 1 << 18 };

/* Between two calls. There is one input at a time. */
static uint8_t packed[ROOM], unpacked[ROOM];
static size_t from, until; /* what of `packed` waits to be unpacked */

bool input_is_pipe(const char *name)
{
    struct stat is;
    return strcmp(name, "-") == 0 || (stat(name, &is) == 0 && S_ISFIFO(is.st_mode));
}

bool input_open(struct input *in, const char *name)
{
    struct stat is;
    *in = (struct input){.file = STDIN_FILENO};
    if (strcmp(name, "-") != 0)
        in->file = open(name, O_RDONLY);
    if (in->file < 0 || fstat(in->file, &is) != 0)
        return false;
    if (S_ISDIR(is.st_mode)) {
        errno = EISDIR;
        return false;
    }
    in->size = S_ISREG(is.st_mode) ? is.st_size : 0;
    from = until = 0;
    return true;
}

void input_close(struct input *in)
{
    unpacker_end(in->unpacker);
    if (in->file > STDIN_FILENO)
        close(in->file);
}

/* More of the file. False: there is none. */
static bool fill(struct input *in)
{
    ssize_t count;
    do
        count = read(in->file, packed + until, ROOM - until);
    while (count < 0 && errno == EINTR);
    if (count <= 0)
        in->end = count < 0 ? INPUT_FAILED : INPUT_WHOLE;
    else
        until += (size_t)count;
    in->octets += count > 0 ? (size_t)count : 0;
    return count > 0;
}

/* Whether it is packed, its first octets tell. */
static void look_at_head(struct input *in)
{
    while (until < UNPACKER_MAGIC && fill(in))
        continue;
    in->unpacker = unpacker_begin(packed, until);
    if (until && in->end == INPUT_WHOLE)
        in->end = INPUT_GOES_ON; /* the next read says so again */
}

static size_t unpack(struct input *in, const uint8_t **octets)
{
    while (in->end == INPUT_GOES_ON) {
        size_t taken = until - from, given = ROOM;
        const bool is_well = unpacker_run(in->unpacker, packed + from, &taken, unpacked, &given);
        from += taken;
        if (!is_well)
            in->end = INPUT_DAMAGED;
        *octets = unpacked;
        if (given)
            return given;
        if (from == until)
            from = until = 0;
        if (is_well && !until && !fill(in) && in->end == INPUT_WHOLE &&
            !unpacker_is_done(in->unpacker))
            in->end = INPUT_CUT_OFF;
    }
    return 0;
}

size_t input_read(struct input *in, const uint8_t **octets)
{
    if (!in->octets && in->end == INPUT_GOES_ON)
        look_at_head(in);
    if (in->end != INPUT_GOES_ON)
        return 0;
    if (in->unpacker)
        return unpack(in, octets);
    if (!until && !fill(in))
        return 0;
    const size_t count = until;
    *octets = packed;
    until = 0;
    return count;
}
