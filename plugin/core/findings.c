/* One predicate per row of checks.def, in the same order.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each is a question about the segment and the two endpoints before they move. None changes
 * anything. The sentence in checks.def is its comment.                                           */
#include "findings.h"

#include "seq.h"

static const struct check_text check_texts[CHECK_COUNT] = {
#define CHECK(id, severity, group, class, cite, text)                                              \
    [CHECK_##id] = {#id, severity, group, class, cite, text},
#include "checks.def"
#undef CHECK
};

const struct check_text *check_text(unsigned check)
{
    return &check_texts[check < CHECK_COUNT ? check : CHECK_illegal_transition];
}

enum { ALL_FLAGS = SEG_FIN | SEG_SYN | SEG_RST | SEG_PSH | SEG_ACK | SEG_URG };

static bool in_state(const struct endpoint *x, state_set set)
{
    return (x->belief.state & set) != 0;
}

static bool can_be(const struct endpoint *x, state_set set)
{
    return (x->belief.possible & set) != 0;
}

static bool is_syn(const struct view *v)
{
    return segment_is(v->s, SEG_SYN) && !segment_any(v->s, SEG_RST | SEG_ACK | SEG_FIN);
}

static bool is_rst(const struct view *v)
{
    return segment_is(v->s, SEG_RST);
}

/* An ACK and nothing else that moves a state or occupies sequence space. */
static bool is_pure_ack(const struct view *v)
{
    return segment_is(v->s, SEG_ACK) && !segment_any(v->s, SEG_SYN | SEG_FIN | SEG_RST) &&
           !v->s->text;
}

/* No arrow left the sender's state, and no other finding says why. */
static bool illegal_transition(const struct view *v)
{
    return v->no_arrow && findings_class(&v->v->checks) < VERDICT_UNUSUAL;
}

static bool null_flags(const struct view *v)
{
    return !segment_any(v->s, ALL_FLAGS);
}

static bool no_ack_flag(const struct view *v)
{
    return segment_any(v->s, SEG_PSH | SEG_URG) &&
           !segment_any(v->s, SEG_ACK | SEG_SYN | SEG_RST | SEG_FIN) && !in_state(v->x, SYN_SENT);
}

static bool xmas(const struct view *v)
{
    return segment_is(v->s, SEG_FIN | SEG_PSH | SEG_URG) &&
           !segment_any(v->s, SEG_ACK | SEG_SYN | SEG_RST);
}

static bool fin_without_ack(const struct view *v)
{
    return segment_is(v->s, SEG_FIN) && !segment_any(v->s, SEG_ACK | SEG_SYN | SEG_RST) && !xmas(v);
}

static bool syn_fin(const struct view *v)
{
    return segment_is(v->s, SEG_SYN | SEG_FIN);
}

static bool syn_rst(const struct view *v)
{
    return segment_is(v->s, SEG_SYN | SEG_RST);
}

static bool fin_rst(const struct view *v)
{
    return segment_is(v->s, SEG_FIN | SEG_RST) && !segment_is(v->s, SEG_SYN);
}

static bool syn_retransmission(const struct view *v)
{
    const bool attempt = v->x->attempt_frame && v->x->attempt == v->s->seq;
    return is_syn(v) && !v->opens && (v->x->knows & KNOWS_ISS) &&
           (attempt || v->x->iss == v->s->seq);
}

static bool syn_ack_retransmission(const struct view *v)
{
    return segment_is(v->s, SEG_SYN | SEG_ACK) && (v->x->knows & KNOWS_ISS) &&
           v->x->iss == v->s->seq && (v->x->knows & KNOWS_ACKED) &&
           ((v->x->knows & KNOWS_PASSIVE) || can_be(v->x, SYN_RCVD));
}

static bool simultaneous_open(const struct view *v)
{
    return is_syn(v) && !v->opens && !(v->x->knows & KNOWS_ISS) && in_state(v->y, SYN_SENT) &&
           v->x->belief.base == LISTEN;
}

static bool syn_ack_unacceptable(const struct view *v)
{
    return segment_is(v->s, SEG_SYN | SEG_ACK) && !is_rst(v) && !v->opens &&
           in_state(v->y, SYN_SENT | CLOSED) && (v->y->knows & KNOWS_SND) &&
           !(seq_lt(v->y->iss, v->s->ack) && seq_le(v->s->ack, v->y->snd_nxt));
}

static bool half_open(const struct view *v)
{
    const uint32_t iss = v->y->attempt_frame ? v->y->attempt : v->y->iss;
    return segment_is(v->s, SEG_ACK) && !segment_any(v->s, SEG_SYN | SEG_RST) &&
           in_state(v->y, SYN_SENT) && v->s->ack != iss + 1 && !v->missing && !v->midstream;
}

static bool ack_without_syn(const struct view *v)
{
    return is_pure_ack(v) && in_state(v->y, SYN_SENT) && !v->y->attempt_frame && !v->missing &&
           !v->midstream && v->s->ack == v->y->iss + 1;
}

static bool syn_refused(const struct view *v)
{
    return segment_is(v->s, SEG_RST | SEG_ACK) && in_state(v->y, SYN_SENT) &&
           v->s->ack == (v->y->attempt_frame ? v->y->attempt + 1 : v->y->snd_nxt);
}

static bool data_before_established(const struct view *v)
{
    return v->s->text && in_state(v->x, SYN_SENT) && !segment_any(v->s, SEG_SYN | SEG_RST) &&
           !v->missing;
}

static bool syn_in_synchronized(const struct view *v)
{
    return is_syn(v) && !v->opens && !syn_retransmission(v) &&
           in_state(v->y, SYNCHRONIZED | SYN_RCVD) && (v->x->knows & (KNOWS_ISS | KNOWS_SND));
}

static bool challenge_ack(const struct view *v)
{
    return v->owed && v->owed->reply == OWES_CHALLENGE_ACK && is_pure_ack(v);
}

/* Beyond everything captured of the peer, and not claimed before. */
static bool acks_beyond(const struct view *v)
{
    return !is_rst(v) && !segment_is(v->s, SEG_SYN) && endpoint_acks_beyond(v->y, v->s) &&
           !v->y->attempt_frame && !half_open(v) &&
           !(v->x->claim_frame && seq_le(v->s->ack, v->x->claim));
}

static bool ack_of_unsent_data(const struct view *v)
{
    return acks_beyond(v) &&
           ((v->y->knows & KNOWS_FIN) ||
            (v->y->belief.proven == SYN_RCVD && can_be(v->x, SYNCHRONIZED) && !v->y->fins));
}

static bool ack_of_unseen_data(const struct view *v)
{
    return acks_beyond(v) && !ack_of_unsent_data(v);
}

static bool fits_rst(const struct view *v, enum rst_fit fit)
{
    return is_rst(v) && !segment_is(v->s, SEG_SYN) && !v->midstream &&
           endpoint_fits_rst(v->y, v->x, v->s) == fit;
}

static bool connection_reset(const struct view *v)
{
    return (fits_rst(v, RST_EXACT) || fits_rst(v, RST_BETWEEN)) &&
           !in_state(v->y, SYN_SENT | CLOSED);
}

static bool rst_in_window(const struct view *v)
{
    return fits_rst(v, RST_IN_WINDOW);
}

static bool rst_outside_window(const struct view *v)
{
    return fits_rst(v, RST_OUTSIDE) && !in_state(v->y, SYN_SENT | CLOSED);
}

static bool rst_unacceptable(const struct view *v)
{
    return fits_rst(v, RST_OUTSIDE) && in_state(v->y, SYN_SENT) && (v->y->knows & KNOWS_SND);
}

static bool segment_after_reset(const struct view *v)
{
    return v->x->undo && in_state(v->x, CLOSED) && !segment_any(v->s, SEG_SYN | SEG_RST);
}

static bool fin_retransmission(const struct view *v)
{
    return segment_is(v->s, SEG_FIN) && !is_rst(v) && (v->x->knows & KNOWS_FIN) &&
           segment_end(v->s) == v->x->fin;
}

static bool simultaneous_close(const struct view *v)
{
    return segment_is(v->s, SEG_FIN | SEG_ACK) && !(v->x->knows & KNOWS_FIN) &&
           (v->y->knows & KNOWS_FIN) && seq_lt(v->s->ack, v->y->fin);
}

static bool fin_not_covered(const struct view *v)
{
    return segment_is(v->s, SEG_ACK) && !segment_any(v->s, SEG_FIN | SEG_RST | SEG_SYN) &&
           (v->y->knows & KNOWS_FIN) && v->was != v->x->belief.state &&
           seq_lt(v->s->ack, v->y->fin);
}

static bool half_close_data(const struct view *v)
{
    return v->s->text && in_state(v->x, CLOSE_WAIT) && seq_le(v->x->snd_nxt, v->s->seq);
}

static bool data_after_fin(const struct view *v)
{
    return v->s->text && !is_rst(v) && (v->x->knows & KNOWS_FIN) &&
           seq_lt(v->x->fin - 1, v->s->seq + v->s->text);
}

static bool fin_moved(const struct view *v)
{
    return segment_is(v->s, SEG_FIN) && !is_rst(v) && (v->x->knows & KNOWS_FIN) &&
           segment_end(v->s) != v->x->fin && !data_after_fin(v);
}

static bool time_wait_reuse(const struct view *v)
{
    return v->opens && is_syn(v) && v->reopened == TIME_WAIT;
}

static bool started_midstream(const struct view *v)
{
    return v->midstream;
}

static bool frames_missing(const struct view *v)
{
    return v->missing;
}

static bool fin_beyond_gap(const struct view *v)
{
    return segment_is(v->s, SEG_FIN) && !is_rst(v) && (v->y->knows & KNOWS_RCV) &&
           can_be(v->y, RECEIVES_TEXT) && seq_lt(v->y->rcv_nxt, v->s->seq) && !fin_moved(v);
}

static bool bad_checksum(const struct view *v)
{
    return (v->s->has & HAS_BAD_CHECKSUM) != 0;
}

static bool bad_header(const struct view *v)
{
    return (v->s->has & HAS_BAD_HEADER) != 0;
}

static bool (*const predicates[CHECK_COUNT])(const struct view *) = {
#define CHECK(id, severity, group, class, cite, text) [CHECK_##id] = id,
#include "checks.def"
#undef CHECK
};

#ifdef TCPSTATE_MUTANTS
int mutant_check = -1;
#define IS_MUTED(check) ((int)(check) == mutant_check)
#else
#define IS_MUTED(check) false
#endif

static void look_for(check_set *found, unsigned check, const struct view *v)
{
    if (!IS_MUTED(check) && predicates[check](v))
        found->bits[check / 64] |= UINT64_C(1) << (check % 64);
}

void findings_before(const struct view *v, check_set *found)
{
    const bool unreadable = (v->s->has & (HAS_BAD_CHECKSUM | HAS_BAD_HEADER)) != 0;
    for (unsigned i = unreadable ? CHECK_bad_checksum : CHECK_illegal_transition + 1;
         i < CHECK_COUNT; i++)
        look_for(found, i, v);
}

void findings_after(const struct view *v, check_set *found)
{
    look_for(found, CHECK_illegal_transition, v);
}

enum verdict_class findings_class(const check_set *set)
{
    unsigned class = VERDICT_LEGAL;
    for (unsigned i = 0; checks_any(set) && i < CHECK_COUNT; i++)
        if (checks_has(set, i) && check_texts[i].class > class)
            class = check_texts[i].class;
    return (enum verdict_class) class;
}
