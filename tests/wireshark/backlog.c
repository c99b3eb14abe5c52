/* What comes out of the backlog is what went in, in the same order.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sightings as odd as captures are: more sockets than are remembered, of IPv4 and IPv6; clocks that go
 * back and jump; frames without TCP between; tunnels; errors; every option. They are added and taken in
 * turns, and compared with a plain queue. Exit status: 0 all well, 1 something differs.            */
#include "compat.h"

#include "backlog.h"

#include <epan/wmem_scopes.h>
#include <stdio.h>

enum { ROUNDS = 100, QUEUE_MAX = 30000, SOCKETS = 700 };

static struct sighting queue[QUEUE_MAX];

/* No file is open here: the heap will do. */
wmem_allocator_t *wmem_file_scope(void)
{
    return NULL;
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
    struct sockets sockets = {.words = number % 3 ? 2 : SOCKETS_WORDS_MAX};
    for (unsigned i = 0; i < sockets.words; i++)
        sockets.word[i] = number * (i + 1) << 16 | (443 + i);
    return sockets;
}

/* Mostly a little later than `before`. */
static struct segment any_segment(const struct segment *before)
{
    struct segment s = {.frame = before->frame + any(3),
                        .time = before->time + any(1000000),
                        .from = (uint8_t)any(2),
                        .flags = (uint8_t)any(64),
                        .has = (uint8_t)any(256),
                        .wscale = (uint8_t)any(256),
                        .window = (uint16_t)any(UINT16_MAX + 1),
                        .mss = (uint16_t)any(UINT16_MAX + 1),
                        .seq = (uint32_t)any64(),
                        .ack = (uint32_t)any64(),
                        .text = any(1500)};
    if (s.has & HAS_TIMESTAMPS) {
        s.tsval = (uint32_t)any64();
        s.tsecr = (uint32_t)any64();
    }
    if (!any(20))
        s.time = before->time - any(1000000000);
    if (!any(20))
        s.time = (int64_t)(any64() >> 1);
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
                             .layer = (uint16_t)(any(10) ? 4 : any(600)),
                             .is_icmp = !any(5),
                             .icmp = any(2) ? ICMP_HARD : ICMP_SOFT};
}

static bool is_same_segment(const struct segment *a, const struct segment *b)
{
    return a->frame == b->frame && a->time == b->time && a->from == b->from &&
           a->flags == b->flags && a->has == b->has && a->wscale == b->wscale &&
           a->window == b->window && a->mss == b->mss && a->seq == b->seq && a->ack == b->ack &&
           a->text == b->text && a->tsval == b->tsval && a->tsecr == b->tsecr;
}

static bool is_same(const struct sighting *a, const struct sighting *b)
{
    return is_same_segment(&a->segment, &b->segment) &&
           pairs_are_same(&a->sockets, b->sockets.words, b->sockets.word) && a->layer == b->layer &&
           a->is_icmp == b->is_icmp && (!a->is_icmp || a->icmp == b->icmp);
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
        if (!leave && backlog_take(&got))
            return false;
    }
    return true;
}

int main(void)
{
    for (unsigned i = 1; i <= ROUNDS; i++) {
        if (!try_file()) {
            printf("round %u: not the same\n", i);
            return 1;
        }
    }
    return 0;
}
