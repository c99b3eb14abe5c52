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

const struct check_text *check_text(unsigned check)
{
    return &check_texts[check < CHECK_COUNT ? check : CHECK_illegal_transition];
}

static bool (*const predicates[CHECK_COUNT])(const struct view *) = {
#define CHECK(id, severity, group, class, cite, text) [CHECK_##id] = find_##id,
#include "checks.def"
#undef CHECK
};

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

static void add(check_set *found, unsigned check)
{
    found->bits[check / 64] |= UINT64_C(1) << (check % 64);
}

static void look_for(check_set *found, unsigned check, const struct view *v)
{
    if (!IS_MUTED(check) && predicates[check](v))
        add(found, check);
}

/* Each by name and not through the table, so that a compiler can put them together. */
void findings_before(const struct view *v, check_set *found)
{
#define CHECK(id, severity, group, class, cite, text)                                              \
    if (CHECK_##id > CHECK_illegal_transition && CHECK_##id < CHECK_captured_twice &&              \
        !IS_MUTED(CHECK_##id) && find_##id(v))                                                     \
        add(found, CHECK_##id);
#include "checks.def"
#undef CHECK
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
        add(found, check);
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
    for (unsigned i = checks_any(set) ? 0 : CHECK_COUNT; i < CHECK_COUNT; i++)
        if (checks_has(set, i) && check_texts[i].class > class)
            class = check_texts[i].class;
    return (enum verdict_class) class;
}
