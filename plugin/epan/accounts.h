/* What tell is given of an event of our tap.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_ACCOUNTS_H
#define TCPSTATE_ACCOUNTS_H

#include "account.h"
#include "tap.h"

/* An account that lives as long as `info`. */
struct account account_of(const struct tcpstate_tap_info *info);

/* What a view remembers of each connection: `size` octets, for struct memories. */
struct memories accounts_memories(size_t size);
void accounts_forget(struct memories *memories);
void accounts_free(struct memories *memories);

#endif
