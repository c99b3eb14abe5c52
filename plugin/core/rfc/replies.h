/* Replies that an end owes (section 3.10.7), and whether it gives them.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_REPLIES_H
#define TCPSTATE_REPLIES_H

#include "connection.h"

/* The segment calls for `reply`, perhaps OWES_NOTHING; `if_gone`: only if the end has no connection
 * any more, whatever is believed of it. Beyond OWED_MAX the oldest is forgotten. */
void replies_add(struct debts *d, const struct segment *s, enum reply reply, bool if_gone);

/* What is owed is given at once, within a round trip or a delay of the capture's, or not at all. */
void replies_forget(struct debts *d, const struct segment *s);

/* Of what is owed the first that the segment, by the end that owes, gives; or what is owed last.
 * Never NULL: what is owed then is OWES_NOTHING. */
const struct owed *replies_for(const struct debts *d, const struct segment *s);

/* Does the segment, by the end that owes, give that reply? */
bool replies_is_given(const struct owed *owed, const struct segment *s);

/* The end that owes sends the segment, of which replies_for() said `owed`. The frame that it
 * answers, or 0; what is given is not owed any more. */
uint32_t replies_answer(struct debts *d, const struct owed *owed, const struct segment *s);

#endif
