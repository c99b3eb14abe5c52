/* What was delivered, of transfers that go round the sequence numbers more than once.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One end sends some five gigabytes, the other acknowledges, and the capture lacks some of either,
 * or all. What the core tells is compared with plain 64-bit counts of what was captured. Exit
 * status: 0 all well, 1 something differs. */
#include "bystander.h"
#include "seq.h"

#include <inttypes.h>
#include <stdio.h>

enum { SEGMENTS = 10000, PIECE = 1 << 20, SCALE = 14 };

/* What a capture has of a transfer: of each end so many segments in a hundred. */
struct transfer {
    const char *name;
    unsigned sender_seen, receiver_seen;
    bool syns;
    uint32_t iss[2];
};

/* What was captured, in octets of text. */
struct counts {
    uint64_t sent, acknowledged;
};

static int wrong;

static unsigned any(unsigned n) /* below n; Knuth's MMIX generator */
{
    static uint64_t state = 1;
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % n;
}

static void require_equal(const struct transfer *t, const char *what, uint64_t is, uint64_t should)
{
    if (is == should)
        return;
    wrong++;
    printf("%s: %s is %" PRIu64 ", and should be %" PRIu64 "\n", t->name, what, is, should);
}

static struct segment segment_of(const struct bystander *b, uint8_t from, uint32_t seq)
{
    return (struct segment){.frame = b->count + 1,
                            .time = INT64_C(1000000) * (b->count + 1),
                            .from = from,
                            .flags = SEG_ACK,
                            .seq = seq,
                            .window = UINT16_MAX};
}

static void shake_hands(struct bystander *b, const struct transfer *t)
{
    struct segment s = segment_of(b, 0, t->iss[0]);
    s.flags = SEG_SYN;
    s.has = HAS_WSCALE;
    s.wscale = SCALE;
    bystander_observe(b, &s);
    s = segment_of(b, 1, t->iss[1]);
    s.flags = SEG_SYN | SEG_ACK;
    s.ack = t->iss[0] + 1;
    s.has = HAS_WSCALE;
    s.wscale = SCALE;
    bystander_observe(b, &s);
    s = segment_of(b, 0, t->iss[0] + 1);
    s.ack = t->iss[1] + 1;
    bystander_observe(b, &s);
}

/* The first of a capture that begins late are seen: from there everything counts. */
static struct counts send_all(struct bystander *b, const struct transfer *t)
{
    struct counts c = {0};
    uint64_t sent = 0;
    for (unsigned i = 0; i < SEGMENTS; i++) {
        struct segment s = segment_of(b, 0, t->iss[0] + 1 + (uint32_t)sent);
        s.ack = t->iss[1] + 1;
        s.text = 2 + any(PIECE);
        sent += s.text;
        if (any(100) < t->sender_seen || (!i && t->sender_seen)) {
            bystander_observe(b, &s);
            c.sent = sent;
        }
        s = segment_of(b, 1, t->iss[1] + 1);
        s.ack = t->iss[0] + 1 + (uint32_t)sent;
        if (any(100) < t->receiver_seen) {
            bystander_observe(b, &s);
            c.acknowledged = sent;
        }
    }
    return c;
}

static void check(const struct transfer *t)
{
    struct bystander b;
    struct outcome o = {.closed_by = 0};
    uint32_t number;
    bystander_begin(&b, &bystander_rules, 2 * SEGMENTS + 3);
    if (t->syns)
        shake_hands(&b, t);
    const struct counts c = send_all(&b, t);
    history_outcome(&b.history, segment_of(&b, 0, 0).time, &number, &o);
    const struct delivery *d = &o.delivered[0];
    const bool is_known = t->receiver_seen || t->syns;
    const uint64_t most = c.sent > c.acknowledged ? c.sent : c.acknowledged;
    require_equal(t, "what is known", d->is_known, is_known);
    require_equal(t, "what is acknowledged", d->acknowledged, is_known ? c.acknowledged : 0);
    require_equal(t, "what was sent", delivery_sent(d), is_known ? most : 0);
    require_equal(t, "what the other end sent", delivery_sent(&o.delivered[1]), 0);
    bystander_end(&b);
}

int main(void)
{
    static const struct transfer transfers[] = {
        {"all of it", 100, 100, true, {100, 300}},
        {"numbers end just behind the SYN", 100, 100, true, {UINT32_MAX, UINT32_MAX}},
        {"numbers end with the SYN,ACK", 100, 100, true, {UINT32_MAX - 1, 0}},
        {"some is missing", 60, 50, true, {4000000000u, 1}},
        {"few ACKs", 100, 5, true, {7, 7}},
        {"from the middle", 100, 100, false, {3000000000u, 5}},
        {"no ACK", 100, 0, true, {1, 1}},
        {"nothing of the receiver", 100, 0, false, {1, 1}},
    };
    for (unsigned i = 0; i < sizeof transfers / sizeof *transfers; i++)
        check(&transfers[i]);
    return wrong != 0;
}
