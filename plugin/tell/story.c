/* See story.h. What is collected here is written by story_json.c.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "story.h"

#include "story_json.h"
#include "waiting.h"
#include "words.h"

#include <string.h>

enum { HALF = STORY_LIST_MAX / 2 };

unsigned story_place(uint32_t i)
{
    return i < HALF ? i : HALF + (i - HALF) % HALF;
}

uint32_t story_after(uint32_t i, uint32_t count)
{
    return i + 1 == HALF && count > STORY_LIST_MAX ? count - HALF : i + 1;
}

/* ---- what a segment adds ---- */

/* What became of the segment that carried the signal. */
static uint8_t fate_of(const struct account *a, const struct step *step)
{
    if (step->frame == a->segment->frame)
        return a->verdict->fate;
    return step->why == STEP_LATE ? FATE_LATE : FATE_NONE;
}

static void add_move(struct story *story, const struct account *a, const struct step *step)
{
    const struct verdict *v = a->verdict;
    struct story_end *end = &story->end[step->end];
    const wording hears = waiting_hears(v, step);
    story->move[story_place(story->moves++)] =
        (struct story_move){.cite = step->cite,
                            .frame = a->segment->frame,
                            .of = step->frame,
                            .answers = words_is_reply(v, step) ? v->answers : 0,
                            .end = step->end,
                            .from = step->from,
                            .to = step->to,
                            .signal = step->signal,
                            .why = step->why,
                            .fate = fate_of(a, step)};
    if (hears || step->why > STEP_RESYNC) { /* live: what was heard was taken back */
        end->hears = hears;
        end->heard = a->segment->frame;
    }
}

static void add_fate(struct story *story, const struct account *a)
{
    const struct verdict *v = a->verdict;
    if (v->fate != FATE_NONE)
        story->fate[story_place(story->fates++)] = (struct story_fate){.frame = a->segment->frame,
                                                                       .shown_by = v->fate_frame,
                                                                       .sender = v->sender,
                                                                       .fate = v->fate,
                                                                       .sure = v->fate_sure};
}

/* A place for one kind more. Where all are taken the latest of the mildest ones gives way to what
 * is severer; NULL: none is milder. */
static struct story_finding *room_for(struct story *story, unsigned check)
{
    struct story_finding *mildest = story->finding;
    if (story->findings < STORY_LIST_MAX)
        return &story->finding[story->findings++];
    for (unsigned i = 1; i < STORY_LIST_MAX; i++)
        if (check_text(story->finding[i].check)->severity <= check_text(mildest->check)->severity)
            mildest = &story->finding[i];
    if (check_text(mildest->check)->severity >= check_text(check)->severity)
        return NULL;
    const size_t later = (size_t)(story->finding + STORY_LIST_MAX - 1 - mildest);
    memmove(mildest, mildest + 1, later * sizeof *mildest);
    return &story->finding[STORY_LIST_MAX - 1];
}

static void add_finding(struct story *story, const struct story_finding *new)
{
    check_set *found = &story->end[new->sender].found;
    const bool is_known = checks_has(found, new->check);
    found->bits[new->check / 64] |= UINT64_C(1) << new->check % 64;
    for (unsigned i = 0; is_known && i < story->findings; i++) {
        struct story_finding *f = &story->finding[i];
        if (f->check == new->check && f->sender == new->sender) {
            f->last = new->last;
            f->count++;
        }
    }
    struct story_finding *room = is_known ? NULL : room_for(story, new->check);
    if (room)
        *room = *new;
}

/* Live, this segment may also tell something of an earlier one, of either end. */
static void add_findings(struct story *story, const struct account *a)
{
    const struct verdict *v = a->verdict;
    const uint32_t frame = a->segment->frame;
    for (unsigned i = 0; checks_any(&v->checks) && i < CHECK_COUNT; i++)
        if (checks_has(&v->checks, i))
            add_finding(story, &(struct story_finding){.found = words_found(v, i),
                                                       .first = frame,
                                                       .last = frame,
                                                       .count = 1,
                                                       .check = (uint8_t)i,
                                                       .sender = v->sender,
                                                       .state = (uint8_t)words_sent_in(v),
                                                       .is_foreign = words_is_foreign(v, i)});
    if (!a->hindsight && v->amends && v->amends == v->evidence)
        add_finding(story, &(struct story_finding){.found = check_text(v->amendment)->text,
                                                   .first = v->amends,
                                                   .last = v->amends,
                                                   .count = 1,
                                                   .shown_by = frame,
                                                   .check = v->amendment,
                                                   .sender = v->sender});
}

/* The kind that is there already, or room for it; NULL: there is none. */
static struct story_closing *closing_like(struct story *story, const struct verdict *v, bool is_rst)
{
    const unsigned kept =
        story->closings < STORY_LIST_MAX ? story->closings : (unsigned)STORY_LIST_MAX;
    for (unsigned i = 0; i < kept; i++) {
        struct story_closing *c = &story->closing[i];
        if (c->sender == v->sender && c->is_rst == is_rst && c->cause == v->cause)
            return c;
    }
    return story->closings++ < STORY_LIST_MAX ? &story->closing[kept] : NULL;
}

static void add_closing(struct story *story, const struct account *a)
{
    const struct verdict *v = a->verdict;
    const uint32_t frame = a->segment->frame;
    if (a->is_icmp || !segment_any(a->segment, SEG_FIN | SEG_RST))
        return;
    const bool is_rst = segment_is(a->segment, SEG_RST);
    struct story_closing *c = closing_like(story, v, is_rst);
    if (c && !c->count)
        *c = (struct story_closing){.idle = v->idle,
                                    .first = frame,
                                    .cause_frame = v->cause_frame,
                                    .sender = v->sender,
                                    .cause = v->cause,
                                    .is_rst = is_rst};
    if (c) {
        c->last = frame;
        c->count++;
    }
}

static enum retry what_again(const struct segment *s)
{
    if (segment_any(s, SEG_SYN))
        return segment_is(s, SEG_ACK) ? RETRY_SYN_ACK : RETRY_SYN;
    if (segment_any(s, SEG_FIN))
        return RETRY_FIN;
    return s->text ? RETRY_TEXT : RETRY_NOTHING;
}

/* The same as closing_like(). */
static struct story_again *again_like(struct story *story, const struct story_again *new)
{
    const unsigned kept = story->agains < STORY_LIST_MAX ? story->agains : (unsigned)STORY_LIST_MAX;
    for (unsigned i = 0; i < kept; i++) {
        struct story_again *a = &story->again[i];
        if (a->sender == new->sender && a->what == new->what && a->cause == new->cause)
            return a;
    }
    if (story->agains++ >= STORY_LIST_MAX)
        return NULL;
    story->again[kept] = *new;
    return &story->again[kept];
}

static void add_again(struct story *story, const struct account *a)
{
    const struct verdict *v = a->verdict;
    const struct story_again new = {.first = a->segment->frame,
                                    .sender = v->sender,
                                    .what = (uint8_t)what_again(a->segment),
                                    .cause = v->resend};
    struct story_again *again = v->resend ? again_like(story, &new) : NULL;
    if (!again)
        return;
    story->resent[v->sender] = new;
    story->resent[v->sender].last = again->last;
    again->last = a->segment->frame;
    again->count++;
}

/* It was counted as something else. */
static void count_less(struct story *story, const struct story_again *resent)
{
    struct story_again *again = again_like(story, resent);
    const struct story_again *end = story->again + story->agains;
    again->last = resent->last;
    if (--again->count)
        return;
    memmove(again, again + 1, (size_t)(end - again - 1) * sizeof *again);
    story->agains--;
}

/* They are in the order of their first frames. */
static void count_in_vain(struct story *story, const struct story_again *resent)
{
    struct story_again in_vain = *resent, *again;
    in_vain.cause = RESEND_needless;
    in_vain.last = 0;
    again = again_like(story, &in_vain);
    if (!again)
        return;
    for (; !again->count && again > story->again && again[-1].first > in_vain.first; again--) {
        again[0] = again[-1];
        again[-1] = in_vain;
    }
    again->last = again->last > in_vain.first ? again->last : in_vain.first;
    again->count++;
}

void story_resent_in_vain(struct story *story, uint32_t frame)
{
    for (unsigned end = 0; end < 2; end++) {
        const struct story_again resent = story->resent[end];
        if (resent.first != frame || !frame || story->agains > STORY_LIST_MAX)
            continue;
        story->resent[end] = (struct story_again){.first = 0};
        if (resent.cause == RESEND_needless)
            continue;
        count_less(story, &resent);
        count_in_vain(story, &resent);
    }
}

static void add_pause(struct story *story, const struct account *a)
{
    if (a->verdict->idle <= story->pause.time)
        return;
    story->pause.time = a->verdict->idle;
    story->pause.frame = a->segment->frame;
    story->pause.sender = a->verdict->sender;
}

static void name_end(struct story_end *end, const struct account *a, unsigned which)
{
    struct draft host;
    a->write_host(draft_begin(&host), a->host[which]);
    draft_copy(&host, end->host, sizeof end->host);
    end->port = a->port[which];
}

static void begin(struct story *story, const struct account *a)
{
    story->is_begun = true;
    story->continued = !a->verdict->opens;
    story->first_frame = a->segment->frame;
    story->first_time = a->segment->time;
    story->began = a->time;
    for (unsigned end = 0; end < 2; end++)
        name_end(&story->end[end], a, end);
}

static void count(struct story *story, const struct account *a)
{
    struct story_end *sender = &story->end[a->verdict->sender];
    story->last_frame = a->segment->frame;
    story->last_time = a->segment->time;
    if (a->is_icmp)
        return;
    sender->frames++;
    sender->text += a->segment->text;
    if (a->segment->text) {
        sender->last_text = a->segment->frame;
        sender->first_text = sender->first_text ? sender->first_text : a->segment->frame;
    }
    story->verdicts[a->verdict->class]++;
}

void story_take(struct story *story, const struct account *a)
{
    const struct verdict *v = a->verdict;
    if (!story->is_begun)
        begin(story, a);
    count(story, a);
    for (unsigned i = 0; i < v->steps; i++)
        add_move(story, a, &v->step[i]);
    add_fate(story, a);
    add_findings(story, a);
    add_closing(story, a);
    add_again(story, a);
    add_pause(story, a);
    story->hindsight = a->hindsight;
    story->last = *v;
}

/* ---- when it is told ---- */

static void open_story(struct stories *s, struct story *story)
{
    story->before = s->open.last;
    *(s->open.last ? &s->open.last->next : &s->open.first) = story;
    s->open.last = story;
}

static void close_story(struct stories *s, const struct story *story)
{
    *(story->before ? &story->before->next : &s->open.first) = story->next;
    *(story->next ? &story->next->before : &s->open.last) = story->before;
}

static void leave_done(struct stories *s, struct story *story)
{
    if (!story->is_done)
        return;
    *(story->before_done ? &story->before_done->next_done : &s->done.first) = story->next_done;
    *(story->next_done ? &story->next_done->before_done : &s->done.last) = story->before_done;
    story->next_done = story->before_done = NULL;
    story->is_done = false;
}

static void enter_done(struct stories *s, struct story *story)
{
    story->is_done = true;
    story->before_done = s->done.last;
    *(s->done.last ? &s->done.last->next_done : &s->done.first) = story;
    s->done.last = story;
}

static bool is_done(const struct verdict *v)
{
    const state_set done = CLOSED | LISTEN | TIME_WAIT;
    return (done & 1u << v->end[0].state) && (done & 1u << v->end[1].state);
}

static void tell(struct stories *s, struct story *story, const struct ending *ending)
{
    story_write(s->to, story, ending, s->capture);
    s->told++;
    close_story(s, story);
    leave_done(s, story);
    s->host.drop(s->host.context, story->last.connection);
}

/* As far as segments that have come tell. */
static struct ending ending_so_far(const struct stories *s, const struct story *story)
{
    struct ending ending = {.retries = {story->last.retries[0], story->last.retries[1]},
                            .silence = s->now - story->last_time,
                            .two_msl = s->two_msl};
    s->host.outcome(s->host.context, story->last.connection, &ending.outcome);
    return ending;
}

static void tell_so_far(struct stories *s, struct story *story)
{
    const struct ending ending = ending_so_far(s, story);
    tell(s, story, &ending);
}

/* Live: those whose ends have been done for 2 MSL, the first of them first. */
static void tell_done(struct stories *s)
{
    while (s->done.first && s->now - s->done.first->last_time >= s->two_msl)
        tell_so_far(s, s->done.first);
}

void story_add(struct stories *s, const struct account *a, const struct ending *ending)
{
    const uint32_t connection = a->verdict->connection;
    if (a->segment->time > s->now)
        s->now = a->segment->time;
    tell_done(s);
    if (s->wanted >= 0 && s->wanted != connection)
        return;
    struct story *story = s->host.find(s->host.context, connection);
    if (!story) {
        story = s->host.make(s->host.context, connection);
        open_story(s, story);
    }
    story_take(story, a);
    leave_done(s, story);
    if (ending)
        tell(s, story, ending);
    else if (!a->hindsight && is_done(a->verdict))
        enter_done(s, story);
}

void story_taken_over(struct stories *s, uint32_t connection, const struct account *by)
{
    struct story *story = s->host.find(s->host.context, connection);
    if (!story)
        return;
    struct ending ending = ending_so_far(s, story);
    ending.next = by->verdict->connection;
    ending.next_frame = by->segment->frame;
    ending.next_after = by->segment->time - story->last_time;
    tell(s, story, &ending);
}

void story_end(struct stories *s)
{
    while (s->open.first)
        tell_so_far(s, s->open.first);
}
