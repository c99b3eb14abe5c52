/* The table of the checks, and asking each of them.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "findings.h"

#include "find.h"

static const struct check_text check_texts[CHECK_COUNT] = {
#define CHECK(id, severity, group, class, cite, text)                                              \
    [CHECK_##id] = {#id, severity, group, class, cite, text},
#include "checks.def"
#undef CHECK
};

static bool (*const predicates[CHECK_COUNT])(const struct view *) = {
#define CHECK(id, severity, group, class, cite, text) [CHECK_##id] = find_##id,
#include "checks.def"
#undef CHECK
};

const struct check_text *check_text(unsigned check)
{
    return &check_texts[check < CHECK_COUNT ? check : CHECK_illegal_transition];
}

/* No arrow left the sender's state, and no other finding says why. */
bool find_illegal_transition(const struct view *v)
{
    return v->no_arrow && findings_class(&v->v->checks) < VERDICT_UNUSUAL;
}

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

/* Most segments carry data or its ACK in a quiet connection: nothing can be found in them, and the
 * predicates need not be asked. The ladders are run with and without this shortcut.              */
static bool is_quiet(const struct view *v)
{
    const struct segment *s = v->s;
    const struct endpoint *x = v->x, *y = v->y;
    return (s->flags & ~(unsigned)SEG_PSH) == SEG_ACK && !(s->has & ~(unsigned)HAS_TIMESTAMPS) &&
           x->belief.state == ESTABLISHED && y->belief.state == ESTABLISHED && !v->opens &&
           !v->missing && v->was == ESTABLISHED &&
           !(s->has & HAS_TIMESTAMPS) == !(x->knows & y->knows & KNOWS_TIMESTAMPS) &&
           !((x->knows | y->knows) & KNOWS_FIN) && s->seq == x->snd_nxt && s->text != 1 &&
           seq_le(x->acked, s->ack) && seq_le(s->ack, y->snd_nxt) &&
           (s->text == 0 || seq_le(s->seq + s->text, y->edge)) && !x->claim_frame &&
           !v->owed->reply && x->segments > MANY_ALONE && y->segments > 1 && y->window &&
           x->window == (uint32_t)s->window << endpoint_window_shift(x, y) &&
           (!(s->has & HAS_TIMESTAMPS) ||
            (seq_le(x->tsval, s->tsval) && seq_le(s->tsecr, y->tsval))) &&
           s->time - v->c->last < INT64_C(3600) * 1000000000;
}

void findings_before(const struct view *v, check_set *found)
{
    if (is_quiet(v))
        return;
    for (unsigned i = CHECK_illegal_transition + 1; i < CHECK_captured_twice; i++)
        look_for(found, i, v);
}

void findings_after(const struct view *v, check_set *found)
{
    look_for(found, CHECK_illegal_transition, v);
}

void findings_ignored(const struct view *v, check_set *found)
{
    for (unsigned i = CHECK_captured_twice; i < CHECK_COUNT; i++)
        look_for(found, i, v);
    for (unsigned i = CHECK_null_flags; i <= CHECK_xmas && !checks_any(found); i++)
        look_for(found, i, v);
    if (v->alien)
        look_for(found, CHECK_timestamp_missing, v);
    if (v->old)
        look_for(found, CHECK_paws_rejected, v);
    if (v->late)
        look_for(found, CHECK_handshake_reordered, v);
    look_for(found, CHECK_fin_before_established, v);
    look_for(found, CHECK_data_before_established, v);
}

void findings_icmp(enum icmp_error error, check_set *found)
{
    const unsigned check = error == ICMP_HARD ? CHECK_icmp_hard_error : CHECK_icmp_soft_error;
    if (!IS_MUTED(check))
        found->bits[check / 64] |= UINT64_C(1) << (check % 64);
}

void findings_amend(struct verdict *v, enum check check, uint32_t frame)
{
    v->amends = IS_MUTED(check) ? 0 : frame;
    v->amendment = (uint8_t)check;
    v->evidence = frame;
    v->refutes = true;
}

enum verdict_class findings_class(const check_set *set)
{
    unsigned class = VERDICT_LEGAL;
    for (unsigned i = 0; checks_any(set) && i < CHECK_COUNT; i++)
        if (checks_has(set, i) && check_texts[i].class > class)
            class = check_texts[i].class;
    return (enum verdict_class) class;
}
