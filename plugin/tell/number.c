/* See number.h. Each is written from its last digit to its first.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "number.h"

/* At least `least` digits before `end`; returns the first. */
static char *write_digits(char *end, uint64_t n, unsigned least)
{
    for (; n || least; n /= 10) {
        *--end = (char)('0' + n % 10);
        least -= least > 0;
    }
    return end;
}

static char *last_of(char *room)
{
    room[NUMBER_SIZE - 1] = '\0';
    return room + NUMBER_SIZE - 1;
}

const char *number_write(char *room, uint64_t n)
{
    return write_digits(last_of(room), n, 1);
}

static uint64_t size_of(int64_t n)
{
    return n < 0 ? -(uint64_t)n : (uint64_t)n;
}

const char *number_write_signed(char *room, int64_t n)
{
    char *at = write_digits(last_of(room), size_of(n), 1);
    if (n < 0)
        *--at = '-';
    return at;
}

static uint64_t power_of_ten(unsigned n)
{
    uint64_t power = 1;
    while (n--)
        power *= 10;
    return power;
}

const char *number_write_seconds(char *room, int64_t nanoseconds, unsigned decimals)
{
    const uint64_t n = size_of(nanoseconds), unit = power_of_ten(9 - decimals),
                   units = (n + unit / 2) / unit, second = power_of_ten(decimals);
    char *at = last_of(room);
    if (decimals) {
        at = write_digits(at, units % second, decimals);
        *--at = '.';
    }
    at = write_digits(at, units / second, 1);
    if (nanoseconds < 0)
        *--at = '-';
    return at;
}

const char *number_write_briefly(char *room, int64_t nanoseconds)
{
    enum { DIGITS = 3 };
    unsigned decimals = 9;
    for (uint64_t n = (uint64_t)nanoseconds; n >= power_of_ten(DIGITS) && decimals; n /= 10)
        decimals--;
    const char *text = number_write_seconds(room, nanoseconds, decimals);
    char *end = room + NUMBER_SIZE - 1;
    while (decimals && end[-1] == '0') {
        *--end = '\0';
        decimals--;
    }
    if (decimals == 0 && end[-1] == '.')
        *--end = '\0';
    return text;
}
