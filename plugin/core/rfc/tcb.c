/* See tcb.h. Names are those of RFC 9293 section 3.3.1.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "rfc/tcb.h"
#include "patience.h"

#include "infer/ignore.h"
#include "seq.h"

static void count(uint8_t *counter)
{
    if (*counter < UINT8_MAX)
        (*counter)++;
}

/* `from` goes on to `to`: has it gone round since the number after `iss`? */
static void count_laps(uint16_t *laps, uint32_t iss, uint32_t from, uint32_t to)
{
    if (to - (iss + 1) < from - (iss + 1))
        (*laps)++;
}

static void take_syn(struct endpoint *self, const struct endpoint *peer, const struct segment *s)
{
    const bool takes_text = segment_is(s, SEG_ACK) && peer->syns && seq_lt(peer->iss + 1, s->ack);
    if (!self->knows.iss || self->iss != s->seq) {
        self->knows.snd = self->knows.scale = false; /* numbers start afresh, and so do options */
        self->snd_laps = 0;
    }
    self->iss = s->seq;
    self->knows.iss = true;
    if (s->has &
        HAS_WSCALE) { /* a client may do without, when nobody answers; the first may come */
        self->wscale = s->wscale;
        self->knows.scale = true;
    }
    self->knows.timestamps = s->has & HAS_TIMESTAMPS;
    if ((s->has & HAS_FAST_OPEN) || takes_text) /* a cookie need not be asked for */
        self->knows.fast_open = true;
    self->syn = endpoint_remembers(s);
    if (!segment_is(s, SEG_ACK)) {
        self->bare_syn_frame = s->frame;
        self->knows.passive = false; /* whoever listened before, this is an active OPEN */
    }
    count(segment_is(s, SEG_ACK) ? &self->syn_acks : &self->syns);
}

static void take_fin(struct endpoint *self, const struct segment *s)
{
    if (!self->knows.fin)
        self->fin = segment_end(s);
    self->knows.fin = true;
    self->closing = endpoint_remembers(s);
    count(&self->fins);
}

/* What is too far off to be of this connection does not count. */
static void take_seq(struct endpoint *self, const struct segment *s)
{
    const int32_t ahead = seq_diff(self->snd_nxt, segment_end(s));
    const bool first = !self->knows.snd;
    if (!first && (ahead <= 0 || ahead >= SEQ_FAR))
        return;
    if (!first)
        count_laps(&self->snd_laps, self->iss, self->snd_nxt, segment_end(s));
    self->snd_nxt = segment_end(s);
    if (s->text)
        self->spoke = s->time;
}

/* The window it offers. Without both SYNs the scale is not known and the edge means nothing. */
static uint32_t window_of(const struct endpoint *self, const struct endpoint *peer,
                          const struct segment *s)
{
    return (uint32_t)s->window << (segment_is(s, SEG_SYN) ? 0 : tcb_window_shift(self, peer));
}

static void take_window(struct endpoint *self, uint32_t ack, uint32_t window)
{
    if (self->knows.acked && seq_lt(ack, self->acked))
        return; /* overtaken by a later one */
    self->window = window;
    self->edge = self->knows.acked ? seq_max(self->edge, ack + window) : ack + window;
    if (self->max_window < window)
        self->max_window = window;
}

static void take_ack(struct endpoint *self, const struct endpoint *peer, uint32_t ack)
{
    if (self->knows.acked && seq_lt(self->acked, ack)) {
        self->acked_before = self->acked;
        count_laps(&self->ack_laps, peer->iss, self->acked, ack);
    } else if (!self->knows.acked) {
        self->acked_before = ack;
        self->ack_laps = peer->snd_laps;
        if (peer->snd_laps && peer->snd_nxt - (peer->iss + 1) < ack - (peer->iss + 1))
            self->ack_laps--; /* that is ahead, by less than a round */
    }
    self->acked = self->knows.acked ? seq_max(self->acked, ack) : ack;
    self->rcv_nxt = self->knows.rcv ? seq_max(self->rcv_nxt, ack) : ack;
    self->knows.acked = self->knows.rcv = true;
}

bool tcb_acks_beyond(const struct endpoint *peer, const struct segment *s)
{
    return seq_lt(peer->snd_nxt, s->ack) && segment_is(s, SEG_ACK) && peer->knows.segment &&
           peer->knows.snd && !(peer->knows.foreign && seq_le(s->ack, peer->foreign_nxt));
}

bool tcb_probes(const struct endpoint *self, const struct endpoint *peer, const struct segment *s)
{
    return s->text <= 1 && s->seq == peer->acked - (s->text ? 0 : 1) && peer->knows.acked &&
           segment_is(s, SEG_ACK) && !segment_any(s, SEG_SYN | SEG_RST | SEG_FIN) &&
           (peer->window == 0 || self->knows.closed);
}

static bool has_text_after_fin(const struct endpoint *self, const struct segment *s)
{
    return s->text && self->knows.fin && seq_lt(self->fin, s->seq + s->text);
}

/* An Ethernet frame has at least 46 octets, and two headers take 40 of them. Some middleboxes count
 * the rest to the segment. A receiver that has the FIN ignores either. */
bool tcb_pads(const struct endpoint *self, const struct segment *s)
{
    enum { ETHERNET_PADDING = 46 - 40 };
    return has_text_after_fin(self, s) && s->text <= ETHERNET_PADDING && s->flags == SEG_ACK &&
           s->seq == self->fin;
}

bool tcb_begins_after(const struct endpoint *self, uint32_t number)
{
    return seq_lt(number, self->iss) && !self->snd_laps && seq_le(self->iss, self->snd_nxt);
}

bool tcb_acks_nothing(const struct endpoint *peer, const struct segment *s)
{
    return tcb_begins_after(peer, s->ack - 1) && segment_is(s, SEG_ACK) && peer->knows.iss &&
           peer->belief.state != SYN_SENT;
}

void tcb_weigh_claim(struct endpoint *peer, struct endpoint *self, const struct segment *s)
{
    const struct sent *claim = &peer->claim;
    if (!claim->frame || segment_is(s, SEG_RST) ||
        (!seq_le(claim->ack, s->seq) && !seq_le(claim->ack, self->snd_nxt)))
        return;
    if (seq_lt(self->snd_nxt, claim->ack)) {
        count_laps(&self->snd_laps, self->iss, self->snd_nxt, claim->ack);
        self->snd_nxt = claim->ack;
        self->spoke = claim->time; /* or sooner */
    }
    take_window(peer, claim->ack, (uint32_t)claim->window << tcb_window_shift(peer, self));
    take_ack(peer, self, claim->ack);
    peer->claim.frame = 0;
}

/* Was it sent after the FIN? A later timestamp or ACK says so; so does a while without either. */
static bool sent_after_fin(const struct endpoint *self, const struct segment *s)
{
    const int64_t age = s->time - self->closing.time;
    if (s->has & HAS_TIMESTAMPS)
        return age >= patience(PATIENCE_REORDERING) && seq_lt(self->tsval, s->tsval);
    return age >= patience(PATIENCE_LONG_AFTER_FIN) ||
           (age >= patience(PATIENCE_REORDERING) && seq_lt(self->closing.ack, s->ack));
}

bool tcb_keeps_half_alive(const struct endpoint *self, const struct endpoint *peer,
                          const struct segment *s)
{
    return self->knows.fin && s->text <= 1 && s->seq == self->fin - 1 &&
           (s->flags & ~(unsigned)SEG_PSH) == SEG_ACK && s->ack == self->acked &&
           s->time - self->closing.time >= patience(PATIENCE_KEEP_ALIVE) &&
           s->time - peer->last.time >= patience(PATIENCE_KEEP_ALIVE);
}

/* A FIN has the last number that its sender uses: who sends text with that number afterwards, or a
 * pure ACK from below it, has not sent it. Text that ends before it is only sent again: what was
 * lost need not have been captured. A FIN that fits what has arrived is better than one beyond a
 * hole. */
bool tcb_disowns_fin(const struct endpoint *self, const struct endpoint *peer,
                     const struct segment *s)
{
    if (!self->fin_first || segment_any(s, SEG_SYN | SEG_RST) ||
        s->time - self->closing.time < patience(PATIENCE_REORDERING) ||
        tcb_keeps_half_alive(self, peer, s))
        return false;
    if (segment_is(s, SEG_FIN))
        return seq_lt(peer->rcv_nxt, self->fin - 1) && s->seq == peer->rcv_nxt &&
               segment_end(s) != self->fin;
    if (s->text)
        return seq_lt(s->seq, self->fin) && seq_lt(self->fin, segment_end(s)) &&
               sent_after_fin(self, s);
    return !segment_len(s) && seq_le(self->fin_nxt, s->seq) && seq_lt(s->seq, self->fin) &&
           sent_after_fin(self, s);
}

unsigned tcb_window_shift(const struct endpoint *self, const struct endpoint *peer)
{
    if (!(self->knows.scale && peer->knows.scale))
        return 0;
    return self->wscale < WINDOW_SHIFT_MAX ? self->wscale : WINDOW_SHIFT_MAX;
}

bool tcb_knows_window(const struct endpoint *self, const struct endpoint *peer)
{
    return self->knows.iss && peer->knows.iss && self->knows.acked;
}

/* The latest of its clock; where one is missing, they are taken out on the way. */
static void take_timestamp(struct endpoint *self, const struct segment *s)
{
    if (!(s->has & HAS_TIMESTAMPS))
        self->knows.timestamps = self->knows.timestamps && segment_is(s, SEG_SYN);
    else if (self->segments == 1 || seq_lt(self->tsval, s->tsval))
        self->tsval = s->tsval;
}

void tcb_goes_on(struct endpoint *self, const struct endpoint *peer, const struct segment *s)
{
    count(&self->segments);
    self->knows.closed = false;
    take_seq(self, s);
    take_timestamp(self, s);
    take_window(self, s->ack, window_of(self, peer, s));
    take_ack(self, peer, s->ack);
}

void tcb_imitated(struct endpoint *self, const struct segment *s)
{
    if (segment_any(s, SEG_SYN | SEG_RST))
        return;
    self->foreign_nxt =
        self->knows.foreign ? seq_max(self->foreign_nxt, segment_end(s)) : segment_end(s);
    self->knows.foreign = true;
    if ((s->has & HAS_TIMESTAMPS) && seq_lt(self->tsval, s->tsval))
        self->tsval = s->tsval;
}

void tcb_sent(struct endpoint *self, const struct endpoint *peer, const struct segment *s,
              bool wrong)
{
    self->knows.segment = true;
    count(&self->segments);
    if (segment_is(s, SEG_SYN))
        take_syn(self, peer, s);
    if (segment_is(s, SEG_RST)) { /* its numbers are chosen for the receiver */
        count(&self->rsts);
        self->rst = endpoint_remembers(s);
        return;
    }
    if (has_text_after_fin(self, s) && !tcb_pads(self, s))
        self->beyond_fin = s->seq + s->text;
    self->knows.closed = tcb_probes(self, peer, s);
    take_seq(self, s);
    self->knows.snd = true;
    if (segment_is(s, SEG_FIN) && !segment_is(s, SEG_SYN))
        take_fin(self, s);
    const bool bare = self->knows.timestamps && peer->knows.timestamps && !segment_is(s, SEG_SYN) &&
                      !(s->has & HAS_TIMESTAMPS);
    take_timestamp(self, s);
    if (tcb_acks_beyond(peer, s)) { /* the capture may have a hole, or the ACK be wrong */
        if (!wrong && !(self->claim.frame && self->claim.ack == s->ack))
            self->claim = endpoint_remembers(s);
    } else if (segment_is(s, SEG_ACK) && !tcb_acks_nothing(peer, s)) {
        if (!bare) /* it may be somebody else's, though its text was taken */
            take_window(self, s->ack, window_of(self, peer, s));
        take_ack(self, peer, s->ack);
    }
}
