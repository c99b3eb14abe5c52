/* See progress.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "progress.h"

#include "message.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static bool is_shown;

/* Who waits less than that needs no display. */
static bool is_time(void)
{
    enum { MILLISECONDS = 500 };
    static struct timespec last;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!last.tv_sec)
        last = now;
    if ((now.tv_sec - last.tv_sec) * 1000 + (now.tv_nsec - last.tv_nsec) / 1000000 < MILLISECONDS)
        return false;
    last = now;
    return true;
}

void progress_show(const char *name, const struct input *in)
{
    const double millions = (double)in->octets / 1e6;
    if (!isatty(STDERR_FILENO) || !is_time())
        return;
    fputc('\r', stderr);
    if (in->size)
        fprintf(stderr, message(MESSAGE_READING), name,
                (unsigned)(100 * in->octets / (uint64_t)in->size), millions);
    else
        fprintf(stderr, message(MESSAGE_READING_ON), name, millions);
    fputs("\033[K", stderr);
    is_shown = true;
}

void progress_end(void)
{
    if (is_shown)
        fputs("\r\033[K", stderr);
    is_shown = false;
}
