/* Turns a ladder into a capture: `ladder2pcap LADDER PCAP [PAIR]`.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each captured segment becomes an Ethernet frame with IPv4 and TCP, at the moment it leaves (or,
 * for an old duplicate, arrives). Peer A is 192.0.2.1:40000, peer B 192.0.2.2:80. Captures that are
 * to be merged are given a PAIR of addresses each, up to 126: .3 and .4 are of pair 1. They all end
 * at the same moment, for what a silence means depends on how long it lasts. Format: pcap with
 * nanoseconds. Exit status: 0 written, 2 not.                                                    */
#include "ladder.h"

#include <stdlib.h>
#include <string.h>

enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6 };
enum { ETHERNET = 14, IP = 20, ICMP = 8, TCP = 20, OPTIONS_MAX = 40, TEXT_MAX = 4096 };
enum { LINKTYPE_ETHERNET = 1 };
enum { PAIRS = 127 }; /* of addresses */
static const uint32_t PCAP_NANOSECONDS = 0xa1b23c4d;
static const int64_t EPOCH = INT64_C(1700000000) * 1000000000; /* any fixed day */

struct frame {
    uint8_t bytes[ETHERNET + IP + TCP + OPTIONS_MAX + TEXT_MAX];
    size_t size;
    unsigned pair; /* whose addresses */
};

static void put8(struct frame *f, unsigned n)
{
    f->bytes[f->size++] = (uint8_t)n;
}

static void put16(struct frame *f, unsigned n)
{
    put8(f, n >> 8 & 0xff);
    put8(f, n & 0xff);
}

static void put32(struct frame *f, uint32_t n)
{
    put16(f, n >> 16);
    put16(f, n & 0xffff);
}

static void put_ethernet(struct frame *f, unsigned from)
{
    for (unsigned to = 0; to < 2; to++) {
        put32(f, 0x02000000);
        put16(f, to ? from + 1 : !from + 1u);
    }
    put16(f, 0x0800);
}

static uint32_t address(unsigned pair, unsigned peer)
{
    return 0xc0000201u + 2 * pair + peer; /* 192.0.2.1 and so on: documentation (RFC 5737) */
}

static uint32_t sum_words(const uint8_t *at, size_t size, uint32_t sum)
{
    for (size_t i = 0; i < size; i++)
        sum += i & 1 ? at[i] : (uint32_t)at[i] << 8;
    return sum;
}

static void set_checksum(uint8_t *at, uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    at[0] = (uint8_t)(~sum >> 8);
    at[1] = (uint8_t)~sum;
}

static void put_ip(struct frame *f, const struct segment *s, unsigned protocol, size_t length)
{
    const size_t start = f->size;
    put16(f, 0x4500);
    put16(f, (unsigned)(IP + length));
    put16(f, s->ip_id);
    put16(f, 0x4000);
    put16(f, (unsigned)s->ttl << 8 | protocol);
    put16(f, 0);
    put32(f, address(f->pair, s->from));
    put32(f, address(f->pair, !s->from));
    set_checksum(&f->bytes[start + 10], sum_words(&f->bytes[start], IP, 0));
}

/* A D-SACK of the ten octets that end there; and a block of ten beyond a hole of ten. */
static void put_sack(struct frame *f, const struct segment *s)
{
    const bool both = (s->has & HAS_SACK) && (s->has & HAS_DSACK);
    const uint32_t again = (s->ack & 0xffff0000) | s->dsack;
    put16(f, 0x0500 | (both ? 18 : 10));
    if (s->has & HAS_DSACK) {
        put32(f, again - 10);
        put32(f, again);
    }
    if (s->has & HAS_SACK) {
        put32(f, s->ack + 10);
        put32(f, s->ack + 20);
    }
}

static size_t make_options(const struct segment *s, uint8_t options[OPTIONS_MAX])
{
    struct frame f = {.size = 0};
    if (s->has & HAS_MSS) {
        put16(&f, 0x0204);
        put16(&f, s->mss);
    }
    if (s->has & HAS_WSCALE) {
        put16(&f, 0x0303);
        put8(&f, s->wscale);
    }
    if (s->has & HAS_TIMESTAMPS) {
        put16(&f, 0x080a);
        put32(&f, s->tsval);
        put32(&f, s->tsecr);
    }
    if (s->has & (HAS_SACK | HAS_DSACK))
        put_sack(&f, s);
    if (s->has & HAS_FAST_OPEN) {
        put16(&f, s->has & HAS_FAST_COOKIE ? 0x220a : 0x2202);
        if (s->has & HAS_FAST_COOKIE)
            for (int i = 0; i < 8; i++)
                put8(&f, 0xc0);
    }
    if (s->has & HAS_FAST_CLOSE) {
        put16(&f, 0x1e0c);
        put16(&f, 0x7000);
        for (int i = 0; i < 8; i++)
            put8(&f, 0xee);
    }
    while (f.size % 4)
        put8(&f, 1);
    memcpy(options, f.bytes, f.size);
    return f.size;
}

static void put_tcp(struct frame *f, const struct segment *s, const uint8_t *options, size_t size)
{
    const size_t start = f->size, length = TCP + size + s->text;
    const unsigned words = s->has & HAS_BAD_HEADER ? 4 : (unsigned)(TCP + size) / 4;
    put16(f, s->from ? 80 : 40000);
    put16(f, s->from ? 40000 : 80);
    put32(f, s->seq);
    put32(f, s->ack);
    put16(f, words << 12 | s->flags);
    put16(f, s->window);
    put32(f, 0);
    memcpy(&f->bytes[f->size], options, size);
    memset(&f->bytes[f->size + size], 'x', s->text);
    f->size += size + s->text;
    uint32_t sum = 6 + (uint32_t)length;
    sum = sum_words(&f->bytes[start - 8], 8, sum); /* addresses: the pseudo header */
    sum = sum_words(&f->bytes[start], length, sum);
    set_checksum(&f->bytes[start + 16], s->has & HAS_BAD_CHECKSUM ? sum + 1 : sum);
}

static void make_frame(struct frame *f, const struct segment *s)
{
    uint8_t options[OPTIONS_MAX];
    const size_t size = make_options(s, options);
    f->size = 0;
    put_ethernet(f, s->from);
    put_ip(f, s, PROTOCOL_TCP, TCP + size + s->text);
    put_tcp(f, s, options, size);
}

/* Destination unreachable (port, or host), quoting the IP header and 8 octets of the TCP header. */
static void make_icmp(struct frame *f, const struct segment *s, enum icmp_error error)
{
    const struct segment quoted = {.from = !s->from, .ttl = s->ttl, .frame = s->frame};
    f->size = 0;
    put_ethernet(f, s->from);
    put_ip(f, s, PROTOCOL_ICMP, ICMP + IP + 8);
    const size_t start = f->size;
    put16(f, error == ICMP_HARD ? 0x0303 : 0x0301);
    put16(f, 0);
    put32(f, 0);
    put_ip(f, &quoted, PROTOCOL_TCP, TCP);
    put16(f, quoted.from ? 80 : 40000);
    put16(f, quoted.from ? 40000 : 80);
    put32(f, s->seq);
    set_checksum(&f->bytes[start + 2], sum_words(&f->bytes[start], ICMP + IP + 8, 0));
}

static bool write_frame(FILE *out, const struct ladder_row *row, unsigned pair, int64_t begun)
{
    static struct frame f;
    const struct segment *s = &row->segment;
    const int64_t time = begun + s->time;
    f.pair = pair;
    if (s->text > TEXT_MAX)
        return false;
    if (row->is_icmp)
        make_icmp(&f, s, row->icmp);
    else
        make_frame(&f, s);
    const uint32_t header[4] = {(uint32_t)(time / 1000000000), (uint32_t)(time % 1000000000),
                                (uint32_t)f.size, (uint32_t)f.size};
    return fwrite(header, sizeof header, 1, out) == 1 && fwrite(f.bytes, f.size, 1, out) == 1;
}

/* When the last of it is captured. */
static int64_t last_time(const struct ladder *l)
{
    int64_t last = 0;
    for (unsigned i = 0; i < l->count; i++)
        if (l->row[i].captured && l->row[i].segment.time > last)
            last = l->row[i].segment.time;
    return last;
}

static bool write_capture(FILE *out, const struct ladder *l, unsigned pair, int64_t begun)
{
    const uint32_t header[6] = {PCAP_NANOSECONDS, 4u << 16 | 2u, 0, 0, 65535, LINKTYPE_ETHERNET};
    bool ok = fwrite(header, sizeof header, 1, out) == 1;
    for (unsigned i = 0; i < l->count && ok; i++)
        if (l->row[i].captured)
            ok = write_frame(out, &l->row[i], pair, begun);
    return ok;
}

int main(int argc, char **argv)
{
    static struct ladder ladder;
    const unsigned long pair = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
    const bool is_called = (argc == 3 || argc == 4) && pair < PAIRS;
    FILE *in = is_called ? fopen(argv[1], "r") : NULL;
    if (!in) {
        fprintf(stderr,
                is_called ? "ladder2pcap: %s: cannot be opened\n"
                          : "usage: ladder2pcap LADDER PCAP [PAIR]\n",
                argv[1]);
        return 2;
    }
    if (!ladder_read(in, &ladder)) {
        fprintf(stderr, "%s:%s\n", argv[1], ladder.error);
        return 2;
    }
    fclose(in);
    FILE *out = fopen(argv[2], "wb");
    const bool ok = out && write_capture(out, &ladder, (unsigned)pair,
                                         EPOCH - (argc == 4 ? last_time(&ladder) : 0));
    if (!out || fclose(out) != 0 || !ok) {
        fprintf(stderr, "ladder2pcap: %s: cannot be written\n", argv[2]);
        return 2;
    }
    return 0;
}
