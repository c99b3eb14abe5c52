/* See outfile.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "outfile.h"

#include "command.h"
#include "interrupt.h"
#include "posix.h"
#include "sentences.h"

#include <errno.h>
#include <glib/gstdio.h>

static int standard_output = -1; /* kept for the report; all else that is printed goes elsewhere */

static void keep_standard_output(void)
{
    if (standard_output >= 0)
        return;
    fflush(stdout);
    standard_output = dup(STDOUT_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
}

/* What is open already, under one of the names that it has; -1: `name` is that of a file. */
static int descriptor_called(const char *name)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    if (strcmp(name, "-") == 0 || strcmp(name, "/dev/stdout") == 0)
        return STDOUT_FILENO;
    for (unsigned i = 0; i < G_N_ELEMENTS(folders); i++)
        if (g_str_has_prefix(name, folders[i]))
            return (int)command_number(name + strlen(folders[i]));
    return -1;
}

/* In a directory where everybody may lay something, what belongs to neither us nor the directory's
 * owner may have been laid for us: a link, or a pipe that somebody listens to. (For links, Linux
 * has the same rule, where it is turned on.) */
static bool is_a_snare(const char *name)
{
    struct stat is, directory;
    char *above = g_path_get_dirname(name);
    const bool known = lstat(name, &is) == 0 && stat(above, &directory) == 0;
    g_free(above);
    return known && !S_ISREG(is.st_mode) && directory.st_mode & S_ISVTX &&
           directory.st_mode & S_IWOTH && is.st_uid != geteuid() && is.st_uid != directory.st_uid;
}

/* What is there already decides how it is written. Why it cannot be, or NULL. */
static const char *settle(struct outfile *out)
{
    struct stat is;
    if (is_a_snare(out->name))
        return phrase(PHRASE_OUT_SNARE);
    if (stat(out->name, &is) != 0) {
        const int why = errno;
        if (g_file_test(out->name, G_FILE_TEST_IS_SYMLINK))
            return why == ENOENT ? phrase(PHRASE_OUT_LINK) : g_strerror(why);
        out->mode = 0666;
        out->place = g_strdup(out->name);
        return why == ENOENT ? NULL : g_strerror(why);
    }
    if (S_ISDIR(is.st_mode))
        return g_strerror(EISDIR);
    if (S_ISSOCK(is.st_mode))
        return phrase(PHRASE_OUT_SOCKET);
    if (S_ISREG(is.st_mode) && !(is.st_mode & 0222)) /* to root, too, that says something */
        return phrase(PHRASE_OUT_READ_ONLY);
    if (access(out->name, W_OK) != 0)
        return g_strerror(errno);
    out->mode = is.st_mode & 0666;
    if (S_ISREG(is.st_mode) && !(out->place = realpath(out->name, NULL)))
        return g_strerror(errno);
    return NULL;
}

static void release(struct outfile *out)
{
    if (out->file)
        fclose(out->file);
    if (out->temporary)
        g_unlink(out->temporary);
    interrupt_end();
    g_free(out->temporary);
    g_free(out->place);
    g_free(out->name);
}

static bool fail(struct outfile *out, const char *why, char **error)
{
    *error = g_strdup_printf("%s: %s", out->name, why);
    release(out);
    return false;
}

static const char *reason(int why)
{
    return why == EINTR ? phrase(PHRASE_OUT_INTERRUPTED) : g_strerror(why);
}

/* A descriptor to write to. */
static int open_beside(struct outfile *out)
{
    char *directory = g_path_get_dirname(out->place);
    out->temporary = g_build_filename(directory, ".tcpstate-XXXXXX", NULL);
    g_free(directory);
    const int fd = g_mkstemp_full(out->temporary, O_WRONLY | O_BINARY, (int)out->mode);
    if (fd < 0) {
        g_free(out->temporary);
        out->temporary = NULL;
    }
    return fd;
}

static int open_output(struct outfile *out, int descriptor)
{
    if (descriptor == STDOUT_FILENO && standard_output >= 0)
        return dup(standard_output);
    if (descriptor >= 0)
        return dup(descriptor);
    return out->place ? open_beside(out) : open(out->name, O_WRONLY | O_BINARY | O_NOCTTY);
}

/* All but opening; then `*descriptor` is what `name` calls if that is open already, or -1. */
static bool begin(struct outfile *out, const char *name, int *descriptor, char **error)
{
    *descriptor = descriptor_called(name);
    *out = (struct outfile){
        .name = g_strdup(*descriptor == STDOUT_FILENO ? phrase(PHRASE_OUT_STANDARD) : name)};
    interrupt_begin();
    const char *why = *descriptor < 0 ? settle(out) : NULL;
    return why ? fail(out, why, error) : true;
}

bool outfile_open(struct outfile *out, const char *name, char **error)
{
    int descriptor;
    if (!begin(out, name, &descriptor, error))
        return false;
    const int fd = open_output(out, descriptor);
    if (fd < 0 || !(out->file = fdopen(fd, "wb")))
        return fail(out, reason(errno), error);
    return true;
}

/* The first that goes wrong is the one to tell of. */
static void keep_reason(struct outfile *out, bool done)
{
    if (!out->why)
        out->why = !done ? errno : interrupt_seen() ? EINTR : 0;
}

bool outfile_goes_on(struct outfile *out)
{
    keep_reason(out, true);
    return !out->why;
}

bool outfile_write(struct outfile *out, const void *data, size_t size)
{
    keep_reason(out, fwrite(data, 1, size, out->file) == size);
    return !out->why;
}

int outfile_descriptor(struct outfile *out)
{
    return dup(fileno(out->file));
}

bool outfile_commit(struct outfile *out, char **error)
{
    keep_reason(out, fflush(out->file) == 0);
    keep_reason(out, fclose(out->file) == 0);
    out->file = NULL;
    if (!out->why && out->place)
        keep_reason(out, g_rename(out->temporary, out->place) == 0);
    if (out->why)
        return fail(out, reason(out->why), error);
    g_clear_pointer(&out->temporary, g_free);
    release(out);
    return true;
}

void outfile_abandon(struct outfile *out)
{
    release(out);
}

/* A pipe is not opened: who listens to it would take that for all. */
bool outfile_check(const char *name, char **error)
{
    struct outfile out;
    int descriptor;
    if (!begin(&out, name, &descriptor, error))
        return false;
    if (descriptor == STDOUT_FILENO)
        keep_standard_output();
    const int fd = out.place ? open_beside(&out) : -1;
    if (out.place && fd < 0)
        return fail(&out, g_strerror(errno), error);
    if (fd >= 0)
        g_close(fd, NULL);
    release(&out);
    return true;
}
