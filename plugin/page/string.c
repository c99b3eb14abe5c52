/* The C library's functions on octets and text, as far as the page needs them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Eight octets at a time: the browsers' own instruction for it is a call, and blocks are small. */
typedef uint64_t __attribute__((aligned(1), may_alias)) word;

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    unsigned char *target = to;
    const unsigned char *source = from;
    for (; count >= sizeof(word); count -= sizeof(word)) {
        *(word *)target = *(const word *)source;
        target += sizeof(word);
        source += sizeof(word);
    }
    while (count--)
        *target++ = *source++;
    return to;
}

void *memmove(void *to, const void *from, size_t count)
{
    unsigned char *target = to;
    const unsigned char *source = from;
    if (target <= source || target >= source + count)
        return memcpy(to, from, count);
    while (count--)
        target[count] = source[count];
    return to;
}

void *memset(void *to, int octet, size_t count)
{
    unsigned char *target = to;
    const uint64_t eight = (unsigned char)octet * UINT64_C(0x0101010101010101);
    for (; count >= sizeof(word); count -= sizeof(word)) {
        *(word *)target = eight;
        target += sizeof(word);
    }
    while (count--)
        *target++ = (unsigned char)octet;
    return to;
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
