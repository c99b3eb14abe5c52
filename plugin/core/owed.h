/* Replies that an end owes (section 3.10.7), and whether it gives them.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_OWED_H
#define TCPSTATE_OWED_H

#include "endpoint.h"

/* The segment calls for `reply`: the debt, with the number by which the reply will be known. */
struct owed owed_for(const struct segment *s, enum reply reply);

/* What is owed is given at once, within a round trip or a delay of the capture's, or not at all. */
void owed_forget(struct owed *owed, const struct segment *s);

/* Does the segment, by the end that owes, give that reply? */
bool owed_is_given(const struct owed *owed, const struct segment *s);

/* The end that owes sends the segment. The frame that it answers, or 0; what is given is not owed any more. */
uint32_t owed_answer(struct owed *owed, const struct segment *s);

#endif
