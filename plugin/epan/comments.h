/* Comments for the packets of a file, by where each packet begins in it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_COMMENTS_H
#define TCPSTATE_COMMENTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct original;
struct outfile;

/* What is to be said of the packets of one file, and what became of it. */
struct comments {
    GHashTable *texts; /* by int64_t*, the offset of a packet in its file (unpacked) */
    char *on_all;      /* for the whole file: stands in its first section, after what was there */
    int64_t last;      /* where the last packet begins that was looked at */
    unsigned added;    /* counted while the file is copied: comments; ... */
    unsigned simple;   /* ... those for packets in blocks that have no room for one; ... */
    unsigned unread;   /* ... and packets behind the last one */
};

/* A packet is met at this offset. Its comment, or NULL. */
const char *comments_at(struct comments *comments, int64_t offset);

/* Copy a pcapng file with the comments added, block by block: nothing else in it changes, be it
 * understood here or not. What follows a block that was cut short is left out. False: it is no
 * pcapng file, and nothing was written. What cannot be written outfile_commit() tells. */
bool comments_copy_pcapng(struct original *from, struct outfile *to, struct comments *comments);

/* Write any file that Wireshark reads as pcapng, with the comments. `*error` is one line. */
bool comments_convert(struct original *from, struct outfile *to, struct comments *comments,
                      char **error);

#endif
