/* See stories.h. A detector looks at one segment, its sender and its receiver as they were before
 * it was sent; it tells of earlier frames, and moves nobody.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "infer/stories.h"
#include "patience.h"

#include "find/findings.h"
#include "infer/ignore.h"
#include "infer/incarnation.h"
#include "infer/origin.h"
#include "kind.h"
#include "rfc/acceptable.h"
#include "rfc/replies.h"
#include "rfc/tcb.h"
#include "seq.h"

/* Of what the sender is assumed to have received in `frame`. */
static void tell_of_frame(struct moment *m, enum story story, uint32_t frame)
{
    const struct belief *b = &m->sender->belief;
    for (unsigned i = 0; i < b->count; i++)
        if (b->arrival[i].frame == frame && !b->arrival[i].doubted)
            stories_tell(m, story, frame);
}

/* ---- segments in somebody's name ---- */

/* Does it acknowledge what its peer has sent since `rst`, as far as is captured? */
static bool acks_later(const struct history *h, const struct segment *s, const struct event *rst)
{
    const struct endpoint *peer = &h->start.end[!s->from];
    uint32_t sent = peer->snd_nxt; /* before the RST was captured */
    bool known = peer->knows.snd, later = false;
    for (const struct event *e = h->event; e < h->event + h->count && e->segment.frame < s->frame;
         e++) {
        const struct segment *other = &e->segment;
        if (other->from == s->from || segment_is(other, SEG_RST))
            continue;
        if (e > rst)
            later |=
                known && seq_lt(sent, segment_end(other)) && seq_le(segment_end(other), s->ack);
        else
            sent = known ? seq_max(sent, segment_end(other)) : segment_end(other);
        known |= e < rst;
    }
    return later && segment_is(s, SEG_ACK);
}

/* A number that its sender never had. */
static bool is_far_off(const struct endpoint *self, const struct endpoint *peer,
                       const struct segment *rst)
{
    return tcb_knows_window(peer, self) &&
           (tcb_begins_after(self, rst->seq) || seq_lt(peer->edge, rst->seq));
}

bool stories_is_foreign(const struct moment *m, const struct segment *s, const struct event *rst)
{
    const unsigned from = s->from;
    return s->time - rst->segment.time >= patience(PATIENCE_LONG_AFTER_RST) ||
           acks_later(m->history, s, rst) ||
           is_far_off(&m->c->end[from], &m->c->end[!from], &rst->segment);
}

/* Does the RST refuse the SYN of the peer, to which `s` comes from the same end? */
static bool refuses_syn(const struct sent *rst, const struct endpoint *peer,
                        const struct segment *s)
{
    return rst->frame && (rst->flags & SEG_ACK) && !rst->seq &&
           rst->ack == (peer->knows.iss ? peer->iss + 1 : s->ack);
}

/* Who refuses a SYN and opens the moment after: where it goes on, the refusal had left before its
 * own SYN, which has overtaken it. That SYN may be missing from the capture. */
static void tell_overtaken_refusal(struct moment *m)
{
    const struct endpoint *self = m->sender, *peer = m->receiver;
    const struct segment *s = m->segment;
    const struct sent *rst = &self->rst;
    const bool seen = self->bare_syn_frame && self->bare_syn_frame < rst->frame;
    const bool opened = seen || (!self->knows.iss && peer->syn_acks && peer->bare_syn_frame);
    const bool goes_on = !segment_is(s, SEG_RST) &&
                         (segment_is_syn(s) ? s->seq == self->iss : seq_le(self->iss, s->seq));
    const int64_t apart = seen ? rst->time - self->syn.time : s->time - rst->time;
    if (opened && goes_on && refuses_syn(rst, peer, s) && apart < patience(PATIENCE_OVERTAKING))
        stories_tell(m, STORY_overtaken_refusal, rst->frame);
}

/* Text, a FIN or an ACK; or a SYN,ACK for the SYN that the RST refuses. */
static bool goes_on_after(const struct sent *rst, const struct endpoint *peer,
                          const struct segment *s)
{
    return rst->frame && !segment_is(s, SEG_RST) &&
           (!segment_is(s, SEG_SYN) || (segment_is_syn_ack(s) && refuses_syn(rst, peer, s)));
}

/* When its end had sent something before the event, other than a RST; `event` itself: never. */
static int64_t sent_before(const struct history *h, const struct event *event)
{
    for (const struct event *e = event; e-- > h->event;)
        if (e->segment.from == event->segment.from && !segment_is(&e->segment, SEG_RST))
            return e->segment.time;
    return event->segment.time;
}

/* What comes behind a RST is not its sender's, where the RST comes from where its end's others do,
 * and this does not. */
static void tell_forged_segment(struct moment *m)
{
    const struct endpoint *self = m->sender;
    const struct segment *s = m->segment;
    const struct event *rst = history_find(m->history, self->rst.frame);
    if (!rst || !(self->belief.possible & CLOSED) || !goes_on_after(&self->rst, m->receiver, s) ||
        ignore_left_before_rst(self, m->receiver, s))
        return;
    const int64_t before = sent_before(m->history, rst);
    if (origin_is_other(self, s, s->time - before) &&
        !origin_is_other(self, &rst->segment, rst->segment.time - before))
        stories_tell(m, STORY_forged_segment, s->frame);
}

/* A sender that goes on after a RST in its name shows that the RST was not its own. */
static void tell_forged_rst(struct moment *m)
{
    const struct endpoint *self = m->sender;
    if (goes_on_after(&self->rst, m->receiver, m->segment) && (self->belief.possible & CLOSED) &&
        !ignore_left_before_rst(self, m->receiver, m->segment) &&
        stories_tell(m, STORY_forged_rst, self->rst.frame)) {
        const struct event *rst = history_find(m->history, self->rst.frame);
        const bool sure = stories_is_foreign(m, m->segment, rst);
        if (!sure)
            m->history->amends.finding = CHECK_rst_contradicted;
        if (!sure || self->belief.state != CLOSED)
            m->history->amends.showing = 0; /* it was never thought to be gone */
        if (find_may_leave_its_sender(self, &self->rst))
            m->history->amends.frame = m->history->amends.showing = 0;
    }
}

/* ... and one that goes on with its old numbers after a SYN with another one, or gave that up. */
static void tell_forged_syn(struct moment *m)
{
    if (m->sender->attempt_frame && !segment_any(m->segment, SEG_SYN | SEG_RST))
        stories_tell(m, STORY_forged_syn, m->sender->attempt_frame);
}

static void tell_forged_fin(struct moment *m)
{
    if (tcb_disowns_fin(m->sender, m->receiver, m->segment))
        stories_tell(m, STORY_forged_fin, m->sender->fin_first);
}

/* The end that was not captured goes beyond the FIN that it was taken to have sent, or its peer
 * acknowledges more: a single octet of text was taken for a FIN. */
static void tell_implied_fin(struct moment *m)
{
    const struct endpoint *self = m->sender, *peer = m->receiver;
    const struct segment *s = m->segment;
    if (!self->knows.segment && self->knows.fin && s->text &&
        seq_lt(self->fin - 1, s->seq + s->text))
        stories_tell(m, STORY_implied_fin, self->closing.frame);
    if (!peer->knows.segment && peer->knows.fin && segment_is(s, SEG_ACK) &&
        !segment_any(s, SEG_SYN | SEG_RST) && seq_lt(peer->fin, s->ack))
        stories_tell(m, STORY_implied_fin, peer->closing.frame);
}

/* Text without the timestamps that both SYNs had, and its receiver acknowledges it all the same:
 * something on the way takes timestamps out. A FIN alone is as likely forged. */
static void tell_its_own(struct moment *m)
{
    const struct endpoint *peer = m->receiver;
    const struct history *h = m->history;
    if (segment_any(m->segment, SEG_SYN | SEG_RST) || !tcb_acks_beyond(peer, m->segment))
        return;
    for (unsigned i = m->c->first; i < h->count; i++) {
        const struct segment *s = &h->event[i].segment;
        if (s->from != m->segment->from && s->frame < m->segment->frame &&
            ignore_is_alien(peer, m->sender, s) && s->text && !segment_is(s, SEG_FIN) &&
            seq_lt(peer->snd_nxt, segment_end(s)) && seq_le(segment_end(s), m->segment->ack))
            stories_tell(m, STORY_its_own, s->frame);
    }
}

/* Text for a client which drops it, or else has got a SYN,ACK that the capture lacks; or NULL. */
static const struct event *text_before_syn_ack(const struct moment *m)
{
    const struct belief *b = &m->sender->belief;
    const int i = b->base == SYN_SENT ? belief_find(b, RCV_SYN_ACK) : -1;
    const struct event *e =
        i >= 0 && b->arrival[i].doubted ? history_find(m->history, b->arrival[i].frame) : NULL;
    return e && !segment_is(&e->segment, SEG_SYN) ? e : NULL;
}

/* It acknowledges what comes behind a SYN,ACK: only the capture lacks that. */
static void tell_missed_syn_ack(struct moment *m)
{
    const struct event *e = text_before_syn_ack(m);
    if (e && segment_is(m->segment, SEG_ACK) && !segment_any(m->segment, SEG_SYN | SEG_RST) &&
        seq_le(e->segment.seq, m->segment->ack))
        stories_tell(m, STORY_missed_syn_ack, e->segment.frame);
}

/* It sends its SYN again: there was none. */
static void tell_no_syn_ack(struct moment *m)
{
    const struct event *e = text_before_syn_ack(m);
    if (e && segment_is_syn(m->segment) && m->segment->seq == m->sender->iss)
        stories_tell(m, STORY_no_syn_ack, e->segment.frame);
}

/* An end that was thought to have left answers the SYN with the numbers of the connection before:
 * it is there still. */
static void tell_refused_syn(struct moment *m)
{
    const struct endpoint *self = m->sender;
    const struct segment *s = m->segment;
    const struct waiting *w = &m->c->waiting;
    const int syn = w->waits ? belief_find(&self->belief, RCV_SYN) : -1;
    if (syn >= 0 && self->belief.base == LISTEN && s->flags == SEG_ACK && !segment_len(s) &&
        s->seq == w->snd_nxt && seq_le(w->acked, s->ack) && seq_le(s->ack, w->rcv_nxt))
        stories_tell(m,
                     !w->rst        ? STORY_refused_syn
                     : w->time_wait ? STORY_ignored
                                    : STORY_contradicted,
                     w->rst ? w->rst : self->belief.arrival[syn].frame);
}

/* An end that was taken to listen answers the SYN with an ACK of something else: it holds an older
 * connection (section 3.5.1, Figures 9 and 10). */
static void tell_half_open(struct moment *m)
{
    const struct belief *b = &m->sender->belief;
    const struct segment *s = m->segment;
    const int syn = b->base == LISTEN ? belief_find(b, RCV_SYN) : -1;
    if (syn >= 0 && segment_is(s, SEG_ACK) && !segment_any(s, SEG_SYN | SEG_RST) &&
        m->receiver->belief.state == SYN_SENT && !acceptable_acks_syn(m->receiver, s))
        stories_tell(m, STORY_half_open, b->arrival[syn].frame);
}

static bool is_same_syn(const struct segment *one, const struct segment *other)
{
    return segment_is_syn(other) && one->from == other->from && one->seq == other->seq;
}

/* An end that was taken to listen opens itself: it was CLOSED, and the SYN had not come (section
 * 3.5, Figure 7). */
static void tell_crossed_syn(struct moment *m)
{
    const struct belief *b = &m->sender->belief;
    const int syn = belief_find(b, RCV_SYN);
    const struct event *first = m->history->event + m->c->first;
    const struct event *last = syn < 0 ? NULL : history_find(m->history, b->arrival[syn].frame);
    if (!segment_is_syn(m->segment) || b->base != LISTEN || !last ||
        !segment_is_syn(&first->segment) || !is_same_syn(&first->segment, &last->segment))
        return;
    if (stories_tell(m, STORY_crossed_syn, first->segment.frame))
        stories_tell(m, STORY_not_acknowledged, last->segment.frame);
}

/* A sender that goes on from the number of an earlier SYN: the later one, in its name, was an old
 * duplicate (section 3.5, Figure 8). */
static void tell_old_syn(struct moment *m)
{
    const struct endpoint *self = m->sender;
    const struct segment *s = m->segment;
    const struct history *h = m->history;
    const bool goes_on = seq_lt(self->iss, s->seq) && seq_le(s->seq, self->snd_nxt);
    if (!self->knows.iss || !self->bare_syn_frame || goes_on || segment_any(s, SEG_SYN | SEG_RST))
        return;
    for (unsigned i = 0; i < h->count; i++)
        if (h->event[i].segment.from == s->from && segment_is_syn(&h->event[i].segment) &&
            h->event[i].segment.seq + 1 == s->seq &&
            h->event[i].segment.frame < self->bare_syn_frame)
            stories_tell(m, STORY_old_syn, self->bare_syn_frame);
}

/* A client that goes on from an earlier SYN,ACK: the last one, with another number, was another
 * server's, or an old duplicate. */
static void tell_other_syn_ack(struct moment *m)
{
    const struct endpoint *peer = m->receiver;
    const struct segment *s = m->segment;
    const struct history *h = m->history;
    const bool of_last = seq_lt(peer->iss, s->ack) && seq_le(s->ack, peer->snd_nxt);
    if (!peer->syn_acks || !segment_is(s, SEG_ACK) || segment_any(s, SEG_SYN | SEG_RST) || of_last)
        return;
    for (unsigned i = 0; i < h->count; i++)
        if (h->event[i].segment.from != s->from && segment_is_syn_ack(&h->event[i].segment) &&
            h->event[i].segment.seq + 1 == s->ack && h->event[i].segment.frame < peer->syn.frame)
            stories_tell(m, STORY_other_syn_ack, peer->syn.frame);
}

/* Who challenges a RST was not reset by it (RFC 5961 section 3). */
static void tell_challenged_rst(struct moment *m)
{
    if (m->owed->reply == OWES_CHALLENGE_ACK && m->sender->belief.state == CLOSED &&
        replies_is_given(m->owed, m->segment))
        tell_of_frame(m, STORY_challenged_rst, m->owed->frame);
}

/* A pure ACK tells SND.NXT, unless it is a keep-alive, which stands one below: nothing was sent of
 * what its receiver has acknowledged. */
static void tell_wrong_ack(struct moment *m)
{
    const struct sent *claim = &m->receiver->claim;
    const struct segment *s = m->segment;
    if (claim->frame && !segment_is(s, SEG_RST) && !segment_len(s) &&
        s->seq == m->sender->snd_nxt && s->seq != claim->ack - 1 && seq_lt(s->seq, claim->ack) &&
        s->time - claim->time >= patience(PATIENCE_REORDERING))
        stories_tell(m, STORY_wrong_ack, claim->frame);
}

/* Text with the number of a FIN that came in its sender's name without the timestamps of both SYNs:
 * somebody else has sent that FIN. */
static void tell_injected_fin(struct moment *m)
{
    const struct history *h = m->history;
    const struct segment *s = m->segment;
    for (unsigned i = m->c->first; s->text && i < h->count; i++) {
        const struct segment *fin = &h->event[i].segment;
        if (h->event[i].alien && segment_is(fin, SEG_FIN) && fin->from == s->from &&
            seq_le(s->seq, segment_end(fin) - 1) && seq_lt(segment_end(fin) - 1, segment_end(s)) &&
            s->time - fin->time >= patience(PATIENCE_REORDERING) && fin->frame < s->frame &&
            (s->has & HAS_TIMESTAMPS) && !segment_any(s, SEG_SYN | SEG_RST))
            stories_tell(m, STORY_injected_fin, fin->frame);
    }
}

/* An octet that its receiver has acknowledged long before: what came then was somebody else's, and
 * may have been a FIN; or it is sent again, and the capture lacks the first. */
static void tell_ack_before_octet(struct moment *m)
{
    const struct sent *claim = &m->receiver->claim;
    const struct segment *s = m->segment;
    if (claim->frame && s->text && !segment_any(s, SEG_SYN | SEG_RST) &&
        s->seq == m->sender->snd_nxt && claim->ack == s->seq + 1 &&
        s->time - claim->time >= patience(PATIENCE_REORDERING))
        stories_tell(m, STORY_ack_before_octet, claim->frame);
}

/* The FIN that its receiver has acknowledged just before: the capture has them swapped. */
static void tell_swapped_fin(struct moment *m)
{
    const struct sent *claim = &m->receiver->claim;
    const struct segment *s = m->segment;
    if (claim->frame && segment_is(s, SEG_FIN) && !segment_any(s, SEG_SYN | SEG_RST) &&
        claim->ack == segment_end(s) && s->time - claim->time < patience(PATIENCE_REORDERING))
        stories_tell(m, STORY_swapped_fin, claim->frame);
}

/* ---- what was lost ---- */

/* A SYN, SYN,ACK or FIN that comes again has not been answered: it was lost, or the answer was. The
 * last copy is the one that counts. Where the answer would have come at once not even that: a peer
 * that is silent after the second SYN, the third SYN,ACK or FIN, may not have seen any of them. */
static void tell_sent_again(struct moment *m)
{
    enum { UNANSWERED_SYN = 2, UNANSWERED = 3 };
    const struct segment *s = m->segment;
    const struct endpoint *self = m->sender;
    const struct belief *b = &m->receiver->belief;
    const bool is_syn = segment_is_syn(s), is_syn_ack = segment_is_syn_ack(s);
    if (segment_is(s, SEG_RST) || !segment_any(s, SEG_SYN | SEG_FIN))
        return;
    const enum signal signal = is_syn ? RCV_SYN : is_syn_ack ? RCV_SYN_ACK : RCV_FIN;
    const bool same = is_syn || is_syn_ack ? self->knows.iss && self->iss == s->seq
                                           : self->knows.fin && self->fin == segment_end(s);
    const int known = belief_find(b, signal);
    if (!same || (is_syn_ack && s->time - self->syn.time < patience(PATIENCE_SOONEST_TIMER)))
        return;
    if (known >= 0 && !b->arrival[known].doubted)
        stories_tell(m, STORY_sent_again, b->arrival[known].frame);
    const unsigned before = is_syn ? self->syns : is_syn_ack ? self->syn_acks : self->fins;
    if (before + 1 >= (is_syn ? UNANSWERED_SYN : UNANSWERED) && !(b->proved & SIG(signal)) &&
        known >= 0)
        stories_tell(m, STORY_sent_again, s->frame);
}

/* Both open; the sender goes on without the SYN,ACK that it owes for the peer's SYN (section
 * 3.10.7.3): that SYN had not come to it, only the peer's SYN,ACK had. */
static void tell_unheard_syn(struct moment *m)
{
    const struct segment *s = m->segment;
    const struct endpoint *self = m->sender;
    const int syn = belief_find(&self->belief, RCV_SYN),
              syn_ack = belief_find(&self->belief, RCV_SYN_ACK);
    if (syn >= 0 && syn_ack > syn && self->bare_syn_frame &&
        self->syn.frame == self->bare_syn_frame && !segment_any(s, SEG_SYN | SEG_RST) &&
        segment_is(s, SEG_ACK))
        stories_tell(m, STORY_unheard_syn, self->belief.arrival[syn].frame);
}

/* ---- what a RST tells of the past of its sender (section 3.10.7.1) ---- */

/* The reply to an unacceptable ACK, which leaves its sender where it was. */
static bool is_owed_rst(const struct moment *m)
{
    return m->owed->reply == OWES_RST && !m->owed->if_gone && m->owed->number == m->segment->seq &&
           !(m->sender->belief.state & SYNCHRONIZED);
}

/* Without ACK it is the reply of an end that has no connection; with ACK it aborts one, unless it
 * refuses a SYN. */
static bool aborts(const struct moment *m)
{
    return segment_is(m->segment, SEG_RST | SEG_ACK) && m->segment->seq != 0 && !is_owed_rst(m);
}

static bool replies(const struct moment *m)
{
    return segment_is(m->segment, SEG_RST) && !is_owed_rst(m) &&
           endpoint_is_rst_reply(m->receiver, m->segment);
}

/* What was captured less than the way there and back before it had not come yet. */
static void tell_rst_too_soon(struct moment *m)
{
    const struct endpoint *self = m->sender;
    if (aborts(m) && m->segment->time - self->heard.time < self->reach - self->reach / 8)
        tell_of_frame(m, STORY_rst_too_soon, self->heard.frame);
}

/* A SYN that is refused did nothing, and what came after it found nobody, too. An end whose first
 * segment is a RST had no listener. */
static void tell_rst_to_syn(struct moment *m)
{
    const struct belief *b = &m->sender->belief;
    const int syn = belief_find(b, RCV_SYN);
    if (syn < 0 || is_owed_rst(m) || !segment_is(m->segment, SEG_RST | SEG_ACK) ||
        !acceptable_acks_syn(m->receiver, m->segment) ||
        (m->segment->seq != 0 && b->base != LISTEN))
        return;
    for (unsigned i = (unsigned)syn; i < b->count; i++)
        stories_tell(m, STORY_rst_to_syn, b->arrival[i].frame);
}

/* Can the RST answer the event, sent so long before? */
static bool can_answer(const struct moment *m, const struct event *e)
{
    const int64_t ago = m->segment->time - e->segment.time, reach = m->sender->reach;
    return e->segment.from != m->segment->from && segment_is(&e->segment, SEG_ACK) &&
           !segment_is(&e->segment, SEG_RST) && e->segment.ack == m->segment->seq &&
           e->fate.origin != CLUE_STRANGER && ago + patience(PATIENCE_REORDERING) >= reach / 2 &&
           ago < (reach ? 4 * (reach + patience(PATIENCE_STILL_ON_ITS_WAY))
                        : patience(PATIENCE_ANY_ANSWER));
}

/* The segment that a RST without ACK answers: the oldest text or FIN that was neither acknowledged
 * nor answered, or else the last ACK. */
static const struct event *replied_to(const struct moment *m)
{
    const struct history *h = m->history;
    const struct event *found = NULL;
    for (unsigned i = h->count; replies(m) && i-- > m->c->first;) {
        const struct event *e = &h->event[i];
        const bool open = segment_len(&e->segment) && !e->answered &&
                          seq_lt(m->sender->acked, segment_end(&e->segment));
        if (can_answer(m, e) && (!found || open))
            found = e;
    }
    return found;
}

static void tell_rst_in_reply(struct moment *m)
{
    const struct event *e = replied_to(m);
    if (e && segment_is(&e->segment, SEG_FIN)) /* even one that waits for text before it */
        stories_tell(m, STORY_rst_in_reply, e->segment.frame);
    else if (e)
        tell_of_frame(m, STORY_rst_in_reply, e->segment.frame);
}

/* What was captured after the segment that it answers, or carries a later ACK, came later. */
static void tell_rst_to_older(struct moment *m)
{
    const struct belief *b = &m->sender->belief;
    const struct event *answered = replied_to(m);
    for (unsigned i = replies(m) ? b->count : 0u; i-- > 0;) {
        const struct event *e = history_find(m->history, b->arrival[i].frame);
        if (e && !b->arrival[i].doubted &&
            (answered ? answered < e : seq_lt(m->segment->seq, e->segment.ack)))
            stories_tell(m, STORY_rst_to_older, e->segment.frame);
    }
}

/* It aborts, though it was assumed to be CLOSED: it was not, or it would have nothing to abort. */
static void tell_rst_of_closed(struct moment *m)
{
    const struct belief *b = &m->sender->belief;
    if (!aborts(m) || b->state != CLOSED || b->base == CLOSED)
        return;
    for (unsigned i = b->count; i-- > 0;)
        if (!b->arrival[i].doubted) {
            stories_tell(m, STORY_rst_of_closed, b->arrival[i].frame);
            return; /* what is told anew says whether more had not come */
        }
}

/* ---- the table ---- */

static const struct {
    enum clue clue;
    uint8_t finding, showing;
} stories[STORY_COUNT] = {
#define STORY(id, clue, finding, showing) {clue, finding, showing},
#include "tables/stories.def"
#undef STORY
};

#ifdef TCPSTATE_MUTANTS
int mutant_story = -1;
#define IS_MUTE(story) ((int)(story) == mutant_story)
#else
#define IS_MUTE(story) ((void)(story), false)
#endif

bool stories_tell(struct moment *m, enum story story, uint32_t frame)
{
    if (IS_MUTE(story) || !history_note(m, frame, stories[story].clue))
        return false;
    if (stories[story].finding) {
        m->history->amends.frame = frame;
        m->history->amends.finding = stories[story].finding;
        m->history->amends.showing = stories[story].showing;
    }
    return true;
}

bool stories_ask(struct moment *m)
{
    const enum kind kind = (enum kind)m->kind;
    if (!m->history)
        return false;
#define STORY(id, clue, finding, showing)
#define DETECTOR(id, on, clue, finding, showing)                                                   \
    if (IS_ABOUT(kind, on) && (tell_##id(m), m->history->news))                                    \
        return true;
#include "tables/stories.def"
#undef STORY
    return false;
}
