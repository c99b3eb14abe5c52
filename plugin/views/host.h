/* The address in a socket (reader/sockets.h), as Wireshark and inet_ntop() write it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_HOST_H
#define TCPSTATE_HOST_H

#include "account.h"
#include "pairs.h"

/* Which two ends an account is of. They live as long as the pair. */
void host_name_ends(struct account *a, const struct pair *pair);

#endif
