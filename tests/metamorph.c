/* Metamorphic tests: what a damaged capture of a healthy connection must not say.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *   metamorph FILE...    each a list of segments as segments.py writes it, of one pair of sockets
 *
 * A list without a Warning is healthy. Then each frame is dropped in turn, captured twice, swapped
 * with a neighbour within 1 ms, the first n are cut off, and one direction is left out: none of
 * that may make a Warning or an Error (loss in the capture is not the sender's fault). A list with
 * a Warning keeps it when frames are dropped that have nothing to do with it. And
 * connection_observe() says of every segment of all these what connection_sent() and
 * connection_received() say. Exit status: 0 all well, 1 something differs, 2 a file cannot be read.
 */
#include "connection.h"
#include "findings.h"
#include "quiet.h"
#include "verdicts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEGMENTS_MAX = 4000 };
static const int64_t SWAPPABLE = 1000000, TWICE_AFTER = 50000; /* nanoseconds */
static const struct rules rules = {.two_msl = INT64_C(60) * 1000000000, .rfc5961 = true};

struct list {
    const char *file;
    unsigned count;
    struct segment segment[SEGMENTS_MAX];
};

/* What was found in a list, by frame number of the original. */
struct outcome {
    check_set found[SEGMENTS_MAX + 1];
    uint32_t evidence[SEGMENTS_MAX + 1]; /* the frame that showed it, where that is a later one */
};

static int complaints, variants;
static long quiet; /* segments that move nobody */

static bool is_warning(const check_set *set, unsigned check)
{
    return checks_has(set, check) && check_text(check)->severity >= SEV_WARN;
}

/* The shorter way of connection_observe() for segments that move nobody leads where the long one
 * does. */
static void expect_the_same(const struct list *l, struct connection *c, const struct segment *s,
                            const struct verdict *v)
{
    struct verdict slow;
    connection_sent(c, &rules, s, &slow);
    connection_received(c, &rules, s, &slow);
    if (verdicts_same(v, &slow))
        return;
    complaints++;
    printf("%s: frame %" PRIu32 " is not quiet\n", l->file, s->frame);
}

static void observe(const struct list *l, struct outcome *o)
{
    static struct connection c, slow;
    memset(&c, 0, sizeof c);
    memset(&slow, 0, sizeof slow);
    memset(o, 0, sizeof *o);
    for (unsigned i = 0; i < l->count; i++) {
        struct verdict v;
        const uint32_t frame = l->segment[i].frame;
        quiet += quiet_is(&c, &l->segment[i]);
        connection_observe(&c, &rules, &l->segment[i], &v);
        expect_the_same(l, &slow, &l->segment[i], &v);
        for (unsigned k = 0; k < 2; k++)
            o->found[frame].bits[k] |= v.checks.bits[k];
        if (v.amends) {
            o->found[v.amends].bits[v.amendment / 64] |= UINT64_C(1) << (v.amendment % 64);
            o->evidence[v.amends] = frame;
        }
    }
}

/* The first warning: its frame, or 0. */
static uint32_t first_warning(const struct outcome *o, unsigned *check)
{
    for (uint32_t frame = 1; frame <= SEGMENTS_MAX; frame++)
        for (*check = 0; *check < CHECK_COUNT; (*check)++)
            if (is_warning(&o->found[frame], *check))
                return frame;
    return 0;
}

static void expect_no_warning(const struct list *l, const char *how, uint32_t frame)
{
    static struct outcome o;
    unsigned check;
    observe(l, &o);
    variants++;
    const uint32_t at = first_warning(&o, &check);
    if (!at)
        return;
    complaints++;
    printf("%s: %s %" PRIu32 ": %s in frame %" PRIu32 "\n", l->file, how, frame,
           check_text(check)->name, at);
}

static void copy(struct list *to, const struct list *from)
{
    to->file = from->file;
    to->count = from->count;
    memcpy(to->segment, from->segment, from->count * sizeof *from->segment);
}

static void remove_at(struct list *l, unsigned i)
{
    memmove(&l->segment[i], &l->segment[i + 1], (--l->count - i) * sizeof *l->segment);
}

static void drop_each(const struct list *l, struct list *varied)
{
    for (unsigned i = 0; i < l->count; i++) {
        copy(varied, l);
        remove_at(varied, i);
        expect_no_warning(varied, "without frame", l->segment[i].frame);
    }
}

static void repeat_each(const struct list *l, struct list *varied)
{
    for (unsigned i = 0; i < l->count && l->count < SEGMENTS_MAX; i++) {
        copy(varied, l);
        memmove(&varied->segment[i + 1], &varied->segment[i],
                (varied->count++ - i) * sizeof *varied->segment);
        varied->segment[i + 1].time += TWICE_AFTER;
        expect_no_warning(varied, "twice frame", l->segment[i].frame);
    }
}

static void swap_each(const struct list *l, struct list *varied)
{
    for (unsigned i = 0; i + 1 < l->count; i++) {
        if (l->segment[i + 1].time - l->segment[i].time > SWAPPABLE)
            continue;
        copy(varied, l);
        varied->segment[i] = l->segment[i + 1];
        varied->segment[i + 1] = l->segment[i];
        varied->segment[i].time = l->segment[i].time;
        varied->segment[i + 1].time = l->segment[i + 1].time;
        expect_no_warning(varied, "swapped with its neighbour frame", l->segment[i].frame);
    }
}

static void cut_each(const struct list *l, struct list *varied)
{
    for (unsigned n = 1; n < l->count; n++) {
        copy(varied, l);
        varied->count -= n;
        memmove(varied->segment, &l->segment[n], varied->count * sizeof *varied->segment);
        expect_no_warning(varied, "from frame", l->segment[n].frame);
    }
}

static void one_direction(const struct list *l, struct list *varied)
{
    for (unsigned end = 0; end < 2; end++) {
        copy(varied, l);
        for (unsigned i = 0; i < varied->count;)
            if (varied->segment[i].from == end)
                remove_at(varied, i);
            else
                i++;
        expect_no_warning(varied, "without end", end);
    }
}

/* Frames that open, close or show nothing: none of the finding's premises. */
static bool is_unrelated(const struct segment *s, uint32_t culprit, uint32_t evidence)
{
    return s->frame != culprit && s->frame != evidence &&
           !segment_any(s, SEG_SYN | SEG_FIN | SEG_RST);
}

static void keep_warning(const struct list *l, struct list *varied, const struct outcome *base,
                         uint32_t culprit, unsigned check)
{
    static struct outcome o;
    for (unsigned i = 0; i < l->count; i++) {
        if (!is_unrelated(&l->segment[i], culprit, base->evidence[culprit]))
            continue;
        copy(varied, l);
        remove_at(varied, i);
        observe(varied, &o);
        variants++;
        if (checks_has(&o.found[culprit], check))
            continue;
        complaints++;
        printf("%s: without frame %" PRIu32 ": no more %s in frame %" PRIu32 "\n", l->file,
               l->segment[i].frame, check_text(check)->name, culprit);
    }
}

static void vary(const struct list *l, struct list *varied)
{
    static struct outcome base;
    unsigned check;
    observe(l, &base);
    const uint32_t culprit = first_warning(&base, &check);
    if (culprit) {
        keep_warning(l, varied, &base, culprit, check);
        return;
    }
    drop_each(l, varied);
    repeat_each(l, varied);
    swap_each(l, varied);
    cut_each(l, varied);
    one_direction(l, varied);
}

static bool read_list(const char *file, struct list *l)
{
    FILE *in = fopen(file, "r");
    struct segment s;
    memset(&s, 0, sizeof s);
    *l = (struct list){.file = file};
    while (in && l->count < SEGMENTS_MAX &&
           fscanf(in,
                  "%" SCNd64 " %" SCNu8 " %" SCNu8 " %" SCNu8 " %" SCNu32 " %" SCNu32 " %" SCNu32
                  " %" SCNu16 " %" SCNu8 " %" SCNu32 " %" SCNu32 " %" SCNu16 "\n",
                  &s.time, &s.from, &s.flags, &s.has, &s.seq, &s.ack, &s.text, &s.window, &s.wscale,
                  &s.tsval, &s.tsecr, &s.server_port_hint) == 12) {
        s.frame = l->count + 1;
        l->segment[l->count++] = s;
    }
    const bool ok = in && feof(in) && l->count;
    if (in)
        fclose(in);
    if (!ok)
        fprintf(stderr, "metamorph: %s: not a list of segments\n", file);
    return ok;
}

int main(int argc, char **argv)
{
    static struct list list, varied;
    for (int i = 1; i < argc; i++) {
        if (!read_list(argv[i], &list))
            return 2;
        vary(&list, &varied);
    }
    printf("%d lists, %d variants, %ld quiet segments, %d wrong\n", argc - 1, variants, quiet,
           complaints);
    return complaints || !quiet;
}
