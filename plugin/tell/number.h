/* Numbers in digits, the same in every country.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_NUMBER_H
#define TCPSTATE_NUMBER_H

#include <stdint.h>

#define NANOSECONDS INT64_C(1000000000) /* in a second */

enum { NUMBER_SIZE = 32 };

/* Each writes into `room`, of NUMBER_SIZE, and returns where its text begins in it. */

/* 42 */
const char *number_write(char *room, uint64_t n);
/* -42 */
const char *number_write_signed(char *room, int64_t n);
/* 0.318: seconds with so many decimals, 0 to 9, rounded. */
const char *number_write_seconds(char *room, int64_t nanoseconds, unsigned decimals);
/* 4.16, 0.0213, 75, 1204: seconds with three digits that count, or all before the point. */
const char *number_write_briefly(char *room, int64_t nanoseconds);

/* The same as words that live as long as the block in which they stand. */
#define NUMBER(n) number_write((char[NUMBER_SIZE]){0}, (n))
#define SIGNED(n) number_write_signed((char[NUMBER_SIZE]){0}, (n))
#define SECONDS(nanoseconds, decimals)                                                             \
    number_write_seconds((char[NUMBER_SIZE]){0}, (nanoseconds), (decimals))
#define BRIEFLY(nanoseconds) number_write_briefly((char[NUMBER_SIZE]){0}, (nanoseconds))

#endif
