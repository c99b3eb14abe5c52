/* The file that is being looked at, once more from its beginning.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_ORIGINAL_H
#define TCPSTATE_ORIGINAL_H

#include "compat.h"

/* Its name ("-" is standard input), or NULL where the program keeps no capture file. It is valid as
 * long as the file is open. */
const char *original_name(const packet_info *pinfo);

/* Standard input goes back to its beginning. False: it is a pipe, and what was read is gone. */
bool original_rewind(const char *name);

/* Its bytes; those of a gzip file unpacked. */
struct original;
struct original *original_open(const char *name, char **error);
/* Fills the buffer; less than asked for is the end of the file, or of what can be read. */
size_t original_read(struct original *original, void *buffer, size_t size);
void original_close(struct original *original);

#endif
