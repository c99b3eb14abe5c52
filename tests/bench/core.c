/* The core alone: `core FILE` feeds the segments of a capture of make.py to it, without Wireshark.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Prints segments, connections, bytes of a connection, and segments per second.                  */
#include "infer/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct rules rules = {.two_msl = INT64_C(60) * 1000000000, .rfc5961 = true};

enum { FILE_HEADER = 24, RECORD_HEADER = 16, IP_HEADER = 20 };

struct slot {
    uint64_t key; /* the client's address and port, and never 0 */
    struct history history;
    unsigned room; /* for events */
};

struct table {
    size_t size, used; /* a power of two; at most half of it is used */
    struct slot **slot;
};

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t get32_little(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static struct slot *look_up(struct table *t, uint64_t key)
{
    size_t i = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & (t->size - 1);
    while (t->slot[i] && t->slot[i]->key != key)
        i = (i + 1) & (t->size - 1);
    if (!t->slot[i]) {
        t->slot[i] = calloc(1, sizeof *t->slot[i]);
        if (!t->slot[i])
            abort();
        t->slot[i]->key = key;
        t->used++;
    }
    return t->slot[i];
}

/* One record of the file to a segment, and the connection's key. */
static uint64_t read_segment(const uint8_t *record, struct segment *s)
{
    const uint8_t *ip = record + RECORD_HEADER, *tcp = ip + IP_HEADER;
    const uint16_t source = get16(tcp);
    *s = (struct segment){.frame = s->frame + 1, .seq = get32(tcp + 4), .ack = get32(tcp + 8)};
    s->time = (int64_t)get32_little(record) * 1000000000 + get32_little(record + 4);
    s->from = source == 443;
    s->flags = tcp[13] & SEG_KNOWN;
    s->window = get16(tcp + 14);
    s->text = get16(ip + 2) - IP_HEADER - (tcp[12] >> 4) * 4u;
    s->server_port_hint = 2;
    if (s->flags & SEG_SYN) { /* as make.py writes it */
        s->has = HAS_MSS | HAS_WSCALE;
        s->mss = 1460;
        s->wscale = 7;
    }
    return s->from ? (uint64_t)get32(ip + 16) << 16 | get16(tcp + 2)
                   : (uint64_t)get32(ip + 12) << 16 | source;
}

static uint8_t *read_all(const char *name, size_t *size)
{
    FILE *in = fopen(name, "rb");
    uint8_t *data = NULL;
    long end;
    if (in && fseek(in, 0, SEEK_END) == 0 && (end = ftell(in)) > 0) {
        rewind(in);
        data = malloc((size_t)end);
        *size = data ? fread(data, 1, (size_t)end, in) : 0;
    }
    if (in)
        fclose(in);
    return data;
}

/* Nobody reads it here. */
static uint32_t write_down(void *context, const struct event *e, bool first,
                           const struct verdict *v)
{
    (void)context, (void)e, (void)first, (void)v;
    return 1;
}

static void observe(struct slot *slot, struct host *host, const struct segment *s)
{
    struct history *h = &slot->history;
    struct verdict v;
    if (h->count == slot->room) {
        slot->room = slot->room ? 2 * slot->room : 4;
        h->event = realloc(h->event, slot->room * sizeof *h->event);
        if (!h->event)
            abort();
    }
    history_observe(h, host, s, &v);
}

int main(int argc, char **argv)
{
    size_t size = 0;
    uint8_t *data = argc == 2 ? read_all(argv[1], &size) : NULL;
    struct table table = {.size = (size_t)1 << 22};
    table.slot = calloc(table.size, sizeof *table.slot);
    if (!data || !table.slot) {
        fprintf(stderr, "usage: core FILE, made by make.py\n");
        return 2;
    }
    struct segment s = {0};
    struct host host = {.rules = &rules, .write = write_down};
    const clock_t start = clock();
    for (size_t at = FILE_HEADER; at + RECORD_HEADER <= size;
         at += RECORD_HEADER + get32_little(data + at + 8)) {
        const uint64_t key = read_segment(data + at, &s);
        observe(look_up(&table, key), &host, &s);
    }
    const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    printf("%u %zu %zu %.0f\n", s.frame, table.used, sizeof(struct history),
           seconds > 0 ? s.frame / seconds : 0);
    return 0;
}
