/* What is to be noted of a segment, in a few words: for its title.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_NOTABLE_H
#define TCPSTATE_NOTABLE_H

#include "sink.h"
#include "verdict.h"

/* probably lost, SYN retransmission: its fate, where `hindsight` tells it, and its severest
 * finding. Nothing where there is neither. */
void notable_write(const struct sink *to, const struct verdict *v, bool hindsight);

#endif
