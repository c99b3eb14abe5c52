/* Sends the program that it is loaded into (LD_PRELOAD) a signal at the moment that the test wants,
 * and says so: INTERRUPT=pread:SIGNAL, before it reads a file at some place, or rename:SIGNAL.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

ssize_t pread(int fd, void *to, size_t size, off_t at);

static void interrupt(const char *moment)
{
    const char *wanted = getenv("INTERRUPT");
    const size_t length = strlen(moment);
    if (wanted && strncmp(wanted, moment, length) == 0 && wanted[length] == ':') {
        fprintf(stderr, "(at %s) ", moment);
        raise(atoi(wanted + length + 1));
    }
}

ssize_t pread(int fd, void *to, size_t size, off_t at)
{
    ssize_t (*original)(int, void *, size_t, off_t);
    *(void **)&original = dlsym(RTLD_NEXT, "pread");
    interrupt("pread");
    return original(fd, to, size, at);
}

int rename(const char *from, const char *to)
{
    int (*original)(const char *, const char *);
    *(void **)&original = dlsym(RTLD_NEXT, "rename");
    interrupt("rename");
    return original(from, to);
}
