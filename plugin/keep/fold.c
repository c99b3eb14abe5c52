/* See fold.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fold.h"

#include "heap.h"

#include <string.h>

enum { MARK_BITS = 32 };

/* For each word a bit that says whether it is zero, and then those that are not. */
struct folded {
    uint32_t word[1];
};

static size_t marks_of(size_t words)
{
    return (words + MARK_BITS - 1) / MARK_BITS;
}

static uint32_t word_at(const void *from, size_t i)
{
    uint32_t word;
    memcpy(&word, (const uint8_t *)from + i * sizeof word, sizeof word);
    return word;
}

struct folded *fold(const void *from, size_t size)
{
    const size_t words = size / sizeof(uint32_t), marks = marks_of(words);
    size_t count = marks;
    for (size_t i = 0; i < words; i++)
        count += word_at(from, i) != 0;
    uint32_t *folded = heap_new(count * sizeof *folded), *word = folded + marks;
    memset(folded, 0, marks * sizeof *folded);
    for (size_t i = 0; i < words; i++) {
        const uint32_t is = word_at(from, i);
        if (!is)
            continue;
        folded[i / MARK_BITS] |= UINT32_C(1) << i % MARK_BITS;
        *word++ = is;
    }
    return (struct folded *)folded;
}

void unfold(void *to, size_t size, const struct folded *folded)
{
    const size_t words = size / sizeof(uint32_t);
    const uint32_t *mark = folded->word, *word = mark + marks_of(words);
    uint8_t *octets = memset(to, 0, size);
    for (size_t i = 0; i < words; i++)
        if (mark[i / MARK_BITS] >> i % MARK_BITS & 1)
            memcpy(octets + i * sizeof *word, word++, sizeof *word);
}
