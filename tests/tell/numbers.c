/* Numbers are written as printf() does, where that has no exponent and no tie to round.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int wrong;

static void check(const char *is, const char *should_be, int64_t n)
{
    if (strcmp(is, should_be) == 0)
        return;
    printf("%" PRId64 " is written %s instead of %s\n", n, is, should_be);
    wrong++;
}

static void check_all(int64_t n)
{
    const double seconds = (double)n / 1e9;
    char text[64];
    snprintf(text, sizeof text, "%" PRId64, n);
    check(SIGNED(n), text, n);
    for (unsigned decimals = 0; decimals <= 9; decimals += 3) {
        snprintf(text, sizeof text, "%.*f", (int)decimals, seconds);
        check(SECONDS(n, decimals), text, n);
    }
    if (n < 100000) /* printf would write 5e-05 */
        return;
    snprintf(text, sizeof text, seconds < 999.5 ? "%.3g" : "%.0f", seconds);
    check(BRIEFLY(n), text, n);
}

int main(void)
{
    static const int64_t some[] = {
        0,          1,        2,           318000000,      999600000, 99960000000, 1204000000001,
        4160000000, 21300000, 75000000000, 123456789012345};
    for (unsigned i = 0; i < sizeof some / sizeof *some; i++) {
        check_all(some[i]);
        check_all(-some[i] - 1);
    }
    /* No ties: the last digit is 1. */
    for (int64_t n = 1; n < INT64_C(1000000000000000); n = n / 10 * 13 + 11)
        check_all(n / 10 * 10 + 1);
    check(NUMBER(UINT64_MAX), "18446744073709551615", -1);
    return wrong > 0;
}
