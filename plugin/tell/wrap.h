/* Long sentences in short lines.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_WRAP_H
#define TCPSTATE_WRAP_H

#include "sink.h"

/* Write what of `text` fits into a line of `width` that begins with `indent` spaces, at least one
 * word; returns the rest, which is empty in the end. A section stays with its RFC. */
wording wrap_line(const struct sink *to, wording text, unsigned indent, unsigned width);

#endif
