/* Of the C library's stdlib.h, what the page needs: the heap (heap.c).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PAGE_STDLIB_H
#define TCPSTATE_PAGE_STDLIB_H

#include <stddef.h>

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);
_Noreturn void abort(void);

#endif
