/* What is mostly zero, folded to what is not.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_FOLD_H
#define TCPSTATE_FOLD_H

#include <stddef.h>

/* So many octets, whole words. The result is memory of the lender's (heap.h). */
struct folded *fold(const void *from, size_t size);
void unfold(void *to, size_t size, const struct folded *folded);

#endif
