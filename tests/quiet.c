/* The shorter way for segments that move nobody (quiet.h) leads where the long one does.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Random conversations, the same in every run: mostly what healthy ends send, and now and then
 * something a little off. One connection takes the shorter way where it may, another never does.
 * Exit status: 0 they always agree, 1 they do not, or nothing was quiet. */
#include "infer/quiet.h"
#include "told.h"
#include "verdicts.h"

#include <stdio.h>

enum { CONVERSATIONS = 4000, SEGMENTS = 120 };

static const struct rules rules = {.two_msl = INT64_C(60) * 1000000000, .rfc5961 = true};

struct talk {
    uint32_t next[2], stamp, window[2];
    bool stamped, scaled, midstream, one_sided;
    struct segment last[2];
    struct segment now; /* frame, time: those of the segment before */
};

static uint32_t chance(uint32_t below) /* xorshift64*, Marsaglia and Vigna */
{
    static uint64_t x = 88172645463325252u;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    return (uint32_t)((x * UINT64_C(2685821657736338717)) >> 33) % below;
}

static bool rarely(void)
{
    return chance(25) == 0;
}

/* A little before, a little after, or far from what it should be. */
static uint32_t off(uint32_t number)
{
    static const uint32_t by[] = {1, 2, 100, 1460, 70000, 1u << 30, 1u << 31};
    const uint32_t far = by[chance(sizeof by / sizeof *by)];
    return chance(2) ? number + far : number - far;
}

static void spoil(struct segment *s, const struct talk *t)
{
    static const int64_t after[] = {-5000000, 0, 2000000, 3000000000, INT64_C(7300000000000)};
    switch (chance(10)) {
    case 0:
        s->seq = off(s->seq);
        break;
    case 1:
        s->ack = off(s->ack);
        break;
    case 2:
        s->flags ^= (uint8_t)(1u << chance(6));
        break;
    case 3:
        s->has ^= (uint16_t)(1u << chance(10));
        break;
    case 4:
        s->text = chance(3);
        break;
    case 5:
        s->window = (uint16_t)(s->window / (1 + chance(3)) * chance(2));
        break;
    case 6:
        s->tsval = off(s->tsval);
        break;
    case 7:
        s->tsecr = off(s->tsecr);
        break;
    case 8:
        s->time += after[chance(5)];
        break;
    default: /* again */
        if (t->last[s->from].frame) {
            s->seq = t->last[s->from].seq;
            s->text = t->last[s->from].text;
        }
    }
}

static struct segment next(struct talk *t, unsigned n)
{
    const uint8_t from = (uint8_t)(n < 3 ? n % 2 : t->one_sided ? 0 : chance(2));
    struct segment s = t->now;
    s.frame++;
    s.time += 1 + (int64_t)chance(40000000);
    s.from = from;
    s.flags = (uint8_t)(n == 0 ? SEG_SYN : n == 1 ? SEG_SYN | SEG_ACK : SEG_ACK);
    s.has = t->stamped ? HAS_TIMESTAMPS : 0;
    if (n < 2 && t->scaled) {
        s.has |= HAS_WSCALE;
        s.wscale = 7;
    }
    s.seq = t->next[from];
    s.ack = n == 0 ? 0 : t->next[!from];
    s.text = n > 2 && chance(2) ? 1 + chance(1460) : 0;
    if (rarely())
        t->window[from] = chance(3000);
    s.window = (uint16_t)t->window[from];
    s.tsval = t->stamp++;
    s.tsecr = t->stamp - 2;
    if (n > 2 && rarely())
        spoil(&s, t);
    return s;
}

static bool agree(struct connection *quick, struct connection *slow, const struct segment *s)
{
    struct verdict v, w;
    if (quiet_is(quick, s))
        connection_observe_quietly(quick, s, &v);
    else
        told(quick, &rules, s, true, &v);
    told(slow, &rules, s, true, &w);
    return verdicts_same(&v, &w);
}

/* How many of the segments were quiet; -1: the two ways differ. */
static int converse(void)
{
    struct connection quick = {0}, slow = {0};
    struct talk t = {.next = {chance(UINT32_MAX), chance(UINT32_MAX)},
                     .stamp = 1000,
                     .window = {500, 500},
                     .stamped = chance(2),
                     .scaled = chance(2),
                     .midstream = chance(4) == 0,
                     .one_sided = chance(8) == 0};
    int quiet = 0;
    for (unsigned n = 0; n < SEGMENTS; n++) {
        const struct segment s = next(&t, n);
        t.next[s.from] = segment_any(&s, SEG_SYN | SEG_FIN) || chance(20) ? segment_end(&s)
                                                                          : s.seq; /* or lost */
        t.last[s.from] = t.now = s;
        if (n < 3 && t.midstream)
            continue;
        quiet += quiet_is(&quick, &s);
        if (!agree(&quick, &slow, &s)) {
            printf("segment %u is not quiet\n", n);
            return -1;
        }
    }
    return quiet;
}

int main(void)
{
    long quiet = 0, wrong = 0;
    for (unsigned i = 0; i < CONVERSATIONS; i++) {
        const int found = converse();
        quiet += found > 0 ? found : 0;
        wrong += found < 0;
    }
    printf("%d conversations, %ld of %d segments quiet, %ld wrong\n", CONVERSATIONS, quiet,
           CONVERSATIONS * SEGMENTS, wrong);
    return wrong || !quiet;
}
