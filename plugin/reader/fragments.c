/* See fragments.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fragments.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024 };

struct piece {
    struct piece *next; /* by offset; of the same offset in the order they came */
    uint32_t offset, size;
    uint8_t octet[];
};

struct datagram {
    struct datagram *next;          /* of the same bucket */
    struct datagram *older, *newer; /* in the order of their first fragments */
    struct fragment_key key;
    struct piece *first;
    uint32_t size; /* of it all */
    bool has_size; /* the last fragment has come */
};

/* What was put together, for the frame that is being read. */
struct whole {
    struct whole *next;
    uint8_t octet[];
};

struct fragments {
    struct datagram *bucket[BUCKETS];
    struct datagram *oldest, *newest;
    size_t octets;
    uint32_t given_up;
    struct whole *whole;
};

struct fragments *fragments_new(void)
{
    return calloc(1, sizeof(struct fragments));
}

static struct datagram **bucket_of(struct fragments *f, const struct fragment_key *key)
{
    uint32_t hash = key->id;
    for (unsigned end = 0; end < 2; end++)
        for (unsigned i = 0; i < sizeof key->address[end]; i++)
            hash = hash * 31 + key->address[end][i];
    return &f->bucket[(hash ^ hash >> 16) % BUCKETS];
}

static bool is_same(const struct fragment_key *a, const struct fragment_key *b)
{
    return a->id == b->id && a->address_size == b->address_size &&
           memcmp(a->address, b->address, sizeof a->address) == 0;
}

static struct datagram *find(struct fragments *f, const struct fragment_key *key)
{
    struct datagram *d = *bucket_of(f, key);
    while (d && !is_same(&d->key, key))
        d = d->next;
    return d;
}

static void forget(struct fragments *f, struct datagram *d)
{
    struct datagram **link = bucket_of(f, &d->key);
    while (*link != d)
        link = &(*link)->next;
    *link = d->next;
    *(d->older ? &d->older->newer : &f->oldest) = d->newer;
    *(d->newer ? &d->newer->older : &f->newest) = d->older;
    for (struct piece *piece = d->first, *next; piece; piece = next) {
        next = piece->next;
        f->octets -= sizeof *piece + piece->size;
        free(piece);
    }
    f->octets -= sizeof *d;
    free(d);
}

static struct datagram *add_datagram(struct fragments *f, const struct fragment_key *key)
{
    struct datagram **bucket = bucket_of(f, key), *d = malloc(sizeof *d);
    if (!d)
        return NULL;
    *d = (struct datagram){.next = *bucket, .older = f->newest, .key = *key};
    *bucket = d;
    *(f->newest ? &f->newest->newer : &f->oldest) = d;
    f->newest = d;
    f->octets += sizeof *d;
    return d;
}

static bool add_piece(struct fragments *f, struct datagram *d, const struct fragment *fragment)
{
    struct piece *piece = malloc(sizeof *piece + fragment->size), **link = &d->first;
    if (!piece)
        return false;
    while (*link && (*link)->offset <= fragment->offset)
        link = &(*link)->next;
    *piece = (struct piece){.next = *link, .offset = fragment->offset, .size = fragment->size};
    memcpy(piece->octet, fragment->octet, fragment->size);
    *link = piece;
    f->octets += sizeof *piece + piece->size;
    if (!fragment->more && !d->has_size) { /* the first that says so; others may say otherwise */
        d->size = fragment->offset + fragment->size;
        d->has_size = true;
    }
    return true;
}

static bool is_whole(const struct datagram *d)
{
    uint32_t end = 0;
    for (const struct piece *p = d->first; p; p = p->next)
        if (p->offset <= end && p->offset + p->size > end)
            end = p->offset + p->size;
    return d->has_size && end >= d->size;
}

/* Each piece adds what is not there yet, up to the end of the datagram. */
static const uint8_t *put_together(struct fragments *f, const struct datagram *d)
{
    struct whole *whole = malloc(sizeof *whole + d->size);
    uint32_t end = 0;
    if (!whole)
        return NULL;
    whole->next = f->whole;
    f->whole = whole;
    for (const struct piece *p = d->first; p; p = p->next) {
        const uint32_t piece_end = p->offset + p->size < d->size ? p->offset + p->size : d->size;
        if (p->offset <= end && piece_end > end) {
            memcpy(whole->octet + end, p->octet + (end - p->offset), piece_end - end);
            end = piece_end;
        }
    }
    return whole->octet;
}

const uint8_t *fragments_add(struct fragments *fragments, const struct fragment *fragment,
                             uint32_t *size)
{
    struct datagram *d = find(fragments, &fragment->key);
    if (!d)
        d = add_datagram(fragments, &fragment->key);
    if (!d || !add_piece(fragments, d, fragment))
        return NULL;
    const uint8_t *whole = NULL;
    if (is_whole(d)) {
        whole = put_together(fragments, d);
        *size = d->size;
        forget(fragments, d);
    }
    while (fragments->octets > FRAGMENTS_OCTETS_MAX) {
        forget(fragments, fragments->oldest);
        fragments->given_up++;
    }
    return whole;
}

void fragments_release(struct fragments *fragments)
{
    for (struct whole *whole = fragments->whole, *next; whole; whole = next) {
        next = whole->next;
        free(whole);
    }
    fragments->whole = NULL;
}

uint32_t fragments_given_up(const struct fragments *fragments)
{
    return fragments->given_up;
}

void fragments_free(struct fragments *fragments)
{
    if (!fragments)
        return;
    fragments_release(fragments);
    while (fragments->oldest)
        forget(fragments, fragments->oldest);
    free(fragments);
}
