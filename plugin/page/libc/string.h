/* Of the C library's string.h, what the page needs. In a browser there is none.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PAGE_STRING_H
#define TCPSTATE_PAGE_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int octet, size_t count);
int memcmp(const void *a, const void *b, size_t count);
size_t strlen(const char *text);
size_t strcspn(const char *text, const char *stops);
size_t strspn(const char *text, const char *of);
char *strchr(const char *text, int c);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t count);

#endif
