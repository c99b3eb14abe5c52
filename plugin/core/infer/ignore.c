/* See ignore.h. Each predicate is one reason.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "infer/ignore.h"
#include "patience.h"

#include "infer/history.h"
#include "seq.h"

/* No receiver takes it, and no conforming sender sends it, so nobody is believed to have moved: a
 * damaged segment (section 3.1), and one without ACK that neither opens nor resets (3.10.7.4
 * fifth). */
static bool moves_nobody(const struct segment *s)
{
    return (s->has & (HAS_BAD_CHECKSUM | HAS_BAD_HEADER)) ||
           !segment_any(s, SEG_SYN | SEG_ACK | SEG_RST);
}

/* The same segment again with nothing of the peer between, sooner than any TCP would repeat it: the
 * capture has it twice. Text and ACKs may repeat as quickly, and move nobody.                    */
static bool is_duplicate(const struct endpoint *self, const struct segment *s)
{
    const struct sent *last = &self->last;
    return segment_any(s, SEG_SYN | SEG_FIN) && !segment_is(s, SEG_RST) &&
           last->flags == s->flags && last->seq == s->seq && last->ack == s->ack &&
           last->text == s->text && s->time - last->time < patience(PATIENCE_DUPLICATION);
}

/* The SYN or SYN,ACK that it has sent before. */
static bool is_its_syn(const struct endpoint *self, const struct segment *s)
{
    const bool sent_syn_ack = self->syn.frame != self->bare_syn_frame;
    return self->knows.iss && self->iss == s->seq && (segment_is_syn(s) || sent_syn_ack);
}

/* By what it has sent itself: nobody goes back to a SYN without ACK. */
static bool has_left_syn_sent(const struct endpoint *self)
{
    return self->belief.proven && !(self->belief.proven & (state_set) ~(SYN_RCVD | SYNCHRONIZED));
}

/* Text or FIN behind its SYN: it has its SYN acknowledged, or will not send it again before that.
 */
static bool has_gone_on(const struct endpoint *self)
{
    return self->knows.snd && self->snd_nxt != self->iss + 1 && !self->knows.fast_open;
}

/* The SYN,ACK of an end that has left SYN_RCVD, so soon that other segments may have overtaken it.
 */
static bool is_overtaken_copy(const struct endpoint *self, const struct segment *s)
{
    return segment_is_syn_ack(s) && self->syn_acks && self->syn.ack == s->ack &&
           !(self->belief.possible & SYN_RCVD) &&
           s->time - self->syn.time < patience(PATIENCE_OVERTAKING);
}

/* A SYN or FIN that was not sent again but came again: the network had a copy of it, or somebody
 * has. No timestamp clock is slower than the retransmission timer (RFC 7323 section 5.4), so it is
 * told by the same timestamp. Its sender has nothing to do with it, so it is no evidence; its
 * receiver cannot tell. */
static bool is_copy(const struct endpoint *self, const struct segment *s)
{
    /* Some clocks start at 0 or stand still, and tell nothing. */
    const bool moves = segment_is(s, SEG_SYN) || !self->knows.iss || self->syn.tsval != s->tsval;
    const bool stamped = (s->has & HAS_TIMESTAMPS) && s->tsval && moves;
    if (segment_is(s, SEG_RST))
        return false;
    if (segment_is(s, SEG_SYN))
        return is_its_syn(self, s) &&
               ((stamped && self->syn.tsval == s->tsval) || has_gone_on(self) ||
                (segment_is_syn(s) && self->last.frame == self->syn.frame &&
                 s->time - self->syn.time < patience(PATIENCE_SOONEST_TIMER)) ||
                is_overtaken_copy(self, s) || (segment_is_syn(s) && has_left_syn_sent(self)));
    return segment_is(s, SEG_FIN) && self->knows.fin && self->fin == segment_end(s) && stamped &&
           self->closing.tsval == s->tsval && self->closing.ack == s->ack;
}

/* Once both SYNs carried timestamps, every segment must have one (RFC 7323 section 3.2): one
 * without is not of the end in whose name it comes, unless its receiver takes it all the same. */
bool ignore_is_alien(const struct endpoint *self, const struct endpoint *peer,
                     const struct segment *s)
{
    return self->knows.timestamps && peer->knows.timestamps && !(s->has & HAS_TIMESTAMPS) &&
           !segment_any(s, SEG_SYN | SEG_RST);
}

/* Sent before what was captured of its sender already, as its timestamp says (RFC 7323 section 3.2:
 * they never go back), with nothing in it that is new: it tells nothing of where its sender stands
 * now. */
static bool is_old(const struct endpoint *self, const struct endpoint *peer,
                   const struct segment *s)
{
    return self->knows.timestamps && peer->knows.timestamps && (s->has & HAS_TIMESTAMPS) &&
           !segment_any(s, SEG_SYN | SEG_RST) && seq_lt(s->tsval, self->tsval) &&
           segment_is(s, SEG_ACK) && seq_le(s->ack, self->acked) &&
           (!segment_len(s) || seq_le(segment_end(s), peer->acked));
}

/* A SYN or SYN,ACK that the capture has after the answer to it. */
static bool is_late_syn(const struct connection *c, const struct endpoint *self,
                        const struct segment *s)
{
    const bool unseen = segment_is_syn(s)       ? !self->knows.segment
                        : segment_is_syn_ack(s) ? !self->knows.iss
                                                : false;
    return unseen && self->iss == s->seq && self->knows.snd && self->belief.base != LISTEN &&
           s->time - c->last < patience(PATIENCE_REORDERING);
}

/* Its timestamp says that it was sent before another of the same sender's. */
static bool was_overtaken(const struct endpoint *self, const struct segment *s)
{
    return self->knows.timestamps && (s->has & HAS_TIMESTAMPS) && seq_lt(s->tsval, self->tsval);
}

bool ignore_left_before_rst(const struct endpoint *self, const struct endpoint *peer,
                            const struct segment *s)
{
    const bool stamped = (self->rst.has & s->has & HAS_TIMESTAMPS) != 0;
    if (self->rst.frame && was_overtaken(self, s)) /* a RST in reply may have any number */
        return true;
    const bool of_later = peer->last.frame > self->rst.frame && seq_lt(peer->last.seq, s->ack);
    const int64_t close =
        segment_len(s) || of_later ? patience(PATIENCE_REORDERING) : patience(PATIENCE_BEHIND_RST);
    return self->rst.frame && seq_le(segment_end(s), self->rst.seq) &&
           (s->time - self->rst.time < close || (stamped && seq_lt(s->tsval, self->rst.tsval)));
}

/* A SYN,ACK from just below the RST: the capture has it too late, or it is an earlier copy. */
static bool is_syn_ack_before_rst(const struct endpoint *self, const struct segment *s)
{
    const bool first = !self->syn_acks;
    const int64_t close = patience(first ? PATIENCE_BEHIND_RST : PATIENCE_REORDERING);
    return self->rst.frame && segment_end(s) == self->rst.seq &&
           (s->time - self->rst.time < close || (!first && was_overtaken(self, s)));
}

/* A segment that left before its sender's RST or its new SYN. */
static bool is_overtaken(const struct endpoint *self, const struct endpoint *peer,
                         const struct segment *s)
{
    if (segment_is_syn_ack(s))
        return (self->belief.possible & (CLOSED | LISTEN)) && is_syn_ack_before_rst(self, s);
    if (segment_any(s, SEG_SYN | SEG_RST))
        return false;
    return ((self->belief.possible & CLOSED) && ignore_left_before_rst(self, peer, s)) ||
           (self->attempt_frame && s->time - self->entered < patience(PATIENCE_REORDERING));
}

/* No copy is later than all that was sent before: this SYN may open anew (RFC 6191 section 2). */
static bool reopens(const struct endpoint *self, const struct endpoint *peer,
                    const struct segment *s)
{
    return segment_is_syn(s) && peer->belief.state == TIME_WAIT && (s->has & HAS_TIMESTAMPS) &&
           self->knows.timestamps && peer->knows.timestamps && seq_lt(peer->ts_recent, s->tsval) &&
           seq_lt(self->tsval, s->tsval);
}

bool ignore_is_due(struct moment *m)
{
    const struct endpoint *self = m->sender, *peer = m->receiver;
    const struct segment *s = m->segment;
    if (m->c->started) {
        m->duplicate = is_duplicate(self, s);
        m->overtaken =
            is_overtaken(self, peer, s) || (m->event && m->event->fate.origin == CLUE_OVERTAKEN);
        m->copy = is_copy(self, s) && !m->duplicate && !reopens(self, peer, s);
        m->alien = ignore_is_alien(self, peer, s) && !m->stranger &&
                   !(m->event && m->event->fate.origin == CLUE_ITS_OWN);
        m->old = is_old(self, peer, s);
        m->late = is_late_syn(m->c, self, s);
    }
    return moves_nobody(s) || m->duplicate || m->late;
}
