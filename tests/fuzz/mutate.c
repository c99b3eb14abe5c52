/* Plays seeds of the core's fuzzer, each also with events changed, doubled, swapped, taken out and
 * borrowed from others: `mutate ROUNDS SEED...`.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What core.c requires of every verdict holds, or it aborts. No library, no clang, the same changes
 * every time: a fuzzer for every build, which knows less than libFuzzer and is done in a second. */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { HEAD = 1, EVENT = 20, EVENTS_MAX = 60, CHANGES_MAX = 4 }; /* as core.c reads them */

struct play {
    uint8_t rules;
    uint8_t event[EVENTS_MAX][EVENT];
    unsigned count;
};

/* Below n; Knuth's MMIX generator. */
static unsigned any(unsigned n)
{
    static uint64_t state = 1;
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % n;
}

static void take_out(struct play *p, unsigned at)
{
    p->count--;
    memmove(p->event[at], p->event[at + 1], (p->count - at) * sizeof *p->event);
}

static void put_in(struct play *p, unsigned at, const uint8_t *event)
{
    uint8_t copy[EVENT];
    memcpy(copy, event, EVENT);
    if (p->count == EVENTS_MAX)
        return;
    memmove(p->event[at + 1], p->event[at], (p->count - at) * sizeof *p->event);
    memcpy(p->event[at], copy, EVENT);
    p->count++;
}

static void change(struct play *p, const struct play *other)
{
    if (!p->count || !other->count)
        return;
    const unsigned at = any(p->count);
    switch (any(5)) {
    case 0:
        p->event[at][any(EVENT)] ^= (uint8_t)(1u << any(8));
        break;
    case 1:
        p->event[at][any(EVENT)] = (uint8_t)any(256);
        break;
    case 2:
        take_out(p, at);
        break;
    case 3:
        put_in(p, at, p->event[any(p->count)]);
        break;
    case 4:
        put_in(p, at, other->event[any(other->count)]);
        break;
    }
}

static uint8_t data[HEAD + EVENTS_MAX * EVENT];
static size_t size;

/* What core.c does not like is kept in the working directory: its place is tests/fuzz/found, once
 * the reason is gone. */
static void keep(int signal_number)
{
    static const char *const name = "mutate-found";
    FILE *out = fopen(name, "wb");
    if (out && fwrite(data, size, 1, out) == 1 && !fclose(out))
        fprintf(stderr, "the events are in %s\n", name);
    (void)signal_number; /* it ends the program afterwards, as abort() does */
}

static void observe(const struct play *p)
{
    data[0] = p->rules;
    size = HEAD + p->count * sizeof *p->event;
    memcpy(data + HEAD, p->event, p->count * sizeof *p->event);
    LLVMFuzzerTestOneInput(data, size);
}

static bool read_play(const char *file, struct play *p)
{
    FILE *in = fopen(file, "rb");
    const int rules = in ? fgetc(in) : EOF;
    if (in && rules != EOF)
        p->count = (unsigned)fread(p->event, sizeof *p->event, EVENTS_MAX, in);
    p->rules = (uint8_t)rules;
    if (in)
        fclose(in);
    return rules != EOF;
}

int main(int argc, char **argv)
{
    const unsigned count = argc > 2 ? (unsigned)argc - 2 : 0;
    struct play *plays = count ? calloc(count, sizeof *plays) : NULL;
    const long rounds = plays ? strtol(argv[1], NULL, 10) : 0;
    for (unsigned i = 0; i < count; i++)
        if (!plays || !read_play(argv[2 + i], &plays[i])) {
            fprintf(stderr, "mutate: %s cannot be read\n", argv[2 + i]);
            return 2;
        }
    signal(SIGABRT, keep);
    for (unsigned i = 0; i < count; i++) {
        observe(&plays[i]);
        for (long round = 0; round < rounds; round++) {
            struct play p = plays[i];
            for (unsigned changes = 1 + any(CHANGES_MAX); changes-- > 0;)
                change(&p, &plays[any(count)]);
            observe(&p);
        }
    }
    printf("%u seeds, each in %ld variants\n", count, rounds + 1);
    free(plays);
    return count == 0;
}
