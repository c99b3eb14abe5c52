/* The flags of a segment in words.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_FLAGS_H
#define TCPSTATE_FLAGS_H

#include <glib.h>

#include "segment.h"

/* Append "SYN,ACK"; nothing where no flag is set. PSH says nothing about states; it is shown where
 * it is odd, in a segment without ACK. */
void flags_append(GString *to, const struct segment *s, const char *separator);

#endif
