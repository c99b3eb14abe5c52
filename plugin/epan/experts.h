/* Expert items at lines that say the same already.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_EXPERTS_H
#define TCPSTATE_EXPERTS_H

#include "items.h"

/* A file is opened: all that Wireshark registers itself is there. */
void experts_begin(void);

/* Issue one at `item`; its own lines are hidden. */
void experts_issue(const struct drawing *d, proto_item *item, expert_field *expert,
                   const char *message);

#endif
