/* The flags of a segment in words.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_FLAGS_H
#define TCPSTATE_FLAGS_H

#include "segment.h"
#include "sink.h"

/* "SYN,ACK"; `none` where no flag is set. PSH says nothing about states; it is shown where it is
 * odd, in a segment without ACK. */
void flags_write(const struct sink *to, const struct segment *s, wording separator, wording none);

/* Each of them, in the order in which a connection needs them: "PSH,ACK". */
void flags_write_all(const struct sink *to, const struct segment *s, wording none);

#endif
