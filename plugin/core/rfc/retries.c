/* See retries.h. One run for each end: what TCP's only retransmission timer is for (RFC 6298
 * section 5) is the earliest segment that is not acknowledged, and before and after all text the
 * SYN and the FIN.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rfc/retries.h"

#include "seq.h"

/* RFC 6298 section 2.5: an upper bound of the timer is allowed from here on; Linux has twice this.
 */
static const uint32_t LONGEST_PAUSE = 60 * 1000000; /* microseconds */

static uint32_t microseconds(int64_t nanoseconds)
{
    const int64_t us = nanoseconds / 1000;
    return us < 1 ? 1 : us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

/* What the segment would be a repetition of, and its first octet. */
static enum retry subject(const struct segment *s, uint32_t *seq)
{
    *seq = s->seq;
    if (segment_is(s, SEG_RST))
        return RETRY_NOTHING;
    if (segment_is(s, SEG_SYN))
        return segment_is(s, SEG_ACK) ? RETRY_SYN_ACK : RETRY_SYN;
    if (segment_is(s, SEG_FIN)) { /* with text before it or without */
        *seq = segment_end(s) - 1;
        return RETRY_FIN;
    }
    return s->text ? RETRY_TEXT : RETRY_NOTHING;
}

/* Timers are coarse, and a capture is not where the timer runs. */
static bool is_about(uint32_t a, uint32_t b)
{
    return a > b / 4 * 3 && a / 4 * 3 < b;
}

/* How this pause compares with the one before. */
static void take_pause(struct retries *r, uint32_t pause)
{
    const bool equal = r->pause && is_about(pause, r->pause);
    const bool doubled = (r->pause && r->pause < UINT32_MAX / 2 && is_about(pause, 2 * r->pause)) ||
                         (equal && pause >= LONGEST_PAUSE);
    r->doublings = (uint8_t)(doubled ? r->doublings + (r->doublings < UINT8_MAX) : 0);
    if (equal && r->evens + 1 == r->times)
        r->evens++;
    r->pause = pause;
}

static void count_again(struct retry_run *run, const struct segment *s)
{
    const uint32_t pause = microseconds(s->time - run->time);
    take_pause(&run->is, pause);
    run->is.since = pause > UINT32_MAX - run->is.since ? UINT32_MAX : run->is.since + pause;
    if (run->is.times < UINT8_MAX)
        run->is.times++;
    run->time = s->time;
    run->answered = false;
}

/* A window probe repeats by design (section 3.8.6.1). */
static bool is_earliest_text(const struct endpoint *self, const struct endpoint *peer,
                             const struct segment *s)
{
    if (!peer->knows.acked || !self->knows.snd || !peer->window)
        return false;
    return seq_le(s->seq, peer->acked) && seq_lt(peer->acked, s->seq + s->text);
}

/* So does a keep-alive, which is below all that is not acknowledged (section 3.8.4). */
static bool is_keep_alive(const struct endpoint *self, const struct segment *s, uint32_t seq)
{
    return self->retry.answered && self->retry.seq == seq && s->text == 1 && segment_len(s) == 1;
}

void retries_count(struct endpoint *self, struct endpoint *peer, const struct segment *s,
                   struct verdict *v)
{
    struct retry_run *run = &self->retry;
    uint32_t seq;
    const enum retry what = subject(s, &seq);
    if (segment_is(s, SEG_ACK) && peer->retry.is.what && seq_lt(peer->retry.seq, s->ack))
        peer->retry.answered = true;
    if (what == RETRY_NOTHING || is_keep_alive(self, s, seq))
        return;
    if (run->is.what == what && run->seq == seq) {
        count_again(run, s);
        v->retransmitted = true;
    } else if (what != RETRY_TEXT || is_earliest_text(self, peer, s)) {
        v->retransmitted =
            what == RETRY_TEXT && seq_lt(s->seq, self->snd_nxt); /* when first is not known */
        *run = (struct retry_run){
            .is = {.what = (uint8_t)what, .times = v->retransmitted}, .time = s->time, .seq = seq};
    }
}

bool retries_may_be_over(const struct endpoint *self, int64_t now)
{
    enum { FEW = 2 }; /* sooner nobody does */
    const struct retry_run *run = &self->retry;
    return run->is.times >= FEW && !run->answered &&
           now - run->time > 3000 * (int64_t)run->is.pause;
}

int64_t retries_longest_pause(const struct retries *r)
{
    static const int64_t FIRST = 3000000; /* microseconds: nobody's first is longer (RFC 6298 2) */
    const int64_t next = r->pause ? 2 * (int64_t)r->pause : FIRST;
    return 1200 * (next > RETRY_PAUSE_MAX ? RETRY_PAUSE_MAX : next);
}

bool retries_have_stopped(const struct endpoint *self, int64_t now)
{
    const struct retry_run *run = &self->retry;
    return run->is.what && !run->answered && (run->is.what != RETRY_TEXT || run->is.times) &&
           now - run->time >= retries_longest_pause(&run->is);
}

uint32_t retries_waited(const struct endpoint *self, int64_t now)
{
    enum { MILLISECOND = 1000000 };
    const struct retry_run *run = &self->retry;
    const bool waits = run->is.what && run->is.what != RETRY_TEXT && !run->is.times;
    const int64_t waited = waits && now > run->time ? (now - run->time) / MILLISECOND : 0;
    return waited < UINT32_MAX ? (uint32_t)waited : UINT32_MAX;
}
