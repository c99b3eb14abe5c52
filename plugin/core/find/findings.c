/* The table of the checks, and asking each of them.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "find/findings.h"

#include "find/find.h"

static const struct check_text check_texts[CHECK_COUNT] = {
#define CHECK(id, severity, group, class, cite, text)                                              \
    [CHECK_##id] = {#id, severity, group, class, cite, text},
#include "tables/checks.def"
#undef CHECK
};

const struct check_text *check_text(unsigned check)
{
    return &check_texts[check < CHECK_COUNT ? check : CHECK_illegal_transition];
}

unsigned checks_by_severity(const check_set *set, uint8_t *order)
{
    unsigned count = 0;
    for (int severity = SEV_ERROR; checks_any(set) && severity >= SEV_CHAT; severity--)
        for (unsigned i = 0; i < CHECK_COUNT; i++)
            if (checks_has(set, i) && check_texts[i].severity == severity)
                order[count++] = (uint8_t)i;
    return count;
}

static bool (*const predicates[CHECK_COUNT])(const struct moment *) = {
#define CHECK(id, severity, group, class, cite, text) [CHECK_##id] = find_##id,
#include "tables/checks.def"
#undef CHECK
};

/* No arrow left the sender's state, and no other finding says why. */
bool find_illegal_transition(const struct moment *m)
{
    return m->no_arrow && findings_class(&m->verdict->checks) < VERDICT_UNUSUAL;
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

static void look_for(check_set *found, unsigned check, const struct moment *m)
{
    if (!IS_MUTED(check) && predicates[check](m))
        add(found, check);
}

/* Each by name and not through the table, so that a compiler can put them together. */
void findings_before(const struct moment *m, check_set *found)
{
#define CHECK(id, severity, group, class, cite, text)                                              \
    if (CHECK_##id > CHECK_illegal_transition && CHECK_##id < CHECK_captured_twice &&              \
        !IS_MUTED(CHECK_##id) && find_##id(m))                                                     \
        add(found, CHECK_##id);
#include "tables/checks.def"
#undef CHECK
}

void findings_after(const struct moment *m, check_set *found)
{
    look_for(found, CHECK_illegal_transition, m);
    look_for(found, CHECK_frames_missing, m);
    look_for(found, CHECK_unresolved_contradiction, m);
}

void findings_ignored(const struct moment *m, check_set *found)
{
    for (unsigned i = CHECK_captured_twice; i < CHECK_COUNT; i++)
        look_for(found, i, m);
    for (unsigned i = CHECK_null_flags; i <= CHECK_xmas && !checks_any(found); i++)
        look_for(found, i, m);
    if (m->alien)
        look_for(found, CHECK_timestamp_missing, m);
    if (m->old)
        look_for(found, CHECK_paws_rejected, m);
    if (m->late)
        look_for(found, CHECK_handshake_reordered, m);
    look_for(found, CHECK_fin_before_established, m);
    look_for(found, CHECK_data_before_established, m);
}

static const struct {
    uint8_t check;
    const char *what;
} lasting[LASTING_COUNT] = {
#define LASTING(check, what) {CHECK_##check, what},
#include "tables/lasting.def"
#undef LASTING
};

int check_lasting(unsigned check, const char **what)
{
    for (int i = 0; i < LASTING_COUNT; i++)
        if (lasting[i].check == check) {
            *what = lasting[i].what;
            return i;
        }
    return -1;
}

void findings_count(struct moment *m)
{
    check_set *set = &m->verdict->checks;
    struct tally *found = &m->sender->found;
    const bool explained = findings_class(set) == VERDICT_INCOMPLETE; /* by what is counted out */
    for (unsigned i = 0; i < LASTING_COUNT; i++) {
        const unsigned check = lasting[i].check;
        if (!checks_has(set, check))
            continue;
        if (found->times[i])
            set->bits[check / 64] &= ~(UINT64_C(1) << (check % 64));
        found->times[i] = (uint16_t)(found->times[i] + (found->times[i] < UINT16_MAX));
    }
    if (m->no_arrow && explained && findings_class(set) < VERDICT_INCOMPLETE)
        findings_add(m->verdict, CHECK_frames_missing);
}

void findings_icmp(enum icmp_error error, check_set *found)
{
    const unsigned check = error == ICMP_HARD ? CHECK_icmp_hard_error : CHECK_icmp_soft_error;
    if (!IS_MUTED(check))
        add(found, check);
}

void findings_add(struct verdict *v, unsigned check)
{
    if (IS_MUTED(check))
        return;
    add(&v->checks, check);
    v->class = (uint8_t)findings_class(&v->checks);
}

/* Is any of the set of this class? A compiler makes two constants of the table. */
static inline bool has_class(const check_set *set, enum verdict_class wanted)
{
    check_set of = {{0}};
#define CHECK(id, severity, group, class, cite, text)                                              \
    if ((class) == wanted)                                                                         \
        add(&of, CHECK_##id);
#include "tables/checks.def"
#undef CHECK
    return ((set->bits[0] & of.bits[0]) | (set->bits[1] & of.bits[1])) != 0;
}

enum verdict_class findings_class(const check_set *set)
{
    return has_class(set, VERDICT_ILLEGAL)      ? VERDICT_ILLEGAL
           : has_class(set, VERDICT_INCOMPLETE) ? VERDICT_INCOMPLETE
           : has_class(set, VERDICT_UNUSUAL)    ? VERDICT_UNUSUAL
                                                : VERDICT_LEGAL;
}
