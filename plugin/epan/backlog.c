/* See backlog.h. Sightings are packed one behind the other in blocks, and what two in a row or two
 * of the same pair of sockets have in common is not written twice.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "backlog.h"

#include <epan/wmem_scopes.h>

enum { SLOT_BITS = 8, SLOTS = 1 << SLOT_BITS, BLOCK_SIZE = 1 << 16 };

/* The fixed part of an entry. After it, in this order: what its options say; struct wide if
 * KIND_WIDE; the words of its sockets if KIND_IPV4 or KIND_LONG; its network if KIND_NETWORK. */
struct entry {
    _Alignas(uint64_t) uint8_t kind;
    uint8_t slot;   /* where its sockets are remembered */
    uint8_t frames; /* after the entry before */
#define HEADER(type, member, bits, ...) type member : bits;
#include "tables/segment.def"
    uint32_t later; /* nanoseconds after the entry before */
};

enum kind {
    KIND_FROM = 0x01, /* it was sent by end 1 */
    KIND_ICMP = 0x02,
    KIND_HARD = 0x04,    /* the error is ICMP_HARD */
    KIND_WIDE = 0x08,    /* something of it does not fit into an entry */
    KIND_IPV4 = 0x10,    /* the slot remembers other sockets so far: here they are ... */
    KIND_LONG = 0x20,    /* ... in so many words */
    KIND_NETWORK = 0x40, /* the slot remembers another network of this direction: here it is */
};

struct wide {
    int64_t time;
    uint32_t frame, text, layer, unused;
};

enum {
    WORD = sizeof(uint64_t),
    OPTIONS_MAX = sizeof(struct segment), /* they are members of it */
    ENTRY_MAX =
        sizeof(struct entry) + OPTIONS_MAX + sizeof(struct wide) + SOCKETS_WORDS_MAX * WORD + WORD
};
#ifndef _WIN32 /* where bit-fields of different types do not share octets */
_Static_assert(sizeof(struct entry) == 24, "what the README of bench states");
#endif
_Static_assert(sizeof(struct entry) % WORD == 0 && sizeof(struct wide) % WORD == 0,
               "each part begins where a word may");

/* What an entry leaves out. The writer has one, and the reader, who comes to know the same. */
struct context {
    int64_t time;
    uint32_t frame;
    uint16_t layer;
    struct sockets sockets[SLOTS]; /* that were met last, of those that share a slot */
    uint16_t network[SLOTS][2];    /* in which, from either end */
};

struct block {
    struct block *next;
    uint32_t used; /* octets */
    uint64_t data[BLOCK_SIZE / WORD];
};

/* File scope. From `first`, of which `taken` octets have been read, to `last`. */
static struct block *first, *last;
static uint32_t taken;
static struct context writer, reader;

void backlog_begin(void)
{
    first = last = NULL;
    taken = 0;
    writer = reader = (struct context){0};
}

static struct block *new_block(void)
{
    struct block *block = wmem_new(wmem_file_scope(), struct block);
    block->next = NULL;
    block->used = 0;
    return block;
}

/* Room for all of one entry in the last block. */
static void make_room(void)
{
    if (!last)
        first = last = new_block();
    else if (last->used + ENTRY_MAX > BLOCK_SIZE)
        last = last->next = new_block();
}

static void *put(size_t size)
{
    void *to = (uint8_t *)last->data + last->used;
    last->used += (uint32_t)size;
    return to;
}

static const void *get(size_t size)
{
    const void *from = (const uint8_t *)first->data + taken;
    taken += (uint32_t)size;
    return from;
}

static uint8_t slot_of(const struct sockets *sockets)
{
    static const uint64_t MIX = UINT64_C(0x9e3779b97f4a7c15); /* 2^64 / golden ratio */
    uint64_t mixed = sockets->word[0] * MIX ^ sockets->word[1];
    for (unsigned i = SOCKETS_WORDS_IPV4; i < sockets->words; i++)
        mixed = mixed * MIX ^ sockets->word[i];
    return (uint8_t)(mixed * MIX >> (64 - SLOT_BITS));
}

static bool is_wide(const struct sighting *seen)
{
    const struct segment *s = &seen->segment;
    return (uint64_t)(s->time - writer.time) > UINT32_MAX || s->frame - writer.frame > UINT8_MAX ||
           s->text > UINT16_MAX || seen->layer != writer.layer;
}

static uint8_t kind_of(const struct sighting *seen, uint8_t slot)
{
    unsigned kind = seen->segment.from ? KIND_FROM : 0;
    if (seen->is_icmp)
        kind |= KIND_ICMP | (seen->icmp == ICMP_HARD ? KIND_HARD : 0);
    if (is_wide(seen))
        kind |= KIND_WIDE;
    if (!sockets_are_same(&writer.sockets[slot], seen->sockets.words, seen->sockets.word))
        kind |= seen->sockets.words == SOCKETS_WORDS_IPV4 ? KIND_IPV4 : KIND_LONG;
    if (writer.network[slot][seen->segment.from] != seen->network)
        kind |= KIND_NETWORK;
    return (uint8_t)kind;
}

static void put_wide(const struct sighting *seen)
{
    const struct segment *s = &seen->segment;
    *(struct wide *)put(sizeof(struct wide)) =
        (struct wide){.time = s->time, .frame = s->frame, .text = s->text, .layer = seen->layer};
    writer.layer = seen->layer;
}

/* What that many octets take: each part begins where a word may. */
static uint32_t rounded(ptrdiff_t size)
{
    return (uint32_t)(size + WORD - 1) / WORD * WORD;
}

/* One behind the other. */
static void put_options(const struct segment *s)
{
    uint8_t *const begin = (uint8_t *)last->data + last->used, *at = begin;
#define OPTION(type, member, which, ...)                                                           \
    if (s->has & HAS_##which) {                                                                    \
        memcpy(at, &s->member, sizeof(type));                                                      \
        at += sizeof(type);                                                                        \
    }
#include "tables/segment.def"
    last->used += rounded(at - begin);
}

static void put_sockets(const struct sockets *sockets, uint8_t slot)
{
    memcpy(put(sockets->words * WORD), sockets->word, sockets->words * WORD);
    memcpy(writer.sockets[slot].word, sockets->word, sockets->words * WORD);
    writer.sockets[slot].words = sockets->words;
}

static void put_network(const struct sighting *seen, uint8_t slot)
{
    *(uint64_t *)put(WORD) = seen->network;
    writer.network[slot][seen->segment.from] = seen->network;
}

void backlog_add(const struct sighting *seen)
{
    const struct segment *s = &seen->segment;
    const uint8_t slot = slot_of(&seen->sockets), kind = kind_of(seen, slot);
    make_room();
    *(struct entry *)put(sizeof(struct entry)) = (struct entry){
        .kind = kind,
        .slot = slot,
        .frames = (uint8_t)(s->frame - writer.frame),
#define HEADER(type, member, bits, ...) .member = s->member & (UINT64_MAX >> (64 - (bits))),
#include "tables/segment.def"
        .later = (uint32_t)(s->time - writer.time),
    };
    put_options(s);
    if (kind & KIND_WIDE)
        put_wide(seen);
    if (kind & (KIND_IPV4 | KIND_LONG))
        put_sockets(&seen->sockets, slot);
    if (kind & KIND_NETWORK)
        put_network(seen, slot);
    writer.time = s->time;
    writer.frame = s->frame;
}

/* False: the queue is empty. Then what memory there is serves again. */
static bool find_entry(void)
{
    if (first && first != last && taken == first->used) {
        struct block *next = first->next;
        wmem_free(wmem_file_scope(), first);
        first = next;
        taken = 0;
    }
    if (first && taken < first->used)
        return true;
    if (first)
        first->used = taken = 0;
    return false;
}

static void get_wide(struct segment *s)
{
    const struct wide *wide = get(sizeof *wide);
    s->text = wide->text;
    reader.time = wide->time;
    reader.frame = wide->frame;
    reader.layer = (uint16_t)wide->layer;
}

static void get_options(struct segment *s)
{
    const uint8_t *const begin = (const uint8_t *)first->data + taken, *at = begin;
#define OPTION(type, member, which, ...)                                                           \
    if (s->has & HAS_##which) {                                                                    \
        memcpy(&s->member, at, sizeof(type));                                                      \
        at += sizeof(type);                                                                        \
    }
#include "tables/segment.def"
    taken += rounded(at - begin);
}

static void get_sockets(struct sockets *sockets, uint8_t kind)
{
    sockets->words = kind & KIND_IPV4 ? SOCKETS_WORDS_IPV4 : SOCKETS_WORDS_MAX;
    memcpy(sockets->word, get(sockets->words * WORD), sockets->words * WORD);
}

bool backlog_take(struct sighting *seen)
{
    if (!find_entry())
        return false;
    const struct entry *e = get(sizeof *e);
    struct segment *s = &seen->segment;
    *s = (struct segment){
        .from = (e->kind & KIND_FROM) != 0,
#define HEADER(type, member, bits, ...) .member = e->member,
#include "tables/segment.def"
    };
    get_options(s);
    reader.time += e->later;
    reader.frame += e->frames;
    if (e->kind & KIND_WIDE)
        get_wide(s);
    if (e->kind & (KIND_IPV4 | KIND_LONG))
        get_sockets(&reader.sockets[e->slot], e->kind);
    if (e->kind & KIND_NETWORK)
        reader.network[e->slot][s->from] = (uint16_t) * (const uint64_t *)get(WORD);
    s->time = reader.time;
    s->frame = reader.frame;
    seen->layer = reader.layer;
    seen->network = reader.network[e->slot][s->from];
    seen->sockets = reader.sockets[e->slot];
    seen->is_icmp = (e->kind & KIND_ICMP) != 0;
    seen->icmp = e->kind & KIND_HARD ? ICMP_HARD : ICMP_SOFT;
    return true;
}
