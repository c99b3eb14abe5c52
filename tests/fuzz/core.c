/* Fuzzes the core: any bytes are a sequence of events on one pair of sockets.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * EVENT_SIZE bytes are one event, so that a mutation of one leaves the others what they are.
 * Numbers are mostly relative to what was sent before: bytes that are far off everything would find
 * little. Whatever comes, the sanitizers are silent and every verdict is sound (see `judge`). */
#include "connection.h"
#include "findings.h"
#include "verdicts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENT_SIZE = 20, EVENTS_MAX = 400 };

/* Memory per connection is bounded whatever comes: a connection is a plain struct, of this size at
 * most. */
_Static_assert(sizeof(struct connection) <= 1280, "a connection has grown beyond its bound");

/* Bits of an event's first byte. */
enum {
    OP_FROM = 0x01,
    OP_KIND = 0x06, /* 0, 2: segment; 4: ICMP error; 6: time passes */
    OP_ICMP = 0x04,
    OP_SETTLE = 0x06,
    OP_SEQ_ABSOLUTE = 0x08,
    OP_ACK_ABSOLUTE = 0x10,
    OP_LOST = 0x20, /* sent, not received */
    OP_LONG = 0x40, /* more text than a segment has, as offloading makes it */
    OP_BACK = 0x80, /* the clock steps back: captures are merged, clocks are set */
};

/* The caller sees to it that times can be subtracted: from 0 to this. */
static const int64_t TIME_MAX = INT64_C(9000000001) * 1000000000;

struct play {
    const struct rules *rules;
    struct connection *c[2]; /* both see the same, one in one call, the other in two: a verdict
                                follows from the input alone */
    uint8_t state[2];        /* after the verdict before; UNKNOWN: there is none */
    uint32_t next[2];        /* SND.NXT of each end, roughly */
    uint32_t frame;
    int64_t now;
};

static void require(bool condition, const char *what, const struct verdict *v)
{
    if (condition)
        return;
    fprintf(stderr, "the verdict is not sound: %s\n", what);
    for (unsigned i = 0; i < 2; i++)
        fprintf(stderr, "  end %u: was %u, is %u, confirmed %u, possible %#x, since %u\n", i,
                v->end[i].was, v->end[i].state, v->end[i].confirmed, v->end[i].possible,
                v->end[i].since);
    for (unsigned i = 0; i < v->steps && i < STEPS_MAX; i++)
        fprintf(stderr, "  step: end %u from %u to %u, signal %u, why %u\n", v->step[i].end,
                v->step[i].from, v->step[i].to, v->step[i].signal, v->step[i].why);
    abort();
}

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

/* 2^0 to 2^61 nanoseconds: from the same instant to a clock gone mad. */
static void pass_time(struct play *p, const uint8_t *e)
{
    const int64_t step = INT64_C(1) << e[3] % 62;
    if (e[0] & OP_BACK)
        p->now = p->now > step ? p->now - step : 0;
    else
        p->now = p->now < TIME_MAX - step ? p->now + step : TIME_MAX;
}

static struct segment read_segment(struct play *p, const uint8_t *e)
{
    const bool seq_absolute = e[0] & OP_SEQ_ABSOLUTE, ack_absolute = e[0] & OP_ACK_ABSOLUTE;
    const uint8_t from = e[0] & OP_FROM;
    struct segment s = {.frame = ++p->frame, .time = p->now, .from = from, .flags = e[1] & 0x3f};
    s.has = e[2];
    s.seq = get32(e + 4) + (seq_absolute ? 0 : p->next[from]);
    s.ack = get32(e + 8) + (ack_absolute ? 0 : p->next[!from]);
    s.text = (uint32_t)get16(e + 12) << (e[0] & OP_LONG ? 16 : 0);
    s.window = get16(e + 14);
    s.wscale = e[16] % 15;
    s.server_port_hint = e[17] % 3;
    s.mss = s.window;
    s.tsval = (uint32_t)(p->now / 1000000) + (uint32_t)(int8_t)e[18];
    s.tsecr = (uint32_t)(p->now / 1000000) + (uint32_t)(int8_t)e[19];
    if (seq_absolute || s.seq == p->next[from])
        p->next[from] = segment_end(&s);
    return s;
}

static void judge_end(const struct verdict *v, unsigned end, uint32_t frame)
{
    const struct end_view *e = &v->end[end];
    uint8_t state = e->was;
    bool begun = !v->opens; /* what comes before may be the end of the connection before */
    require(e->state > STATE_UNKNOWN && e->state < STATE_COUNT, "a state is one state", v);
    require(e->possible & 1u << e->state, "the state is a possible one", v);
    require(!e->confirmed || (e->possible & 1u << e->confirmed), "what is proved is possible", v);
    require(e->since <= frame, "a state is not entered later", v);
    for (unsigned i = 0; i < v->steps; i++) {
        if (v->step[i].end != end || (!begun && v->step[i].from != state))
            continue;
        begun = true;
        require(v->step[i].from == state, "steps chain", v);
        state = v->step[i].to;
    }
    require(state == e->state || v->steps == STEPS_MAX, "steps lead to the state", v);
    require(!v->ignored || v->opens || e->was == e->state, "what is ignored moves nobody", v);
}

static void judge(struct play *p, const struct verdict *v)
{
    require(v->steps <= STEPS_MAX, "steps are few", v);
    for (unsigned i = 0; i < v->steps; i++) {
        const struct step *step = &v->step[i];
        require(step->end < 2 && step->from < STATE_COUNT && step->to < STATE_COUNT &&
                    step->signal < SIGNAL_COUNT && step->why <= STEP_RESYNC && step->cite,
                "a step says what it is", v);
    }
    for (unsigned i = 0; i < 2; i++) {
        judge_end(v, i, p->frame);
        if (p->state[i] && !v->opens)
            require(v->end[i].was == p->state[i], "it starts where the last one ended", v);
        p->state[i] = v->end[i].state;
    }
    require(!(v->checks.bits[CHECK_COUNT / 64] >> CHECK_COUNT % 64), "findings have names", v);
    require(v->class == findings_class(&v->checks), "the class is the findings'", v);
    require(v->amends < p->frame || !v->amends, "only the past is amended", v);
    require(v->amendment < CHECK_COUNT, "the amendment has a name", v);
    require(v->answers <= p->frame && v->evidence <= p->frame, "links lead back", v);
    require(v->client < 2 && v->sender < 2 && v->roles <= ROLES_SYN && v->owes < REPLY_COUNT,
            "everything else is in range", v);
}

/* `whole`: in one call, which takes a shorter way for segments that move nobody (quiet.h). */
static void observe(const struct play *p, struct connection *c, const uint8_t *e,
                    const struct segment *s, bool whole, struct verdict *v)
{
    switch (e[0] & OP_KIND) {
    case OP_ICMP:
        connection_icmp(c, s, e[1] & 1 ? ICMP_HARD : ICMP_SOFT, v);
        return;
    case OP_SETTLE:
        connection_settle(c, p->rules, p->now, v);
        return;
    default:
        if (whole && !(e[0] & OP_LOST)) {
            connection_observe(c, p->rules, s, v);
            return;
        }
        connection_sent(c, p->rules, s, v);
        if (!(e[0] & OP_LOST))
            connection_received(c, p->rules, s, v);
    }
}

static void play_event(struct play *p, const uint8_t *e)
{
    struct verdict v[2];
    const bool is_segment = (e[0] & OP_KIND) != OP_ICMP && (e[0] & OP_KIND) != OP_SETTLE;
    if (!is_segment && !p->c[0]->started)
        return; /* the caller asks only about connections that it has seen */
    pass_time(p, e);
    struct segment s = {0};
    if ((e[0] & OP_KIND) != OP_SETTLE)
        s = read_segment(p, e);
    for (unsigned i = 0; i < 2; i++) {
        memset(&v[i], i ? 0xff : 0, sizeof v[i]); /* what it was makes no difference */
        observe(p, p->c[i], e, &s, i == 0, &v[i]);
    }
    if (!p->c[0]->started && !(v[0].end[0].state && v[0].end[1].state))
        return; /* nothing but damage so far */
    judge(p, &v[0]);
    require(verdicts_same(&v[0], &v[1]), "the same input gives the same verdict", &v[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t MINUTE = INT64_C(60) * 1000000000;
    if (size < 1)
        return 0;
    const struct rules rules = {.two_msl = data[0] & 2 ? MINUTE : 2 * MINUTE,
                                .rfc5961 = data[0] & 1};
    /* On the heap and of exactly their size: the sanitizer sees a step beyond them. */
    struct play p = {.rules = &rules, .now = 1000000000};
    for (unsigned i = 0; i < 2; i++)
        p.c[i] = calloc(1, sizeof *p.c[i]);
    data++;
    size--;
    for (unsigned n = 0; n < EVENTS_MAX && size >= EVENT_SIZE; n++) {
        play_event(&p, data);
        data += EVENT_SIZE;
        size -= EVENT_SIZE;
    }
    for (unsigned i = 0; i < 2; i++)
        free(p.c[i]);
    return 0;
}
