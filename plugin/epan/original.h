/* The file that is being looked at, to be read once more.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * It is opened while it is still being looked at: what takes its name later is another file. */
#ifndef TCPSTATE_ORIGINAL_H
#define TCPSTATE_ORIGINAL_H

#include "compat.h"

/* Its name ("-" is standard input), or NULL where the program keeps no capture file. It is valid as
 * long as the file is open. */
const char *original_name(const packet_info *pinfo);

/* Then it cannot be read a second time. */
bool original_is_pipe(const char *name);

/* NULL: `*error` is one line that says why. */
struct original;
struct original *original_open(const char *name, char **error);

/* Back to its beginning. A name under which Wireshark's reader can open it, too. */
const char *original_rewind(struct original *original);

/* Its bytes; those of a packed file unpacked. Fills the buffer; less than asked for is the end of
 * the file, or of what can be read. */
size_t original_read(struct original *original, void *buffer, size_t size);

void original_close(struct original *original);

#endif
