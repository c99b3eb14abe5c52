/* See history.h.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "infer/history.h"
#include "patience.h"

#include "end/idle.h"
#include "find/findings.h"
#include "infer/quiet.h"
#include "rfc/receive.h"
#include "seq.h"

enum {
    /* Events of a pair of sockets that may be run again: so many at first, one more for each quiet
     * segment, at most so many. It bounds what an attack costs; nothing else came near it. */
    CREDIT_START = 1024,
    CREDIT_MAX = 2048,
};

/* ---- notes ---- */

struct event *history_search(const struct history *h, uint32_t frame)
{
    for (unsigned i = h->count; i-- > 0;)
        if (h->event[i].segment.frame == frame)
            return &h->event[i];
    return NULL;
}

/* What a clue makes of a segment. */
static const uint8_t fates[] = {[CLUE_NONE] = FATE_NONE,
                                [CLUE_NOT_YET] = FATE_LOST,
                                [CLUE_UNANSWERED] = FATE_LOST,
                                [CLUE_FUTILE] = FATE_REFUSED,
                                [CLUE_STRANGER] = FATE_NOT_ITS_OWN,
                                [CLUE_ITS_OWN] = FATE_NONE,
                                [CLUE_NO_FIN] = FATE_NO_FIN,
                                [CLUE_REFUSED] = FATE_REFUSED,
                                [CLUE_CROSSED] = FATE_NONE,
                                [CLUE_HALF_OPEN] = FATE_REFUSED,
                                [CLUE_WRONG_ACK] = FATE_REFUSED,
                                [CLUE_TOO_SOON] = FATE_NONE,
                                [CLUE_SWAPPED] = FATE_LATE,
                                [CLUE_OVERTAKEN] = FATE_NONE};

/* True where this is news. What proves says more than what refutes, and that more than silence. */
static bool take_clue(struct segment_fate *f, enum clue clue, uint32_t frame)
{
    uint8_t *known = clue < CLUE_STRANGER ? &f->way : &f->origin;
    const bool same = *known == clue;
    const bool later = clue == CLUE_NOT_YET && f->way == CLUE_FUTILE; /* it came, but only then */
    if (clue == CLUE_CAME) {
        if (f->proved || (f->way != CLUE_NOT_YET && f->way != CLUE_UNANSWERED))
            return false;
        f->proved = frame;
        if (f->way == CLUE_UNANSWERED)
            f->way = CLUE_NONE;
        if (!fates[f->origin])
            f->shown = frame;
        return true;
    }
    if (clue == CLUE_NOT_YET
            ? (f->proved && f->proved <= frame) || ((same || later) && f->until >= frame)
            : same || (clue == CLUE_UNANSWERED && (f->proved || f->way == CLUE_FUTILE)))
        return false;
    if (!later)
        *known = (uint8_t)clue;
    if (clue == CLUE_NOT_YET || clue == CLUE_SWAPPED)
        f->until = frame;
    if (!f->first)
        f->first = f->until;
    /* What it is says more than how it arrived. */
    if (!later && (clue >= CLUE_STRANGER || !fates[f->origin]))
        f->shown = frame;
    return true;
}

/* Would the later one have told its receiver the same? */
static bool says_the_same(const struct segment *s, const struct segment *later)
{
    const unsigned telling = SEG_RST | SEG_SYN | SEG_FIN;
    if (segment_is(s, SEG_SYN) && s->seq != later->seq)
        return false; /* of another connection */
    if (segment_any(s, telling))
        return (s->flags & (telling | SEG_ACK)) == (later->flags & (telling | SEG_ACK));
    return segment_is(later, SEG_ACK) && !segment_is(later, SEG_RST) && seq_le(s->ack, later->ack);
}

/* What had not come is that segment and all that say the same, up to this one. */
static void note_all(struct history *h, const struct event *first, enum clue clue, uint32_t frame)
{
    for (struct event *e = h->event + (first - h->event); e->segment.frame < frame; e++) {
        const bool same = e == first || (clue == CLUE_NOT_YET && !e->icmp &&
                                         e->segment.from == first->segment.from &&
                                         says_the_same(&first->segment, &e->segment));
        if (same)
            take_clue(&e->fate, clue, frame);
    }
}

/* What was told of later ones was told of a connection that this SYN never opened. */
static void forget_what_followed(struct history *h, const struct event *syn)
{
    for (struct event *e = h->event + (syn - h->event) + 1; e < h->event + h->count; e++)
        e->fate = (struct segment_fate){0};
}

/* What a segment has shown that was not its sender's, or left before others, is no evidence. */
static void forget_what_it_showed(struct history *h, uint32_t frame)
{
    for (struct event *e = h->event; e < h->event + h->count; e++)
        if (e->fate.shown == frame && e->segment.frame != frame)
            e->fate = (struct segment_fate){0};
}

bool history_note(struct moment *m, uint32_t frame, enum clue clue)
{
    struct history *h = m->history;
    struct event *e = history_find(h, frame);
    struct segment_fate news = e ? e->fate : (struct segment_fate){0};
    if (!e || h->deaf || !take_clue(&news, clue, m->segment->frame))
        return false;
    note_all(h, e, clue, m->segment->frame);
    if (e == m->event) /* nothing comes before itself */
        e->fate = news;
    if (clue == CLUE_STRANGER && segment_is_syn(&e->segment))
        forget_what_followed(h, e);
    if (clue == CLUE_STRANGER || clue == CLUE_OVERTAKEN)
        forget_what_it_showed(h, frame);
    h->notes = true;
    m->event->about = frame;
    m->event->dates |= clue == CLUE_NOT_YET || clue == CLUE_SWAPPED;
    h->news = true;
    return true;
}

bool history_stays_awake(struct moment *m, unsigned end)
{
    struct history *h = m->history;
    if (!h || h->deaf || h->awake[end] >= m->segment->frame)
        return false;
    h->awake[end] = m->segment->frame;
    h->news = true;
    return true;
}

/* ---- how a segment arrives ---- */

/* The shortest time in which the receiver of the event answers, as seen from here. */
static int64_t reach_of(const struct history *h, const struct event *e)
{
    const unsigned to = !e->segment.from;
    return h->now.end[to].reach ? h->now.end[to].reach : h->reach[to];
}

/* What was refuted and is never proved may have been on its way, when little more time had passed
 * than its receiver needs to answer; otherwise it was lost. */
static bool comes_late(const struct history *h, const struct event *e)
{
    const struct event *until = history_find(h, e->fate.until);
    const int64_t reach = reach_of(h, e);
    if ((e->fate.way != CLUE_NOT_YET && e->fate.way != CLUE_FUTILE) || !until)
        return false;
    if (e->fate.origin == CLUE_STRANGER) /* who injects stands near */
        return false;
    return e->fate.proved || e->fate.way == CLUE_FUTILE ||
           until->segment.time - e->segment.time <=
               reach + reach / 2 + patience(PATIENCE_STILL_ON_ITS_WAY);
}

/* `row`: the segment that is captured when it arrives. */
static void arrive(struct moment *row, struct event *e, enum arrival_mode mode)
{
    if (e == row->event) {
        connection_received(row, mode);
        return;
    }
    struct moment m = *row;
    m.event = e;
    m.segment = &e->segment;
    m.sender = &m.c->end[e->segment.from];
    m.receiver = &m.c->end[!e->segment.from];
    m.missing = false;
    connection_received(&m, mode);
}

static void arrive_as_told(struct moment *row, struct event *e)
{
    const bool doubted = e->fate.way == CLUE_UNANSWERED ||
                         (e->fate.way == CLUE_NOT_YET && !comes_late(row->history, e));
    arrive(row, e, e->fate.way == CLUE_FUTILE ? ARRIVES_FUTILE : doubted ? MAY_ARRIVE : ARRIVES);
}

/* The next event of the same end, before event `limit`: 1 + its index, or 0. */
static uint16_t next_held(const struct history *h, unsigned index, unsigned limit)
{
    for (unsigned i = index + 1; i < limit; i++)
        if (h->event[i].segment.from == h->event[index].segment.from && !h->event[i].icmp &&
            !h->event[i].ignored)
            return (uint16_t)(i + 1);
    return 0;
}

/* Late ones come after `until`, and not before an answer to them could be here, unless nothing more
 * is captured. */
static bool is_due(const struct history *h, unsigned held, const struct segment *row)
{
    const struct event *e = held ? &h->event[held - 1] : NULL;
    if (!e || !comes_late(h, e))
        return e != NULL;
    const int64_t reach = reach_of(h, e);
    return e->fate.until < row->frame && (h->closed || !segment_is(&e->segment, SEG_RST) ||
                                          (e->fate.proved && e->fate.proved <= row->frame) ||
                                          row->time - e->segment.time >= reach * 3 / 8);
}

/* What was held back and has come before event `index` was sent, in the order in which it left. */
static void bring_what_is_due(struct moment *m, unsigned index)
{
    struct history *h = m->history;
    uint16_t *held = m->c->held;
    while (held[0] || held[1]) {
        const bool due[2] = {is_due(h, held[0], m->row), is_due(h, held[1], m->row)};
        if (!due[0] && !due[1])
            return;
        const unsigned end = due[0] && due[1] ? held[1] < held[0] : due[1];
        const unsigned first = held[end] - 1u;
        held[end] = next_held(h, first, index);
        arrive_as_told(m, &h->event[first]);
    }
}

/* The event arrives now, or is held back; what follows a late one waits behind it. Its octets count
 * as captured in any case. */
static void arrive_or_wait(struct moment *m, unsigned index)
{
    struct history *h = m->history;
    uint16_t *held = &m->c->held[m->segment->from];
    if (m->stranger) { /* it is none of the sender's stream */
        arrive_as_told(m, m->event);
        return;
    }
    if (!*held && comes_late(h, m->event))
        *held = (uint16_t)(index + 1);
    if (!*held && m->event->fate.way != CLUE_NOT_YET)
        arrive_as_told(m, m->event);
    else if (m->receiver->knows.rcv)
        endpoint_counts_text(m->receiver, m->segment);
}

/* What had not come when the segment was sent may come from now on, though it is taken for lost. */
static void bring_what_may_come(struct moment *m, unsigned index)
{
    struct history *h = m->history;
    for (unsigned i = m->c->first; m->event->dates && i < index; i++)
        if (h->event[i].fate.way == CLUE_NOT_YET && h->event[i].fate.until == m->row->frame &&
            !h->event[i].ignored && !comes_late(h, &h->event[i]))
            arrive(m, &h->event[i], MAY_ARRIVE);
}

/* Where each end would be, had all arrived that is held back or lost. */
static void view_what_may_come(const struct moment *row, unsigned index)
{
    struct history *h = row->history;
    struct connection trial = *row->c;
    struct verdict unused;
    struct moment m = *row;
    m.c = &trial;
    m.sender = &trial.end[row->segment->from];
    m.receiver = &trial.end[!row->segment->from];
    m.verdict = &unused;
    verdict_begin(&unused, 0);
    for (unsigned end = 0; end < 2; end++)
        for (unsigned held = trial.held[end]; held; held = next_held(h, held - 1, index + 1))
            arrive_as_told(&m, &h->event[held - 1]);
    if (row->event->fate.way == CLUE_NOT_YET)
        arrive(&m, row->event, ARRIVES);
    for (unsigned end = 0; end < 2; end++) {
        row->verdict->end[end].possible |= trial.end[end].belief.possible;
        row->verdict->end[end].settled |= belief_settled(&trial.end[end].belief);
    }
}

/* What the capture has before the segment, and was sent after it. */
static void bring_what_was_swapped(struct moment *row, unsigned index)
{
    struct history *h = row->history;
    for (unsigned i = row->c->first; row->event->dates && i < index; i++) {
        struct event *e = &h->event[i];
        if (e->fate.origin != CLUE_SWAPPED || e->fate.until != row->row->frame)
            continue;
        struct moment m = *row;
        m.event = e;
        m.segment = &e->segment;
        m.sender = row->receiver;
        m.receiver = row->sender;
        if (connection_sent(&m) && !m.ignored)
            arrive_as_told(&m, e);
    }
}

/* ---- running events ---- */

static enum fate fate_of(const struct history *h, const struct event *e)
{
    if (fates[e->fate.origin])
        return fates[e->fate.origin];
    return e->fate.way != CLUE_FUTILE && comes_late(h, e) ? FATE_LATE : fates[e->fate.way];
}

/* What the row says of fates: its own, and that of the one that it shows something of. What waits
 * behind a late one is as late. */
static void tell_fates(const struct history *h, const struct event *e, struct verdict *v)
{
    const struct event *about = history_find(h, e->about), *late = e;
    const unsigned held = h->now.held[e->segment.from];
    v->fate = (uint8_t)fate_of(h, e);
    if (held && !v->fate && !e->ignored && !e->icmp) {
        v->fate = FATE_LATE;
        late = &h->event[held - 1];
    }
    v->fate_frame = v->fate == FATE_LATE ? late->fate.until : v->fate ? e->fate.shown : 0;
    if (v->fate_frame == e->segment.frame)
        v->fate_frame = 0; /* that nothing answers it is shown by no frame */
    const bool by_itself = e->fate.shown == e->segment.frame; /* only its looks speak for it */
    v->fate_sure =
        v->fate != FATE_LOST && (v->fate != FATE_LATE || late->fate.proved) && !by_itself;
    if (!about || about >= e)
        return;
    v->evidence = e->about;
    v->shows = (uint8_t)(about->fate.proved == e->segment.frame ? FATE_NONE : fate_of(h, about));
    if (about->fate.way == CLUE_FUTILE && segment_is(&e->segment, SEG_RST) && !v->answers)
        v->answers = e->about;
}

static void number_it(struct history *h, struct host *host, struct event *e, struct verdict *v)
{
    if (v->opens && !e->number)
        e->number = ++host->numbers;
    if (v->opens)
        h->number = e->number;
    v->connection = h->number - 1;
}

bool history_outcome(const struct history *h, int64_t now, uint32_t *connection, struct outcome *o)
{
    if (!h->number)
        return false;
    *connection = h->number - 1;
    *o = outcome_of(&h->now, now);
    return true;
}

/* The event is sent. False: as below. What a SYN may end is told as it was before. */
static bool send_event(struct history *h, const struct host *host, struct moment *m)
{
    struct outcome before;
    uint32_t number;
    const bool may_end = host->ended && segment_is(m->segment, SEG_SYN) &&
                         history_outcome(h, m->segment->time, &number, &before);
    if (!connection_sent(m))
        return false;
    if (may_end && m->verdict->opens)
        host->ended(host->context, number, &before);
    return true;
}

/* When the segment before was captured, whatever became of it, and whoever sent it. */
static int64_t last_captured(const struct history *h, unsigned index)
{
    while (index > 0)
        if (!h->event[--index].icmp)
            return h->event[index].segment.time;
    return h->now.started ? h->now.last : h->event[0].segment.time;
}

static void note_unsure(struct endpoint *self, uint32_t frame)
{
    const state_set proven = self->belief.proven;
    if (proven > UNKNOWN && !(proven & (proven - 1u))) /* one state */
        self->unsure = 0;
    else if (!self->unsure)
        self->unsure = frame;
}

/* False: it contradicts what was told so far, as is noted now. */
static bool run_event(struct history *h, struct host *host, unsigned index, struct verdict *v)
{
    struct event *e = &h->event[index];
    struct moment m = moment_of(&h->now, host->rules, &e->segment, v);
    m.history = h;
    m.event = e;
    m.stranger = e->fate.origin == CLUE_STRANGER;
    e->answered = false;
    h->news = false;
    v->idle = idle_since(last_captured(h, index), &e->segment);
    bring_what_is_due(&m, index);
    if (e->icmp) {
        connection_icmp(&m, (enum icmp_error)(e->icmp - 1));
    } else if (e->fate.origin != CLUE_SWAPPED) {
        if (!send_event(h, host, &m))
            return false;
        e->ignored = m.ignored;
        e->alien = m.alien;
        if (v->opens)
            h->now.first = (uint16_t)index;
        if (!m.ignored)
            arrive_or_wait(&m, index);
        bring_what_may_come(&m, index);
        bring_what_was_swapped(&m, index);
    }
    struct event *answered = history_find(h, v->answers);
    if (answered)
        answered->answered |= segment_is(&e->segment, SEG_RST);
    for (unsigned i = 0; i < 2; i++)
        note_unsure(&h->now.end[i], e->segment.frame);
    connection_view(&h->now, v);
    if (h->now.held[0] || h->now.held[1] || e->fate.way == CLUE_NOT_YET)
        view_what_may_come(&m, index);
    number_it(h, host, e, v);
    tell_fates(h, e, v);
    for (unsigned i = 0; i < 2; i++)
        if (h->now.end[i].reach)
            h->reach[i] = h->now.end[i].reach;
    return !h->news;
}

static bool run_all(struct history *h, struct host *host, struct verdict *v)
{
    h->now = h->start;
    h->number = h->start_number;
    for (unsigned i = 0; i < h->count; i++) {
        if (!run_event(h, host, i, v))
            return false;
        h->event[i].tag = host->write(host->context, &h->event[i], i == 0, v);
        if (h->event[i].segment.frame == h->amends.frame &&
            !checks_has(&v->checks, h->amends.finding))
            h->amends.frame = 0; /* it follows from another finding, and is not told */
    }
    return true;
}

/* Until no segment contradicts another, and no more is learnt of how long the ends need to answer;
 * or the credit is spent. */
static void run_anew(struct history *h, struct host *host, struct verdict *v)
{
    bool learnt;
    do {
        const int64_t reach[2] = {h->reach[0], h->reach[1]};
        h->credit = h->credit > h->count ? h->credit - h->count : 0;
        h->deaf = h->credit < h->count; /* the last time */
        learnt = !run_all(h, host, v) || reach[0] != h->reach[0] || reach[1] != h->reach[1];
    } while (learnt && !h->deaf);
    h->deaf = false;
}

/* ---- live ---- */

/* A state that was shown last and is not what the end was in: one step leads from it to where it is
 * now. */
static void correct_end(const struct history *h, unsigned end, uint32_t about, struct verdict *v)
{
    static const uint8_t whys[FATE_COUNT] = {
        [FATE_NONE] = STEP_READ_ANEW,          [FATE_LATE] = STEP_NOT_ARRIVED,
        [FATE_LOST] = STEP_NOT_ARRIVED,        [FATE_REFUSED] = STEP_NOT_TAKEN,
        [FATE_NOT_ITS_OWN] = STEP_NOT_ITS_OWN, [FATE_NO_FIN] = STEP_READ_ANEW};
    struct end_view *view = &v->end[end];
    unsigned kept = 0;
    if (view->was == h->shown[end])
        return;
    for (unsigned i = 0; i < v->steps; i++)
        if (v->step[i].end != end)
            v->step[kept++] = v->step[i];
    v->steps = (uint8_t)kept;
    view->was = h->shown[end];
    if (view->was != view->state)
        v->step[v->steps++] = (struct step){.end = (uint8_t)end,
                                            .from = view->was,
                                            .to = view->state,
                                            .signal = SND_ACK,
                                            .why = whys[v->shows],
                                            .cite = "3.10.7",
                                            .frame = about};
}

static void correct(const struct history *h, struct verdict *v)
{
    const struct event *e = &h->event[h->count - 1];
    for (unsigned i = 0; i < 2; i++)
        if (!(v->begins >> i & 1))
            correct_end(h, i, e->about ? e->about : e->segment.frame, v);
    if (!h->amends.frame)
        return;
    v->amends = h->amends.frame;
    v->amendment = h->amends.finding;
    if (h->amends.showing)
        findings_add(v, h->amends.showing);
}

/* ---- episodes ---- */

/* What only silence spoke for counts no more, when something comes. */
static void open_again(struct history *h)
{
    for (unsigned i = 0; i < h->count; i++)
        if (h->event[i].fate.at_end)
            h->event[i].fate = (struct segment_fate){0};
}

static void observe_event(struct history *h, struct host *host, const struct segment *s,
                          uint8_t icmp, struct verdict *v)
{
    if (h->count == EPISODE_MAX)
        h->count = 0;
    if (!h->count) {
        h->notes = false;
        h->now.first = h->now.held[0] = h->now.held[1] = 0;
        if (h->number) /* otherwise nothing was yet */
            h->start = h->now;
        h->start_number = h->number;
    }
    struct event *e = &h->event[h->count++];
    *e = (struct event){.icmp = icmp};
    e->segment = *s;
    if (!h->number)
        h->credit = CREDIT_START;
    h->amends.frame = 0;
    if (h->closed)
        open_again(h);
    h->deaf = !h->closed && h->credit < 2 * h->count;
    if (!h->closed && run_event(h, host, h->count - 1u, v)) {
        e->tag = host->write(host->context, e, h->count == 1, v);
    } else {
        run_anew(h, host, v);
        correct(h, v);
    }
    h->closed = h->deaf = false;
    for (unsigned i = 0; i < 2; i++)
        h->shown[i] = v->end[i].state;
    if (quiet_is_settled(&h->now) && !e->alien)
        h->count = 0;
}

void history_observe(struct history *h, struct host *host, const struct segment *s,
                     struct verdict *v)
{
    const bool settled = !h->count && h->number; /* where the last episode ended */
    if (settled && quiet_goes_on(&h->now, s)) {
        connection_observe_quietly(&h->now, s, v);
        h->credit += h->credit < CREDIT_MAX;
        v->connection = h->number - 1;
        host->write(host->context, NULL, false, v);
        return;
    }
    observe_event(h, host, s, 0, v);
}

void history_icmp(struct history *h, struct host *host, const struct segment *s,
                  enum icmp_error error, struct verdict *v)
{
    observe_event(h, host, s, (uint8_t)(1 + error), v);
}

void history_close(struct history *h, struct host *host, int64_t end)
{
    struct verdict unused;
    for (unsigned i = 0; i < 2 && h->count; i++) {
        const struct belief *b = &h->now.end[i].belief;
        const int syn = belief_find(b, RCV_SYN);
        struct event *e = syn >= 0 ? history_find(h, b->arrival[syn].frame) : NULL;
        if (!e || b->arrival[syn].doubted || b->base != LISTEN || e->fate.way != CLUE_NONE ||
            e->fate.proved || end - e->segment.time < patience(PATIENCE_UNANSWERED_SYN))
            continue;
        e->fate.way = CLUE_UNANSWERED;
        e->fate.at_end = h->closed = true;
    }
    h->closed |= h->now.held[0] || h->now.held[1];
    if (h->closed)
        run_anew(h, host, &unused);
}
