/* What files and terminals are to POSIX, and what Windows has instead.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * On Windows this is compiled and linked (tests/mingw), and not tried. A file has no owner there
 * that stat() could tell, and a folder no sticky bit; sockets and terminals are no files. */
#ifndef TCPSTATE_POSIX_H
#define TCPSTATE_POSIX_H

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef _WIN32
#include <stdlib.h>

#define O_NOCTTY 0
#define S_ISVTX 0
#define S_ISSOCK(mode) 0
#define lstat stat

static inline short geteuid(void)
{
    return 0;
}

/* The whole name, to be freed; or NULL. */
static inline char *realpath(const char *name, char *unused)
{
    return _fullpath(unused, name, 0);
}

/* Reads there, and leaves the position where it was. Octets, 0 at the end; -1 with errno. */
static inline ssize_t pread(int fd, void *to, size_t size, int64_t at)
{
    const int64_t before = _lseeki64(fd, 0, SEEK_CUR);
    if (before < 0 || _lseeki64(fd, at, SEEK_SET) < 0)
        return -1;
    const int n = read(fd, to, (unsigned)size);
    return _lseeki64(fd, before, SEEK_SET) < 0 ? -1 : n;
}

/* Columns, or 0: it is no terminal, or does not say. */
static inline unsigned terminal_width(int fd)
{
    (void)fd;
    return 0;
}
#else
#include <sys/ioctl.h>

#ifndef O_BINARY
#define O_BINARY 0 /* octets are octets */
#endif

static inline unsigned terminal_width(int fd)
{
    struct winsize size;
    return isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
#endif

#endif
