/* Metamorphic tests: what a damaged capture of a healthy connection must not say.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *   metamorph FILE...    each a list of segments (dump.h), of one pair of sockets
 *
 * A list without a Warning is healthy. Then each frame is dropped in turn, captured twice, swapped
 * with a neighbour within 1 ms, the first n are cut off, and one direction is left out: none of
 * that may make a Warning or an Error (loss in the capture is not the sender's fault), neither live
 * nor in hindsight. A list with a Warning keeps it when frames are dropped that have nothing to do
 * with it. In all of these the law of hindsight holds (walk.h), and the shorter way for quiet
 * segments leads where the long one does. Exit status: 0 all well, 1 something differs, 2 a file
 * cannot be read. */
#include "find/findings.h"
#include "infer/quiet.h"
#include "told.h"
#include "verdicts.h"
#include "walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SEGMENTS_MAX = 4000 };
static const int64_t SWAPPABLE = 1000000, TWICE_AFTER = 50000; /* nanoseconds */
struct list {
    const char *file;
    unsigned count;
    struct segment segment[SEGMENTS_MAX];
};

/* What was found in a list, by frame number of the original; a variant is numbered anew. */
struct reading {
    check_set found[SEGMENTS_MAX + 1], live[SEGMENTS_MAX + 1];
    uint32_t evidence[SEGMENTS_MAX + 1]; /* the frame that showed it, where that is a later one */
};

static struct bystander bystander;
static int complaints, variants;
static long quiet; /* segments that move nobody */

static bool is_warning(const check_set *set, unsigned check)
{
    return checks_has(set, check) && check_text(check)->severity >= SEV_WARN;
}

/* What the shorter way of infer/quiet.c misses: a finding, or something that is none. */
static const char *missed(const struct verdict *quick, const struct verdict *slow)
{
    for (unsigned check = 0; check < CHECK_COUNT; check++)
        if (checks_has(&slow->checks, check) && !checks_has(&quick->checks, check))
            return check_text(check)->name;
    return "what it does";
}

/* The shorter way for segments that move nobody leads where the long one does. */
static void expect_the_same(const struct list *l)
{
    static struct connection quick, slow;
    struct verdict v, w;
    memset(&quick, 0, sizeof quick);
    memset(&slow, 0, sizeof slow);
    for (unsigned i = 0; i < l->count; i++) {
        const struct segment *s = &l->segment[i];
        if (quiet_is(&quick, s))
            connection_observe_quietly(&quick, s, &v);
        else
            told(&quick, &bystander_rules, s, true, &v);
        told(&slow, &bystander_rules, s, true, &w);
        if (verdicts_same(&v, &w))
            continue;
        complaints++;
        printf("%s: frame %" PRIu32 " is not quiet: infer/quiet.c misses %s\n", l->file, s->frame,
               missed(&v, &w));
    }
}

static void complain_of_walk(void *context, const struct sight *at, unsigned end, const char *how)
{
    complaints++;
    printf("%s: frame %" PRIu32 ", end %u: %s\n", (const char *)context, at->segment.frame, end,
           how);
}

/* What is found in the list in hindsight, and live: the latter only as it is shown there. */
static void observe(const struct list *l, const char *how, uint32_t which, struct reading *o)
{
    char name[300];
    memset(o, 0, sizeof *o);
    bystander_again(&bystander);
    for (unsigned i = 0; i < l->count; i++) {
        struct segment s = l->segment[i];
        s.frame = i + 1;
        bystander_observe(&bystander, &s);
    }
    if (l->count)
        bystander_close(&bystander, l->segment[l->count - 1].time);
    for (unsigned i = 0; i < bystander.count; i++) {
        const struct sight *at = &bystander.sight[i];
        const uint32_t frame = l->segment[i].frame, shown = at->known.fate_frame;
        quiet += at->quiet;
        for (unsigned k = 0; k < 2; k++) {
            o->found[frame].bits[k] |= at->known.checks.bits[k];
            o->live[frame].bits[k] |= at->live.checks.bits[k];
        }
        o->evidence[frame] = shown ? l->segment[shown - 1].frame : 0;
    }
    snprintf(name, sizeof name, "%s: %s %" PRIu32, l->file, how, which);
    walk_check(&bystander, false, complain_of_walk, name);
    expect_the_same(l);
}

/* The first warning: its frame, or 0. */
static uint32_t first_warning(const check_set *found, unsigned *check)
{
    for (uint32_t frame = 1; frame <= SEGMENTS_MAX; frame++)
        for (*check = 0; checks_any(&found[frame]) && *check < CHECK_COUNT; (*check)++)
            if (is_warning(&found[frame], *check))
                return frame;
    return 0;
}

static void expect_none_of(const struct list *l, const char *how, uint32_t frame,
                           const check_set *found, const char *when)
{
    unsigned check;
    const uint32_t at = first_warning(found, &check);
    if (!at)
        return;
    complaints++;
    printf("%s: %s %" PRIu32 ": %s in frame %" PRIu32 "%s\n", l->file, how, frame,
           check_text(check)->name, at, when);
}

static void expect_no_warning(const struct list *l, const char *how, uint32_t frame)
{
    static struct reading o;
    observe(l, how, frame, &o);
    variants++;
    expect_none_of(l, how, frame, o.found, "");
    expect_none_of(l, how, frame, o.live, ", live");
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
        for (unsigned j = i + 1; j < varied->count; j++)
            varied->segment[j].frame++;
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

static void keep_warning(const struct list *l, struct list *varied, const struct reading *base,
                         uint32_t culprit, unsigned check)
{
    static struct reading o;
    for (unsigned i = 0; i < l->count; i++) {
        if (!is_unrelated(&l->segment[i], culprit, base->evidence[culprit]))
            continue;
        copy(varied, l);
        remove_at(varied, i);
        observe(varied, "without frame", l->segment[i].frame, &o);
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
    static struct reading base;
    unsigned check;
    observe(l, "whole, frames", l->count, &base);
    const uint32_t culprit = first_warning(base.found, &check);
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
    l->file = file;
    l->count = bystander_read(file, l->segment, SEGMENTS_MAX);
    return l->count > 0;
}

int main(int argc, char **argv)
{
    static struct list list, varied;
    bystander_begin(&bystander, &bystander_rules, SEGMENTS_MAX + 1);
    for (int i = 1; i < argc; i++) {
        if (!read_list(argv[i], &list))
            return 2;
        vary(&list, &varied);
    }
    bystander_end(&bystander);
    printf("%d lists, %d variants, %ld quiet segments, %d wrong\n", argc - 1, variants, quiet,
           complaints);
    return complaints || !quiet;
}
