/* Random connections of two conforming ends, as a capture point between them sees them:
 * `conversations COUNT DIRECTORY [SEED]` writes NUMBER.segments (dump.h), the same every time.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each end is a small TCP after section 3.10 of RFC 9293: it opens, actively or passively or both
 * at once, writes, closes or aborts, sends again what is not acknowledged, and gives up. The
 * network loses, delays, doubles and reorders, before the capture point and behind it. Nothing here
 * knows the core. */
#include "dump.h"
#include "seq.h"

#include <stdlib.h>
#include <string.h>

static const int64_t MS = 1000000;
enum { IN_FLIGHT = 64, CAPTURED_MAX = 400, WINDOW = 8192, PIECE = 1000, TRIES = 5 };

enum tcp {
    CLOSED,
    LISTEN,
    SYN_SENT,
    SYN_RCVD,
    ESTABLISHED,
    FIN_WAIT_1,
    FIN_WAIT_2,
    CLOSE_WAIT,
    CLOSING,
    LAST_ACK,
    TIME_WAIT
};

struct host {
    enum tcp state;
    uint32_t iss, una, nxt, rcv_nxt, irs, fin; /* `fin`: beyond its FIN, when sent */
    uint32_t to_write, ts_recent, ts_offset;
    int64_t resend_at, rto, opens_at, writes_at, closes_at; /* 0: never, or done */
    unsigned tries;
    bool passive, closed, fin_sent, deaf, aborts;
};

struct flight {
    int64_t at;
    struct segment segment;
};

struct world {
    struct host host[2];
    struct flight flight[IN_FLIGHT];
    struct segment captured[CAPTURED_MAX];
    unsigned flights, count;
    int64_t now, way[2];  /* from each end to the capture point */
    unsigned loss, twice; /* of 100 */
    bool stamps;
};

static uint64_t x = 88172645463325252u;

/* Below n; xorshift64*, Marsaglia and Vigna. */
static uint32_t any(uint32_t n)
{
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    return (uint32_t)((x * UINT64_C(2685821657736338717)) >> 33) % n;
}

static bool chance(unsigned percent)
{
    return any(100) < percent;
}

/* ---- the network ---- */

static int64_t jitter(int64_t way)
{
    return way + (chance(10) ? (int64_t)any(40) * MS : (int64_t)any(1000) * 1000);
}

static void capture(struct world *w, struct segment s, int64_t at)
{
    s.time = at;
    if (w->count < CAPTURED_MAX)
        w->captured[w->count++] = s;
}

static void deliver(struct world *w, const struct segment *s, int64_t at)
{
    if (w->flights < IN_FLIGHT)
        w->flight[w->flights++] = (struct flight){at, *s};
}

static void transmit(struct world *w, const struct segment *s)
{
    const unsigned copies = chance(w->twice) ? 2 : 1;
    for (unsigned i = 0; i < copies; i++) {
        const int64_t seen = w->now + jitter(w->way[s->from]) + (int64_t)i * MS * 3;
        if (chance(w->loss / 3))
            continue;
        capture(w, *s, seen);
        if (!chance(w->loss))
            deliver(w, s, seen + jitter(w->way[!s->from]));
    }
}

/* ---- one end ---- */

static struct segment make(const struct world *w, unsigned end, uint8_t flags, uint32_t seq,
                           uint32_t ack)
{
    const struct host *h = &w->host[end];
    struct segment s = {.from = (uint8_t)end, .flags = flags, .seq = seq, .window = WINDOW};
    s.ack = flags & SEG_ACK ? ack : 0;
    if (w->stamps && !(flags & SEG_RST)) {
        s.has = HAS_TIMESTAMPS;
        s.tsval = (uint32_t)(w->now / MS) + h->ts_offset;
        s.tsecr = flags & SEG_ACK ? h->ts_recent : 0;
    }
    return s;
}

static void send(struct world *w, unsigned end, uint8_t flags, uint32_t seq, uint32_t text)
{
    struct segment s = make(w, end, flags, seq, w->host[end].rcv_nxt);
    s.text = text;
    transmit(w, &s);
}

static void send_ack(struct world *w, unsigned end)
{
    send(w, end, SEG_ACK, w->host[end].nxt, 0);
}

/* Section 3.10.7.1. */
static void refuse(struct world *w, const struct segment *s)
{
    const bool ack = segment_is(s, SEG_ACK);
    const struct segment rst =
        make(w, !s->from, ack ? SEG_RST : SEG_RST | SEG_ACK, ack ? s->ack : 0, segment_end(s));
    if (!segment_is(s, SEG_RST))
        transmit(w, &rst);
}

static void start_timer(struct world *w, struct host *h)
{
    h->rto = 200 * MS;
    h->tries = 0;
    h->resend_at = w->now + h->rto;
}

static void open_actively(struct world *w, unsigned end)
{
    struct host *h = &w->host[end];
    if (h->state != CLOSED && h->state != LISTEN)
        return;
    h->state = SYN_SENT;
    h->passive = false;
    h->una = h->iss;
    h->nxt = h->iss + 1;
    send(w, end, SEG_SYN, h->iss, 0);
    start_timer(w, h);
}

/* What the window and the program let it send: text, and the FIN behind the last of it. */
static void push(struct world *w, unsigned end)
{
    struct host *h = &w->host[end];
    if (h->state != ESTABLISHED && h->state != CLOSE_WAIT)
        return;
    const uint32_t before = h->nxt;
    while (h->to_write && h->nxt - h->una < 4 * PIECE) {
        const uint32_t n = h->to_write < PIECE ? h->to_write : PIECE;
        const bool fin = h->closed && n == h->to_write && chance(50);
        send(w, end, (uint8_t)(SEG_ACK | SEG_PSH | (fin ? SEG_FIN : 0)), h->nxt, n);
        h->to_write -= n;
        h->nxt += n + fin;
        h->fin_sent |= fin;
    }
    if (h->closed && !h->to_write && !h->fin_sent) {
        send(w, end, SEG_FIN | SEG_ACK, h->nxt++, 0);
        h->fin_sent = true;
    }
    if (h->fin_sent) {
        h->fin = h->nxt;
        h->state = h->state == ESTABLISHED ? FIN_WAIT_1 : LAST_ACK;
    }
    if (h->nxt != before)
        start_timer(w, h);
}

/* The oldest that is not acknowledged. */
static void send_again(struct world *w, unsigned end)
{
    struct host *h = &w->host[end];
    if (h->una == h->nxt || h->state == CLOSED || h->state == LISTEN || ++h->tries > TRIES) {
        if (h->una != h->nxt)
            h->state = h->state == SYN_RCVD && h->passive ? LISTEN : CLOSED;
        h->resend_at = 0;
        return;
    }
    h->rto *= 2;
    h->resend_at = w->now + h->rto;
    if (h->state == SYN_SENT || h->state == SYN_RCVD) {
        send(w, end, h->state == SYN_SENT ? SEG_SYN : SEG_SYN | SEG_ACK, h->iss, 0);
        return;
    }
    const uint32_t left = h->nxt - h->una - h->fin_sent, n = left < PIECE ? left : PIECE;
    const bool fin = h->fin_sent && n == left;
    send(w, end, (uint8_t)(SEG_ACK | (fin ? SEG_FIN : 0)), h->una, n);
}

static void close_or_abort(struct world *w, unsigned end)
{
    struct host *h = &w->host[end];
    if (h->aborts && h->state >= SYN_RCVD && h->state <= CLOSE_WAIT) {
        send(w, end, SEG_RST | SEG_ACK, h->nxt, 0);
        h->state = CLOSED;
    } else if (h->state == SYN_SENT || h->state == LISTEN) {
        h->state = CLOSED;
    } else {
        h->closed = true;
        push(w, end);
    }
}

/* ---- SEGMENT ARRIVES ---- */

static void take_syn(struct host *h, const struct segment *s)
{
    h->irs = s->seq;
    h->rcv_nxt = s->seq + 1;
    h->ts_recent = s->tsval;
}

static void arrives_in_listen(struct world *w, struct host *h, const struct segment *s)
{
    if (segment_is(s, SEG_ACK)) {
        refuse(w, s);
    } else if (segment_is_syn(s)) {
        take_syn(h, s);
        h->state = SYN_RCVD;
        h->passive = true;
        h->una = h->iss;
        h->nxt = h->iss + 1;
        send(w, !s->from, SEG_SYN | SEG_ACK, h->iss, 0);
        start_timer(w, h);
    }
}

static void arrives_in_syn_sent(struct world *w, struct host *h, const struct segment *s)
{
    const bool ack = segment_is(s, SEG_ACK);
    if (ack && s->ack != h->nxt) {
        refuse(w, s);
    } else if (segment_is(s, SEG_RST)) {
        h->state = ack ? CLOSED : h->state;
    } else if (segment_is(s, SEG_SYN)) {
        take_syn(h, s);
        h->state = ack ? ESTABLISHED : SYN_RCVD;
        h->una = ack ? s->ack : h->una;
        if (ack)
            send_ack(w, !s->from);
        else
            send(w, !s->from, SEG_SYN | SEG_ACK, h->iss, 0);
        push(w, !s->from);
    }
}

static void check_ack(struct world *w, struct host *h, const struct segment *s)
{
    if (seq_lt(h->una, s->ack)) {
        h->una = s->ack;
        start_timer(w, h);
    }
    if (h->state == SYN_RCVD)
        h->state = ESTABLISHED;
    if (h->fin_sent && h->una == h->fin) {
        if (h->state == FIN_WAIT_1)
            h->state = FIN_WAIT_2;
        else if (h->state == CLOSING)
            h->state = TIME_WAIT;
        else if (h->state == LAST_ACK)
            h->state = CLOSED;
    }
}

/* RFC 7323 section 4.3. */
static void take_timestamp(struct host *h, const struct segment *s)
{
    if ((s->has & HAS_TIMESTAMPS) && seq_le(s->seq, h->rcv_nxt) && seq_le(h->ts_recent, s->tsval))
        h->ts_recent = s->tsval;
}

/* Text and FIN that are in order; what is not waits to be sent again. */
static void check_text(struct world *w, struct host *h, const struct segment *s)
{
    const bool open = h->state == ESTABLISHED || h->state == FIN_WAIT_1 || h->state == FIN_WAIT_2;
    if (open && seq_le(s->seq, h->rcv_nxt) && seq_lt(h->rcv_nxt, segment_end(s))) {
        h->rcv_nxt = segment_end(s);
        if (segment_is(s, SEG_FIN))
            h->state = h->state == ESTABLISHED  ? CLOSE_WAIT
                       : h->state == FIN_WAIT_1 ? CLOSING
                                                : TIME_WAIT;
    }
    if (segment_len(s))
        send_ack(w, !s->from);
}

static bool is_acceptable(const struct host *h, const struct segment *s)
{
    return seq_lt(s->seq, h->rcv_nxt + WINDOW) &&
           (seq_lt(h->rcv_nxt, segment_end(s)) || s->seq == h->rcv_nxt);
}

/* The SYN of a simultaneous open has come before its SYN,ACK (Figure 7). */
static bool completes_simultaneous_open(const struct host *h, const struct segment *s)
{
    return h->state == SYN_RCVD && segment_is_syn_ack(s) && s->seq == h->irs && s->ack == h->nxt;
}

static void arrives_otherwise(struct world *w, struct host *h, const struct segment *s)
{
    if (completes_simultaneous_open(h, s)) {
        check_ack(w, h, s);
        push(w, !s->from);
    } else if (h->state == SYN_RCVD && segment_is_syn(s) && s->seq == h->irs) {
        send(w, !s->from, SEG_SYN | SEG_ACK, h->iss, 0);
    } else if (!is_acceptable(h, s)) {
        if (!segment_is(s, SEG_RST))
            send_ack(w, !s->from);
    } else if (segment_is(s, SEG_RST)) {
        if (s->seq != h->rcv_nxt)
            send_ack(w, !s->from);
        else
            h->state = h->state == SYN_RCVD && h->passive ? LISTEN : CLOSED;
    } else if (segment_is(s, SEG_SYN) || (segment_is(s, SEG_ACK) && seq_lt(h->nxt, s->ack))) {
        send_ack(w, !s->from);
    } else if (h->deaf && h->closed && s->text && h->state != TIME_WAIT) {
        refuse(w, s); /* nobody reads any more (section 3.6.1) */
        h->state = CLOSED;
    } else if (segment_is(s, SEG_ACK)) {
        take_timestamp(h, s);
        check_ack(w, h, s);
        check_text(w, h, s);
        push(w, !s->from);
    }
}

static void arrive(struct world *w, const struct segment *s)
{
    struct host *h = &w->host[!s->from];
    switch (h->state) {
    case CLOSED:
        refuse(w, s);
        break;
    case LISTEN:
        arrives_in_listen(w, h, s);
        break;
    case SYN_SENT:
        arrives_in_syn_sent(w, h, s);
        break;
    case SYN_RCVD:
    case ESTABLISHED:
    case FIN_WAIT_1:
    case FIN_WAIT_2:
    case CLOSE_WAIT:
    case CLOSING:
    case LAST_ACK:
    case TIME_WAIT:
        arrives_otherwise(w, h, s);
        break;
    }
}

/* ---- one conversation ---- */

static void make_host(struct world *w, unsigned end, bool opens)
{
    static const int64_t SOON = 30, LATER = 400;
    struct host *h = &w->host[end];
    const int64_t first = chance(70) ? LATER : SOON;
    *h = (struct host){.iss = any(UINT32_MAX), .ts_offset = any(1000000)};
    h->state = opens || chance(5) ? CLOSED : LISTEN;
    h->opens_at = opens ? w->now + (int64_t)any(20) * MS : 0;
    h->to_write = chance(60) ? any(5 * PIECE) : 0;
    h->writes_at = w->now + (int64_t)any(300) * MS;
    h->closes_at = w->now + (first + (int64_t)any(500)) * MS;
    h->deaf = chance(20);
    h->aborts = chance(15);
}

static bool is_due(int64_t *at, int64_t now)
{
    const bool due = *at && *at <= now;
    *at = due ? 0 : *at;
    return due;
}

static void act(struct world *w, unsigned end)
{
    struct host *h = &w->host[end];
    if (is_due(&h->opens_at, w->now))
        open_actively(w, end);
    if (is_due(&h->writes_at, w->now))
        push(w, end);
    if (is_due(&h->closes_at, w->now))
        close_or_abort(w, end);
    if (is_due(&h->resend_at, w->now))
        send_again(w, end);
}

static void live(struct world *w, int64_t until)
{
    for (; w->now < until; w->now += MS / 4) {
        for (unsigned i = 0; i < w->flights;)
            if (w->flight[i].at <= w->now) {
                const struct segment s = w->flight[i].segment;
                w->flight[i] = w->flight[--w->flights];
                arrive(w, &s);
            } else {
                i++;
            }
        act(w, 0);
        act(w, 1);
    }
}

static int by_time(const void *a, const void *b)
{
    const struct segment *s = a, *t = b;
    return s->time < t->time ? -1 : s->time > t->time;
}

static bool write_down(struct world *w, const char *directory, unsigned number)
{
    char name[300];
    snprintf(name, sizeof name, "%s/%04u.segments", directory, number);
    FILE *out = fopen(name, "w");
    for (unsigned i = 0; out && i < w->count; i++) {
        w->captured[i].frame = i + 1;
        /* Nobody's port says who is the server. */
        const struct seen seen = {
            .segment = w->captured[i], .host = {"192.0.2.1", "192.0.2.2"}, .port = {80, 80}};
        dump_write(out, &seen);
    }
    return out && !fclose(out);
}

static void converse(struct world *w)
{
    const unsigned opener = any(2);
    memset(w, 0, sizeof *w);
    w->now = 1000 * MS;
    w->way[0] = (int64_t)any(chance(50) ? 2 : 40) * MS + MS / 10;
    w->way[1] = (int64_t)any(chance(50) ? 2 : 40) * MS + MS / 10;
    w->loss = chance(40) ? 0 : any(25);
    w->twice = chance(70) ? 0 : any(10);
    w->stamps = chance(50);
    make_host(w, opener, true);
    make_host(w, !opener, chance(8));
    live(w, w->now + 15000 * MS);
    qsort(w->captured, w->count, sizeof *w->captured, by_time);
}

int main(int argc, char **argv)
{
    static struct world w;
    const unsigned count = argc == 3 || argc == 4 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
    unsigned written = 0;
    if (argc == 4)
        x ^= (strtoull(argv[3], NULL, 10) - 1) * UINT64_C(0x9e3779b97f4a7c15);
    while (written < count) {
        converse(&w);
        if (!w.count)
            continue;
        if (!write_down(&w, argv[2], written++)) {
            fprintf(stderr, "conversations: %s cannot be written to\n", argv[2]);
            return 2;
        }
    }
    if (!count)
        fprintf(stderr, "usage: conversations COUNT DIRECTORY [SEED]\n");
    return count ? 0 : 2;
}
