/* Where a report goes: a file that is either written whole or not at all, or what is no file.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_OUTFILE_H
#define TCPSTATE_OUTFILE_H

#include <stdbool.h>
#include <stdio.h>

/* Everything is written to a temporary file beside the wanted one, which takes its name at the end.
 * Standard output ("-"), a device or a pipe gets everything as it comes. Of a link the file that it
 * leads to is meant. */
struct outfile {
    FILE *file;
    char *name;      /* as the user has it; of "-" in words */
    char *place;     /* what the file will be called; NULL: it is written as it comes ... */
    char *temporary; /* ... and until then */
    unsigned mode;   /* less the umask: never more than that of the file that is replaced */
    int why;         /* errno of what failed first, or 0 */
};

/* Errors are one line in `*error`, to be freed with g_free(); it begins with the file's name. */

/* Begin to write. */
bool outfile_open(struct outfile *out, const char *name, char **error);
/* False: it failed, or the program is to end. There is no use in writing more; commit() says why.
 */
bool outfile_goes_on(struct outfile *out);
bool outfile_write(struct outfile *out, const void *data, size_t size);
/* The file as a descriptor of its own, for those who write to one. */
int outfile_descriptor(struct outfile *out);
/* Take the name, if everything could be written; frees what open() allocated. */
bool outfile_commit(struct outfile *out, char **error);
/* Leave no trace. */
void outfile_abandon(struct outfile *out);

/* Could it be opened? Asked before a long capture is read, and before anything is printed: where
 * standard output is wanted for the report, all else that is printed goes to standard error. */
bool outfile_check(const char *name, char **error);

#endif
