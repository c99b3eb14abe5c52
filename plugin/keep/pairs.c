/* Pairs of sockets, in a hash table of our own.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Not stock TCP's conversations: it begins a new one for each SYN with a new sequence number, so a
 * stray or forged SYN would take the live segments away from the connection they belong to. Looking
 * up a conversation and its data besides costs more than hashing two words.
 *
 * What tells two networks with the same addresses apart is ways.c. A socket connected to itself
 * cannot be told apart: all is sent by end 0. */
#include "pairs.h"

#include "heap.h"

#include <string.h>

enum { BUCKETS_MIN = 1024 };

/* As long as the capture; the number of buckets is a power of two. */
static struct pair **buckets;
static uint32_t bucket_count, pair_count;
static uint64_t secret[2 * SOCKETS_WORDS_MAX];

void pairs_begin(void)
{
    bucket_count = BUCKETS_MIN;
    pair_count = 0;
    buckets = heap_zeroed(bucket_count * sizeof(struct pair *));
    for (unsigned i = 0; i < sizeof secret / sizeof *secret; i++)
        secret[i] = heap_random();
}

/* Pair-multiply-shift (M. Thorup, High Speed Hashing for Integers and Strings, 2015): with random
 * secrets, so that nobody can craft a capture in which all pairs collide. */
static uint32_t hash(const uint64_t *word, unsigned words)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < words; i++)
        sum += ((word[i] >> 32) + secret[2 * i]) * ((uint32_t)word[i] + secret[2 * i + 1]);
    return (uint32_t)(sum >> 32);
}

static struct pair **bucket_of(const uint64_t *word, unsigned words)
{
    return &buckets[hash(word, words) & (bucket_count - 1)];
}

static void grow(void)
{
    struct pair **old = buckets;
    const uint32_t count = bucket_count;
    bucket_count *= 2;
    buckets = heap_zeroed(bucket_count * sizeof(struct pair *));
    for (uint32_t i = 0; i < count; i++) {
        for (struct pair *p = old[i], *next; p; p = next) {
            struct pair **head = bucket_of(p->word, p->words);
            next = p->next;
            p->next = *head;
            *head = p;
        }
    }
    heap_free(old);
}

struct pair *pairs_add_other(const struct sockets *sockets, uint16_t network)
{
    struct pair *p = heap_zeroed(sizeof *p + sockets->words * sizeof *p->word);
    p->words = (uint8_t)sockets->words;
    p->network = network;
    memcpy(p->word, sockets->word, sockets->words * sizeof *p->word);
    return p;
}

static struct pair *add(const struct sockets *sockets, uint16_t network)
{
    if (pair_count++ == bucket_count)
        grow();
    struct pair **head = bucket_of(sockets->word, sockets->words);
    struct pair *p = pairs_add_other(sockets, network);
    p->next = *head;
    return *head = p;
}

struct pair *pairs_find(const struct sockets *sockets)
{
    struct pair *p = *bucket_of(sockets->word, sockets->words);
    while (p && !sockets_are_same(sockets, p->words, p->word))
        p = p->next;
    return p;
}

struct pair *pairs_get(const struct sockets *sockets, uint16_t network)
{
    struct pair *known = pairs_find(sockets);
    return known ? known : add(sockets, network);
}
