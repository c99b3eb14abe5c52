/* Sinks (tell/sink.h) that end in a GString, or in a stream.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PAPER_H
#define TCPSTATE_PAPER_H

#include <glib.h>

#include "sink.h"

void paper_append(void *text, const char *from, size_t length);
void paper_print(void *file, const char *from, size_t length);

/* Where a sink is asked for: what is written is appended to a GString, or printed to a FILE. */
#define PAPER(text) (&(const struct sink){paper_append, (text)})
#define PRINTER(file) (&(const struct sink){paper_print, (file)})

#endif
