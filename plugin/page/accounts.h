/* The capture as the page's views get it: an account of each segment, in hindsight.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PAGE_ACCOUNTS_H
#define TCPSTATE_PAGE_ACCOUNTS_H

#include "account.h"
#include "ending.h"
#include "number.h"

#define ACCOUNTS_TWO_MSL (60 * NANOSECONDS)

/* A segment; with its connection's end if it is the last of that, otherwise NULL. */
typedef void accounts_tell(void *context, const struct account *a, const struct ending *ending);

/* Before all else. False: there is no memory. */
bool accounts_begin(void);

/* The next octets of the capture. False: the rest cannot be read. */
bool accounts_feed(const uint8_t *octets, size_t count);

/* There are no more: from now on all is known. */
void accounts_end(void);

/* What was read, and where it broke, as JSON. */
void accounts_report(const struct sink *to);

/* Each segment of one connection, or (-1) of all, in the order of the capture. */
void accounts_each(int64_t connection, accounts_tell *tell, void *context);

/* Connections so far. */
uint32_t accounts_connections(void);

#endif
