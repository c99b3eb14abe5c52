/* A file that is either written whole or not at all.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>

#ifndef O_BINARY
#define O_BINARY 0
#endif

static bool fail(struct outfile *out, int why, char **error)
{
    *error = g_strdup_printf("%s: %s", out->name, g_strerror(why));
    outfile_abandon(out);
    return false;
}

bool outfile_open(struct outfile *out, const char *name, char **error)
{
    *out =
        (struct outfile){.name = g_strdup(name), .temporary = g_strdup_printf("%s.XXXXXX", name)};
    if (g_file_test(name, G_FILE_TEST_IS_DIR))
        return fail(out, EISDIR, error);
    const int fd = g_mkstemp_full(out->temporary, O_RDWR | O_BINARY, 0666); /* less the umask */
    if (fd < 0) {
        const int why = errno;
        g_free(out->temporary);
        out->temporary = NULL;
        return fail(out, why, error);
    }
    g_close(fd, NULL);
    out->file = g_fopen(out->temporary, "wb");
    return out->file ? true : fail(out, errno, error);
}

bool outfile_commit(struct outfile *out, char **error)
{
    const bool written = fflush(out->file) == 0 && !ferror(out->file);
    const int why = errno, closed = fclose(out->file);
    out->file = NULL;
    if (!written || closed != 0)
        return fail(out, written ? errno : why, error);
    if (g_rename(out->temporary, out->name) != 0)
        return fail(out, errno, error);
    g_free(out->temporary);
    g_free(out->name);
    return true;
}

void outfile_abandon(struct outfile *out)
{
    if (out->file)
        fclose(out->file);
    if (out->temporary)
        g_unlink(out->temporary);
    g_free(out->temporary);
    g_free(out->name);
}

bool outfile_check(const char *name, char **error)
{
    struct outfile out;
    if (!outfile_open(&out, name, error))
        return false;
    outfile_abandon(&out);
    return true;
}
