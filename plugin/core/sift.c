/* See sift.h. Each predicate is one reason.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "sift.h"

#include "history.h"
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
static bool is_duplicate(const struct endpoint *x, const struct segment *s)
{
    static const int64_t DUPLICATION = 1000000; /* nanoseconds */
    const struct sent *last = &x->last;
    return segment_any(s, SEG_SYN | SEG_FIN) && !segment_is(s, SEG_RST) &&
           last->flags == s->flags && last->seq == s->seq && last->ack == s->ack &&
           last->text == s->text && s->time - last->time < DUPLICATION;
}

/* The SYN or SYN,ACK that it has sent before. */
static bool is_its_syn(const struct endpoint *x, const struct segment *s)
{
    const bool sent_syn_ack = x->syn.frame != x->bare_syn_frame;
    return (x->knows & KNOWS_ISS) && x->iss == s->seq && (segment_is_syn(s) || sent_syn_ack);
}

/* By what it has sent itself: nobody goes back to a SYN without ACK. */
static bool has_left_syn_sent(const struct endpoint *x)
{
    return x->belief.proven && !(x->belief.proven & (state_set) ~(SYN_RCVD | SYNCHRONIZED));
}

/* Text or FIN behind its SYN: it has its SYN acknowledged, or will not send it again before that.
 */
static bool has_gone_on(const struct endpoint *x)
{
    return (x->knows & KNOWS_SND) && x->snd_nxt != x->iss + 1 && !(x->knows & KNOWS_FAST_OPEN);
}

/* A SYN or FIN that was not sent again but came again: the network had a copy of it, or somebody
 * has. No timestamp clock is slower than the retransmission timer (RFC 7323 section 5.4), so it is
 * told by the same timestamp. Its sender has nothing to do with it, so it is no evidence; its
 * receiver cannot tell. */
static bool is_copy(const struct endpoint *x, const struct segment *s)
{
    static const int64_t SOONEST = 100000000; /* no TCP repeats a SYN sooner, unless it was reset */
    /* Some clocks start at 0 or stand still, and tell nothing. */
    const bool moves =
        segment_is(s, SEG_SYN) || !(x->knows & KNOWS_ISS) || x->syn.tsval != s->tsval;
    const bool stamped = (s->has & HAS_TIMESTAMPS) && s->tsval && moves;
    if (segment_is(s, SEG_RST))
        return false;
    if (segment_is(s, SEG_SYN))
        return is_its_syn(x, s) && ((stamped && x->syn.tsval == s->tsval) || has_gone_on(x) ||
                                    (segment_is_syn(s) && x->last.frame == x->syn.frame &&
                                     s->time - x->syn.time < SOONEST) ||
                                    (segment_is_syn(s) && has_left_syn_sent(x)));
    return segment_is(s, SEG_FIN) && (x->knows & KNOWS_FIN) && x->fin == segment_end(s) &&
           stamped && x->closing.tsval == s->tsval && x->closing.ack == s->ack;
}

/* Once both SYNs carried timestamps, every segment must have one (RFC 7323 section 3.2): one
 * without is not of the end in whose name it comes, unless its receiver takes it all the same. */
bool sift_is_alien(const struct endpoint *x, const struct endpoint *y, const struct segment *s)
{
    return (x->knows & y->knows & KNOWS_TIMESTAMPS) && !(s->has & HAS_TIMESTAMPS) &&
           !segment_any(s, SEG_SYN | SEG_RST);
}

/* Sent before what was captured of its sender already, as its timestamp says (RFC 7323 section 3.2:
 * they never go back), with nothing in it that is new: it tells nothing of where its sender stands
 * now. */
static bool is_old(const struct endpoint *x, const struct endpoint *y, const struct segment *s)
{
    return (x->knows & y->knows & KNOWS_TIMESTAMPS) && (s->has & HAS_TIMESTAMPS) &&
           !segment_any(s, SEG_SYN | SEG_RST) && seq_lt(s->tsval, x->tsval) &&
           segment_is(s, SEG_ACK) && seq_le(s->ack, x->acked) &&
           (!segment_len(s) || seq_le(segment_end(s), y->acked));
}

/* A SYN or SYN,ACK that the capture has after the answer to it. */
static bool is_late_syn(const struct connection *c, const struct endpoint *x,
                        const struct segment *s)
{
    const bool unseen = segment_is_syn(s)       ? !(x->knows & KNOWS_SEGMENT)
                        : segment_is_syn_ack(s) ? !(x->knows & KNOWS_ISS)
                                                : false;
    return unseen && x->iss == s->seq && (x->knows & KNOWS_SND) && x->belief.base != LISTEN &&
           s->time - c->last < REORDERING;
}

bool sift_left_before_rst(const struct endpoint *x, const struct endpoint *y,
                          const struct segment *s)
{
    static const int64_t ON_ITS_WAY = 1000000000;
    const bool stamped = (x->rst.has & s->has & HAS_TIMESTAMPS) != 0;
    const bool of_later = y->last.frame > x->rst.frame && seq_lt(y->last.seq, s->ack);
    const int64_t close = segment_len(s) || of_later ? REORDERING : ON_ITS_WAY;
    return x->rst.frame && seq_le(segment_end(s), x->rst.seq) &&
           (s->time - x->rst.time < close || (stamped && seq_lt(s->tsval, x->rst.tsval)));
}

/* A segment that left before its sender's RST or its new SYN. */
static bool is_overtaken(const struct endpoint *x, const struct endpoint *y,
                         const struct segment *s)
{
    if (segment_any(s, SEG_SYN | SEG_RST))
        return false;
    return ((x->belief.possible & CLOSED) && sift_left_before_rst(x, y, s)) ||
           (x->attempt_frame && s->time - x->entered < REORDERING);
}

/* No copy is later than all that was sent before: this SYN may open anew (RFC 6191 section 2). */
static bool reopens(const struct endpoint *x, const struct endpoint *y, const struct segment *s)
{
    return segment_is_syn(s) && y->belief.state == TIME_WAIT && (s->has & HAS_TIMESTAMPS) &&
           (x->knows & y->knows & KNOWS_TIMESTAMPS) && seq_lt(y->ts_recent, s->tsval) &&
           seq_lt(x->tsval, s->tsval);
}

bool sift(struct moment *m)
{
    const struct endpoint *x = m->sender, *y = m->receiver;
    const struct segment *s = m->segment;
    if (m->c->started) {
        m->duplicate = is_duplicate(x, s);
        m->overtaken = is_overtaken(x, y, s);
        m->copy = is_copy(x, s) && !m->duplicate && !reopens(x, y, s);
        m->alien = sift_is_alien(x, y, s) && !(m->event && m->event->fate.origin == CLUE_ITS_OWN);
        m->old = is_old(x, y, s);
        m->late = is_late_syn(m->c, x, s);
    }
    return moves_nobody(s) || m->duplicate || m->late;
}
