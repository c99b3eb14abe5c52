/* Pairs of sockets, in a hash table of our own.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Not stock TCP's conversations: it begins a new one for each SYN with a new sequence number, so a
 * stray or forged SYN would take the live segments away from the connection they belong to. Looking
 * up a conversation and its data besides costs more than hashing 14 octets.
 *
 * Segments of the same two sockets in different tunnels or VLANs count as one pair, as they do for
 * stock TCP by default. A socket connected to itself cannot be told apart: all is sent by end 0. */
#include "pairs.h"

#include <epan/wmem_scopes.h>

/* What ip.proto hands on has addresses of 4 or 16 octets; of a longer one the rest is ignored. */
enum { ADDRESS_MAX = 16, KEY_MAX = 2 * (ADDRESS_MAX + 3), BUCKETS_MIN = 1024 };

/* File scope; the number of buckets is a power of two. */
static struct pair **buckets;
static uint32_t bucket_count, pair_count;

void pairs_begin(void)
{
    bucket_count = BUCKETS_MIN;
    pair_count = 0;
    buckets = wmem_alloc0_array(wmem_file_scope(), struct pair *, bucket_count);
}

/* Port last, so that one host's sockets differ late; the order itself means nothing. */
static unsigned put_socket(uint8_t *to, const address *a, uint16_t port)
{
    const unsigned size = MIN((unsigned)a->len, ADDRESS_MAX);
    to[0] = (uint8_t)size;
    if (size)
        memcpy(to + 1, a->data, size);
    to[size + 1] = (uint8_t)(port >> 8);
    to[size + 2] = (uint8_t)port;
    return size + 3;
}

/* Both sockets, the lower one first. */
static unsigned put_key(uint8_t *key, const address *src, uint16_t srcport, const address *dst,
                        uint16_t dstport, uint8_t *from)
{
    uint8_t a[KEY_MAX / 2], b[KEY_MAX / 2];
    const unsigned a_size = put_socket(a, src, srcport), b_size = put_socket(b, dst, dstport);
    *from = memcmp(a, b, MIN(a_size, b_size)) > 0;
    memcpy(key, *from ? b : a, *from ? b_size : a_size);
    memcpy(key + (*from ? b_size : a_size), *from ? a : b, *from ? a_size : b_size);
    return a_size + b_size;
}

/* The hash has a random seed, so nobody can craft a capture in which all pairs collide. */
static uint32_t bucket_of(const uint8_t *key, unsigned size)
{
    return wmem_strong_hash(key, size) & (bucket_count - 1);
}

static void grow(void)
{
    struct pair **old = buckets;
    const uint32_t count = bucket_count;
    bucket_count *= 2;
    buckets = wmem_alloc0_array(wmem_file_scope(), struct pair *, bucket_count);
    for (uint32_t i = 0; i < count; i++) {
        for (struct pair *p = old[i], *next; p; p = next) {
            struct pair **head = &buckets[bucket_of(p->key, p->size)];
            next = p->next;
            p->next = *head;
            *head = p;
        }
    }
    wmem_free(wmem_file_scope(), old);
}

static struct pair *add(const uint8_t *key, unsigned size)
{
    if (pair_count++ == bucket_count)
        grow();
    struct pair **head = &buckets[bucket_of(key, size)];
    struct pair *p = wmem_alloc0(wmem_file_scope(), sizeof *p + size);
    p->next = *head;
    p->size = (uint8_t)size;
    memcpy(p->key, key, size);
    return *head = p;
}

static struct pair *find(const uint8_t *key, unsigned size)
{
    struct pair *p = buckets[bucket_of(key, size)];
    while (p && (p->size != size || memcmp(p->key, key, size) != 0))
        p = p->next;
    return p;
}

struct pair *pairs_find(const address *src, uint16_t srcport, const address *dst, uint16_t dstport,
                        uint8_t *from)
{
    uint8_t key[KEY_MAX];
    return find(key, put_key(key, src, srcport, dst, dstport, from));
}

struct pair *pairs_get(const address *src, uint16_t srcport, const address *dst, uint16_t dstport,
                       uint8_t *from)
{
    uint8_t key[KEY_MAX];
    const unsigned size = put_key(key, src, srcport, dst, dstport, from);
    struct pair *known = find(key, size);
    return known ? known : add(key, size);
}
