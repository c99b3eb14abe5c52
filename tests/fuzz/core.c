/* Fuzzes the core: any bytes are a sequence of events on one pair of sockets.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * EVENT_SIZE bytes are one event, so that a mutation of one leaves the others what they are.
 * Numbers are mostly relative to what was sent before: bytes that are far off everything would find
 * little. Whatever comes, the sanitizers are silent, every verdict is sound, live and in hindsight
 * (see `judge`), and in hindsight each end walks along the arrows (walk.h). Asked of every segment,
 * each rule says what it says of the kinds of segments that it is about (kind.h). */
#include "find/findings.h"
#include "kind.h"
#include "verdicts.h"
#include "walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENT_SIZE = 20, EVENTS_MAX = 400 };

/* Bits of an event's first byte. */
enum {
    OP_FROM = 0x01,
    OP_KIND = 0x06, /* 0, 2: segment; 4: ICMP error; 6: nothing but time */
    OP_ICMP = 0x04,
    OP_NOTHING = 0x06,
    OP_SEQ_ABSOLUTE = 0x08,
    OP_ACK_ABSOLUTE = 0x10,
    OP_CLOSE = 0x20, /* the file ends, and is read on afterwards: a capture that still runs */
    OP_LONG = 0x40,  /* more text than a segment has, as offloading makes it */
    OP_BACK = 0x80,  /* the clock steps back: captures are merged, clocks are set */
};

/* The caller sees to it that times can be subtracted: from 0 to this. */
static const int64_t TIME_MAX = INT64_C(9000000001) * 1000000000;

struct play {
    struct bystander bystander;
    uint32_t next[2]; /* SND.NXT of each end, roughly */
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
    struct segment s = {
        .frame = ++p->frame, .time = p->now, .from = from, .flags = e[1] & SEG_KNOWN};
    s.has = (uint16_t)(e[2] | (e[17] >> 2 & 3) << 8);
    s.ttl = e[17] >> 4;
    s.dsack = (uint16_t)(s.has & HAS_DSACK ? p->next[from] : 0);
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

/* Not by the segment itself: by one that comes late, a timer, or what is known now of another. */
static bool moves_by_another(unsigned why)
{
    return why == STEP_LATE || why == STEP_TIMED || why >= STEP_NOT_ARRIVED;
}

/* Do the steps of the end, from step `first` on, lead from where it was to where it is? */
static bool leads(const struct verdict *v, unsigned end, unsigned first)
{
    unsigned state = v->end[end].was;
    for (unsigned i = first; i < v->steps; i++)
        if (v->step[i].end == end && v->step[i].from != state)
            return false;
        else if (v->step[i].end == end)
            state = v->step[i].to;
    return state == v->end[end].state || v->steps == STEPS_MAX;
}

static void judge_end(const struct verdict *v, unsigned end, uint32_t frame)
{
    const struct end_view *e = &v->end[end];
    const bool begins = v->begins >> end & 1;
    unsigned first = 0; /* those before may end the connection before */
    while (begins && first < v->steps && !leads(v, end, first))
        first++;
    require(e->state > STATE_UNKNOWN && e->state < STATE_COUNT, "a state is one state", v);
    require(e->possible & 1u << e->state, "the state is a possible one", v);
    require(!e->confirmed || (e->possible & 1u << e->confirmed), "what is proved is possible", v);
    require(e->since <= frame, "a state is not entered later", v);
    for (unsigned i = 0; i < v->steps; i++)
        require(v->step[i].end != end || !v->ignored || begins || moves_by_another(v->step[i].why),
                "what is ignored moves nobody", v);
    require(leads(v, end, first), "steps lead to the state", v);
}

/* `before`: the verdict on the segment before, or NULL. */
static void judge(const struct verdict *v, const struct verdict *before, uint32_t frame, bool live)
{
    require(v->steps <= STEPS_MAX, "steps are few", v);
    for (unsigned i = 0; i < v->steps; i++) {
        const struct step *step = &v->step[i];
        require(step->end < 2 && step->from < STATE_COUNT && step->to < STATE_COUNT &&
                    step->signal < SIGNAL_COUNT && step->why < STEP_WHY_COUNT && step->cite,
                "a step says what it is", v);
        require(live || step->why < STEP_NOT_ARRIVED, "in hindsight nothing is corrected", v);
    }
    for (unsigned i = 0; i < 2; i++) {
        judge_end(v, i, frame);
        require(!before || (v->begins >> i & 1) || v->end[i].was == before->end[i].state,
                "it starts where the last one ended", v);
    }
    require(!(v->checks.bits[CHECK_COUNT / 64] >> CHECK_COUNT % 64), "findings have names", v);
    require(v->class == findings_class(&v->checks), "the class is the findings'", v);
    require(v->amends < frame || !v->amends, "only the past is amended", v);
    require(v->amendment < CHECK_COUNT, "the amendment has a name", v);
    require(v->answers <= frame && v->evidence <= frame, "links lead back", v);
    require(v->client < 2 && v->sender < 2 && v->roles <= ROLES_SYN && v->owes < REPLY_COUNT &&
                v->fate < FATE_COUNT,
            "everything else is in range", v);
}

static void complain_of_walk(void *context, const struct sight *at, unsigned end, const char *how)
{
    (void)context;
    fprintf(stderr, "frame %u, end %u: %s\n", (unsigned)at->segment.frame, end, how);
    require(false, "it is no walk along the arrows", &at->known);
}

static void judge_all(const struct bystander *b)
{
    for (unsigned i = 0; i < b->count; i++) {
        const struct sight *at = &b->sight[i], *before = i ? at - 1 : NULL;
        judge(&at->live, before ? &before->live : NULL, at->segment.frame, true);
        judge(&at->known, before ? &before->known : NULL, at->segment.frame, false);
        require(at->known.fate_frame <= b->sight[b->count - 1].segment.frame,
                "what shows a fate was captured", &at->known);
    }
    walk_check(b, false, complain_of_walk, NULL);
}

static void play_event(struct play *p, const uint8_t *e)
{
    struct bystander *b = &p->bystander;
    const unsigned kind = e[0] & OP_KIND;
    pass_time(p, e);
    if (kind == OP_ICMP && b->history.now.started) { /* asked only of connections it has seen */
        const struct segment s = read_segment(p, e);
        bystander_icmp(b, &s, e[1] & 1 ? ICMP_HARD : ICMP_SOFT);
    } else if (kind != OP_NOTHING && kind != OP_ICMP) {
        const struct segment s = read_segment(p, e);
        bystander_observe(b, &s);
    }
    if (e[0] & OP_CLOSE) {
        bystander_close(b, p->now);
        judge_all(b);
    }
}

/* Plays all events, for a bystander that the caller ends. */
static void play_all(struct play *p, const struct rules *rules, const uint8_t *data, size_t size)
{
    *p = (struct play){.now = 1000000000};
    bystander_begin(&p->bystander, rules, EVENTS_MAX);
    for (unsigned n = 0; n < EVENTS_MAX && size >= EVENT_SIZE; n++) {
        play_event(p, data);
        data += EVENT_SIZE;
        size -= EVENT_SIZE;
    }
    bystander_close(&p->bystander, p->now);
}

#ifdef TCPSTATE_MUTANTS
/* Whoever is not asked, by the column `on` of checks.def or stories.def, has nothing to say. */
static void ask_all(const struct bystander *some, const uint8_t *data, size_t size)
{
    struct play p;
    mutant_kinds = ANY;
    play_all(&p, some->rules, data, size);
    mutant_kinds = 0;
    for (unsigned i = 0; i < some->count; i++) {
        const struct sight *a = &some->sight[i], *b = &p.bystander.sight[i];
        require(verdicts_same(&a->live, &b->live) && verdicts_same(&a->known, &b->known),
                "a column `on` leaves out a segment of which its row has something to say",
                &b->known);
    }
    bystander_end(&p.bystander);
}
#else
static void ask_all(const struct bystander *some, const uint8_t *data, size_t size)
{
    (void)some, (void)data, (void)size;
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t MINUTE = INT64_C(60) * 1000000000;
    if (size < 1)
        return 0;
    const struct rules rules = {.two_msl = data[0] & 2 ? MINUTE : 2 * MINUTE,
                                .rfc5961 = data[0] & 1};
    struct play p;
    play_all(&p, &rules, data + 1, size - 1);
    judge_all(&p.bystander);
    ask_all(&p.bystander, data + 1, size - 1);
    bystander_end(&p.bystander);
    return 0;
}
