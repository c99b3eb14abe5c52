/* What comes out of the backlog is what went in, in the same order, and its memory serves again.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sightings as odd as captures are: more sockets than are remembered, of IPv4 and IPv6; clocks that
 * go back and jump; frames without TCP between; tunnels; errors; every option. They are added and
 * taken in turns, and compared with a plain queue. Exit status: 0 all well, 1 something is not. */
#include "compat.h"

#include "backlog.h"

#include <epan/wmem_scopes.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 100, QUEUE_MAX = 30000, SOCKETS = 700, BLOCKS_MAX = 1000 };

static struct sighting queue[QUEUE_MAX];

/* The file scope, in place of Wireshark's: what is in it now, and how often something was taken. */
static void *blocks[BLOCKS_MAX];
static unsigned block_count, allocations;

wmem_allocator_t *wmem_file_scope(void)
{
    return NULL;
}

void *wmem_alloc(wmem_allocator_t *unused _U_, const size_t size)
{
    if (block_count == BLOCKS_MAX)
        abort();
    allocations++;
    return blocks[block_count++] = malloc(size);
}

void wmem_free(wmem_allocator_t *unused _U_, void *block)
{
    for (unsigned i = 0; i < block_count; i++)
        if (blocks[i] == block)
            blocks[i] = blocks[--block_count];
    free(block);
}

static void close_file(void)
{
    while (block_count)
        free(blocks[--block_count]);
}

static uint64_t any64(void) /* Steele, Lea and Flood's SplitMix64 */
{
    static uint64_t state;
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint32_t any(uint32_t n) /* below n */
{
    return (uint32_t)(any64() % n);
}

static struct sockets any_sockets(void)
{
    const uint64_t number = any(SOCKETS);
    struct sockets sockets = {.words = number % 3 ? SOCKETS_WORDS_IPV4 : SOCKETS_WORDS_MAX};
    for (unsigned i = 0; i < sockets.words; i++)
        sockets.word[i] = number * (i + 1) << 16 | (443 + i);
    return sockets;
}

/* Mostly a little later than `before`. */
static struct segment any_segment(const struct segment *before)
{
    struct segment s = {.frame = before->frame + any(3),
                        .time = before->time + any(1000000),
                        .from = (uint8_t)any(2)};
#define HEADER(type, member, bits, ...) s.member = (type)(any64() >> (64 - (bits)));
#define OPTION(type, member, which, ...) s.member = s.has & HAS_##which ? (type)any64() : 0;
#include "tables/segment.def"
    s.text = any(1500);
    if (!any(20))
        s.time = before->time - any(1000000000);
    if (!any(20))
        s.time = before->time + UINT32_MAX - 2 + any(5);
    if (!any(20))
        s.time = (int64_t)(any64() >> 2);
    if (!any(20))
        s.frame = before->frame + 250 + any(10);
    if (!any(20))
        s.text = 65530 + any(10);
    return s;
}

static struct sighting any_sighting(const struct segment *before)
{
    return (struct sighting){.segment = any_segment(before),
                             .sockets = any_sockets(),
                             .network = (uint16_t)(any(4) ? 0 : any(3)),
                             .layer = (uint16_t)(any(10) ? 4 : any(600)),
                             .is_icmp = !any(5),
                             .icmp = any(2) ? ICMP_HARD : ICMP_SOFT};
}

static bool is_same_segment(const struct segment *a, const struct segment *b)
{
    bool same = true;
#define MEMBER(type, member) same &= a->member == b->member;
#include "tables/segment.def"
    return same;
}

static bool is_same(const struct sighting *a, const struct sighting *b)
{
    return is_same_segment(&a->segment, &b->segment) &&
           sockets_are_same(&a->sockets, b->sockets.words, b->sockets.word) &&
           a->layer == b->layer && a->network == b->network && a->is_icmp == b->is_icmp &&
           (!a->is_icmp || a->icmp == b->icmp);
}

/* One file: a few times, some are added, and all or some of them taken. */
static bool try_file(void)
{
    unsigned added = 0, taken = 0;
    struct segment before = {.frame = 1};
    struct sighting got;
    backlog_begin();
    for (unsigned turns = any(5) + 1; turns; turns--) {
        for (unsigned n = any(QUEUE_MAX / 5); n; n--, added++) {
            queue[added] = any_sighting(&before);
            before = queue[added].segment;
            backlog_add(&queue[added]);
        }
        const unsigned leave = any(3) ? 0 : any(added - taken + 1);
        for (; taken < added - leave; taken++)
            if (!backlog_take(&got) || !is_same(&got, &queue[taken]))
                return false;
        if (!leave && (backlog_take(&got) || block_count > 1))
            return false;
    }
    return true;
}

/* One at a time never needs more memory than the first. */
static bool try_one_by_one(void)
{
    struct segment before = {.frame = 1};
    backlog_begin();
    allocations = 0;
    for (unsigned n = 0; n < QUEUE_MAX; n++) {
        const struct sighting seen = any_sighting(&before);
        struct sighting got;
        before = seen.segment;
        backlog_add(&seen);
        if (!backlog_take(&got) || !is_same(&got, &seen) || backlog_take(&got))
            return false;
    }
    return allocations == 1;
}

int main(void)
{
    bool good = true;
    for (unsigned i = 1; good && i <= ROUNDS; i++) {
        good = try_file();
        if (!good)
            printf("round %u: not the same, or its memory is not given back\n", i);
        close_file();
    }
    if (good && !try_one_by_one()) {
        printf("one by one: not the same, or its memory does not serve again\n");
        good = false;
    }
    close_file();
    return good ? 0 : 1;
}
