/* The C library's functions on octets and text, as far as the page needs them.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The three that work on blocks are instructions of WebAssembly, which browsers do fast. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    return __builtin_memcpy(to, from, count);
}

void *memmove(void *to, const void *from, size_t count)
{
    return __builtin_memmove(to, from, count);
}

void *memset(void *to, int octet, size_t count)
{
    return __builtin_memset(to, octet, count);
}

int memcmp(const void *a, const void *b, size_t count)
{
    const unsigned char *one = a, *other = b;
    for (size_t i = 0; i < count; i++)
        if (one[i] != other[i])
            return one[i] < other[i] ? -1 : 1;
    return 0;
}

size_t strlen(const char *text)
{
    const char *end = text;
    while (*end)
        end++;
    return (size_t)(end - text);
}

static bool is_one_of(char c, const char *set)
{
    while (*set && *set != c)
        set++;
    return *set;
}

size_t strcspn(const char *text, const char *stops)
{
    size_t count = 0;
    while (text[count] && !is_one_of(text[count], stops))
        count++;
    return count;
}

size_t strspn(const char *text, const char *of)
{
    size_t count = 0;
    while (text[count] && is_one_of(text[count], of))
        count++;
    return count;
}

char *strchr(const char *text, int c)
{
    while (*text && *text != (char)c)
        text++;
    return *text == (char)c ? (char *)(uintptr_t)text : NULL;
}

int strncmp(const char *a, const char *b, size_t count)
{
    while (count && *a && *a == *b)
        a++, b++, count--;
    return count ? (unsigned char)*a - (unsigned char)*b : 0;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}
