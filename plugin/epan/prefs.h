/* The preferences: few, each with its reason in the tooltip.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PREFS_H
#define TCPSTATE_PREFS_H

#include <stdbool.h>
#include <stdint.h>

struct rules;

void preferences_register(void);

/* The core's rules as the user has set them. */
struct rules preferences_rules(void);

/* Nanoseconds in TIME_WAIT. */
int64_t preferences_two_msl(void);

/* Append the states to the Info column? */
bool preferences_info_column(void);

/* Open the details on the states? */
bool preferences_unfold(void);

/* The value of stock TCP's preference tcp.NAME, false where there is none. A search: not per
 * packet. */
bool preferences_stock_bool(const char *name);

#endif
