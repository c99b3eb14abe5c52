/* A file that is either written whole or not at all.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_OUTFILE_H
#define TCPSTATE_OUTFILE_H

#include <stdbool.h>
#include <stdio.h>

/* Everything is written to a temporary file beside the wanted one, which takes its name at the end.
 */
struct outfile {
    FILE *file;
    char *temporary; /* its name */
    char *name;      /* what it will be called */
};

/* Errors are one line in `*error`, to be freed with g_free(); it begins with the file's name. */

/* Begin to write. */
bool outfile_open(struct outfile *out, const char *name, char **error);
/* Take the name, if everything could be written; frees what open() allocated. */
bool outfile_commit(struct outfile *out, char **error);
/* Leave no trace. */
void outfile_abandon(struct outfile *out);

/* Could it be opened? Asked before a long capture is read. */
bool outfile_check(const char *name, char **error);

#endif
