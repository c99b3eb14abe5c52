/* See causes.h. Each predicate is the row of the same name; those before it did not hold. They ask
 * the frames before the RST, and what later ones have shown of them so far, so that both readings
 * have the same rules.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "find/causes.h"

#include "find/find.h"
#include "infer/origin.h"
#include "infer/stories.h"
#include "patience.h"
#include "rfc/replies.h"
#include "rfc/tcb.h"

enum { NO_FRAME = -1 }; /* the row holds, and rests on no frame */

/* ---- whose is it? ---- */

/* Its supposed sender goes on after it. */
static bool is_contradicted(const struct moment *m)
{
    const struct sent rst = endpoint_remembers(m->segment);
    return m->stranger && m->event && !find_may_leave_its_sender(m->sender, &rst);
}

/* The frame that shows for certain that it is not its sender's own. */
static int64_t is_stranger(const struct moment *m)
{
    const struct event *by =
        is_contradicted(m) ? history_find(m->history, m->event->fate.shown) : NULL;
    return by && stories_is_foreign(m, &by->segment, m->event) ? by->segment.frame : 0;
}

static int64_t is_other_hops(const struct moment *m)
{
    return origin_is_other_hops(m->sender, m->segment) ? m->sender->last.frame : 0;
}

static int64_t is_other_series(const struct moment *m)
{
    const struct sent *last = &m->sender->last;
    const int64_t ago = m->segment->time - last->time;
    return origin_is_other_series(m->sender, m->segment, ago) ? last->frame : 0;
}

/* ---- a reply (section 3.10.7) ---- */

/* As section 3.5.2 has it: without ACK where what it answers has one. */
static bool gives_owed(const struct moment *m)
{
    const bool form = m->owed->reply == (has(m, SEG_ACK) ? OWES_RST_ACK : OWES_RST);
    return form && replies_is_given(m->owed, m->segment);
}

static bool is_called_for(const struct moment *m)
{
    return !m->owed->if_gone && gives_owed(m);
}

/* A SYN that it answers with <SEQ=0><ACK=SEG.SEQ+SEG.LEN>. */
static bool answers_syn(const struct moment *m, const struct sent *syn)
{
    const uint32_t end = syn->seq + 1 + syn->text;
    return has(m, SEG_ACK) && !m->segment->seq && m->segment->ack == end &&
           (syn->flags & (SEG_SYN | SEG_ACK)) == SEG_SYN;
}

/* The SYN that it refuses. */
static int64_t refused_syn(const struct moment *m)
{
    const struct sent *last = &m->receiver->last, *syn = &m->receiver->syn;
    return answers_syn(m, last) ? last->frame : answers_syn(m, syn) ? syn->frame : 0;
}

/* What it answers; where that is not remembered, the last that its number can answer, just before,
 * and that it has not acknowledged. */
static int64_t answered(const struct moment *m)
{
    const struct sent *last = &m->receiver->last;
    const bool taken = last->text && seq_le(last->seq + last->text, m->sender->acked);
    if (gives_owed(m))
        return m->owed->frame;
    if (has(m, SEG_ACK))
        return refused_syn(m);
    if (!last->frame || taken || m->segment->time - last->time > patience(PATIENCE_OWED))
        return 0;
    if (last->ack == m->segment->seq)
        return last->frame;
    return endpoint_is_rst_reply(m->receiver, m->segment) ? NO_FRAME : 0;
}

static int64_t is_wrong_ack_in_syn_sent(const struct moment *m)
{
    return is_called_for(m) && in_state(m->sender, SYN_SENT) ? m->owed->frame : 0;
}

/* A passive opener that gets another SYN is in LISTEN again. */
static int64_t is_wrong_segment_in_syn_rcvd(const struct moment *m)
{
    const bool opens = m->sender->syn_acks && can_be(m->sender, SYN_RCVD | LISTEN);
    const bool other = answered(m) > m->sender->syn.frame;
    return opens && other && (is_called_for(m) || has(m, SEG_ACK)) ? answered(m) : 0;
}

static int64_t is_refused(const struct moment *m)
{
    const struct event *e = history_find(m->history, m->owed->frame);
    const bool refuses = gives_owed(m) && has(m, SEG_ACK) && e && segment_is_syn(&e->segment);
    return refuses || refused_syn(m) ? answered(m) : 0;
}

/* It has only sent a SYN so far. */
static int64_t is_not_opening(const struct moment *m)
{
    const struct endpoint *self = m->sender;
    return self->bare_syn_frame && self->bare_syn_frame == self->last.frame ? answered(m) : 0;
}

/* The frame of the text that it answers, as far as that is known. */
static int64_t text_answered(const struct moment *m)
{
    const struct sent *last = &m->receiver->last;
    const int64_t frame = answered(m);
    const struct event *e = history_find(m->history, frame > 0 ? (uint32_t)frame : 0);
    const bool text = e ? e->segment.text > 0 : frame == last->frame && last->text;
    if (text || !frame)
        return frame;
    return last->text ? (int64_t)last->frame : NO_FRAME;
}

/* Text beyond what it had acknowledged when it closed; what comes after its RST finds nobody. */
static int64_t is_text_after_close(const struct moment *m)
{
    const struct endpoint *self = m->sender, *peer = m->receiver;
    const uint32_t end = peer->knows.fin ? peer->fin - 1 : peer->snd_nxt;
    const bool closed = self->knows.fin && !self->rsts;
    return closed && seq_lt(self->acked, end) ? text_answered(m) : 0;
}

/* It had acknowledged an octet, and nothing since, that its peer used for text only later: a FIN in
 * the peer's name. */
static bool has_fin_of_others(const struct moment *m, const struct segment *text)
{
    const struct history *h = m->history;
    for (unsigned i = 0; i < h->count; i++) {
        const struct segment *s = &h->event[i].segment;
        if (h->event[i].fate.origin == CLUE_TOO_SOON && s->from == m->segment->from &&
            seq_le(s->ack - 1, text->seq) && seq_le(m->sender->acked, s->ack))
            return true;
    }
    return false;
}

static int64_t is_text_after_fin(const struct moment *m)
{
    const int64_t frame = text_answered(m);
    const struct event *e = history_find(m->history, frame > 0 ? (uint32_t)frame : 0);
    return e && has_fin_of_others(m, &e->segment) ? frame : 0;
}

static int64_t is_time_wait(const struct moment *m)
{
    return in_state(m->sender, TIME_WAIT) ? answered(m) : 0;
}

/* It has closed, or one of both has aborted; or a RST has ended it that a stranger sent. */
static int64_t is_connection_over(const struct moment *m)
{
    const struct endpoint *self = m->sender;
    const bool over =
        self->rsts || m->receiver->rsts || self->knows.fin || m->sender_before == CLOSED;
    return over && self->knows.segment ? answered(m) : 0;
}

static int64_t is_never_connected(const struct moment *m)
{
    return !m->sender->knows.acked ? answered(m) : 0;
}

static int64_t is_forgotten(const struct moment *m)
{
    return answered(m);
}

/* ---- an ABORT, or what comes to the same (section 3.10.5) ---- */

/* The number of a connection that it has. */
static bool aborts(const struct moment *m)
{
    return has(m, SEG_RST | SEG_ACK) && m->segment->seq && m->sender->knows.segment &&
           !m->midstream;
}

/* Its last segment, while nothing of the peer has come since. */
static const struct sent *unanswered(const struct moment *m)
{
    const struct sent *last = &m->sender->last;
    const bool waited = m->segment->time - last->time >= patience(PATIENCE_SOONEST_TIMER);
    return aborts(m) && last->flags && waited ? last : NULL;
}

static int64_t is_keep_alive_unanswered(const struct moment *m)
{
    const struct sent *last = unanswered(m);
    const bool asked =
        last && last->flags == SEG_ACK && last->text <= 1 && last->seq == m->sender->snd_nxt - 1;
    return asked ? last->frame : 0;
}

static int64_t is_retries_unanswered(const struct moment *m)
{
    const struct sent *last = unanswered(m);
    const struct retry_run *run = &m->sender->retry;
    return last && run->is.times && !run->answered ? last->frame : 0;
}

/* A program that reads opens the window again by half (section 3.8.6.2.2). */
static int64_t is_unread_text(const struct moment *m)
{
    const struct endpoint *self = m->sender;
    const uint32_t left = (uint32_t)seq_diff(self->rcv_nxt, self->edge);
    const bool filled = tcb_knows_window(self, m->receiver) && self->max_window &&
                        seq_le(self->rcv_nxt, self->edge) && left < self->max_window / 2;
    return aborts(m) && filled ? self->last.frame : 0;
}

/* Its ACK counts no octet of its peer but SYN and FIN. */
static int64_t is_abort_nothing_unread(const struct moment *m)
{
    const struct endpoint *peer = m->receiver;
    const uint32_t first = peer->iss + 1, ack = m->segment->ack;
    const bool of_fin = peer->knows.fin && peer->fin == first + 1 && ack == peer->fin;
    return aborts(m) && peer->knows.iss && (ack == first || of_fin) ? NO_FRAME : 0;
}

static int64_t is_abort(const struct moment *m)
{
    return aborts(m) ? NO_FRAME : 0;
}

/* ---- the table ---- */

/* The SYN that it opens anew with lacks an option that its first one had: it may be a stranger's,
 * and this the RST of an end that knows of no SYN. */
static bool opens_in_another_way(const struct moment *m)
{
    enum { OFFERS = HAS_MSS | HAS_WSCALE | HAS_TIMESTAMPS };
    const struct endpoint *self = m->sender;
    const struct event *anew = history_find(m->history, self->attempt_frame);
    return anew && (self->syn.has & OFFERS & ~anew->segment.has);
}

/* What only looks like a stranger's may have been moved by the network. */
static int64_t is_cannot_tell(const struct moment *m)
{
    const bool denied = is_contradicted(m) && !is_stranger(m) && !is_other_hops(m) &&
                        !is_other_series(m),
               doubted = is_wrong_ack_in_syn_sent(m) && opens_in_another_way(m);
    return denied || doubted ? NO_FRAME : 0;
}

/* The frame on which the row rests, NO_FRAME, or 0: it does not hold. */
static int64_t (*const predicates[CAUSE_COUNT])(const struct moment *) = {
#define CAUSE(id, sentence, cite, reasons) [CAUSE_##id] = is_##id,
#include "tables/causes.def"
#undef CAUSE
};

#ifdef TCPSTATE_MUTANTS
int mutant_cause = -1;
#define IS_MUTED(cause) ((int)(cause) == mutant_cause)
#else
#define IS_MUTED(cause) ((void)(cause), false)
#endif

void causes_find(struct moment *m)
{
    for (unsigned cause = 0; cause < CAUSE_COUNT; cause++) {
        const int64_t frame = IS_MUTED(cause) ? 0 : predicates[cause](m);
        if (frame) {
            m->verdict->cause = (uint8_t)cause;
            m->verdict->cause_frame = frame == NO_FRAME ? 0 : (uint32_t)frame;
            return;
        }
    }
}
