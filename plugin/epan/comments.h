/* Comments for the packets of a file, by where each packet begins in it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_COMMENTS_H
#define TCPSTATE_COMMENTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

struct original;

/* `texts` has as keys int64_t*, the offset of a packet in its file (unpacked); as values its text.
 */

/* Copy a pcapng file with the comments added, block by block: nothing else in it changes, be it
 * understood here or not. What follows a block that was cut short is left out. False: it is no
 * pcapng file, and nothing was written. */
bool comments_copy_pcapng(struct original *from, FILE *to, GHashTable *texts);

/* Write any file that Wireshark reads as pcapng, with the comments. `*error` is one line. */
bool comments_convert(const char *from, const char *to, GHashTable *texts, char **error);

#endif
