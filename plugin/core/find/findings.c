/* Asking each of the checks, and counting what goes on.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "find/findings.h"

#include "find/find.h"
#include "kind.h"

/* No arrow left the sender's state, and no other finding says why. */
bool find_illegal_transition(const struct moment *m)
{
    return m->no_arrow && findings_class(&m->verdict->checks) < VERDICT_UNUSUAL &&
           !find_frames_missing(m) && !find_unresolved_contradiction(m);
}

#ifdef TCPSTATE_MUTANTS
int mutant_check = -1;
unsigned mutant_kinds = 0;
#define IS_MUTED(check) ((int)(check) == mutant_check)
#else
#define IS_MUTED(check) false
#endif

static void add(check_set *found, unsigned check)
{
    found->bits[check / 64] |= UINT64_C(1) << (check % 64);
}

/* Each is asked by name and not through a table, so that a compiler can put them together. */
#define LOOK_FOR(id, on)                                                                           \
    if (IS_ABOUT(kind, on) && !IS_MUTED(CHECK_##id) && find_##id(m))                               \
        add(found, CHECK_##id);

/* Who is asked when, by the column `when`. */
#define BEFORE_COUNTS(id, on) LOOK_FOR(id, on)
#define BEFORE_ANYWAY(id, on) LOOK_FOR(id, on)
#define BEFORE_MOVED(id, on)
#define BEFORE_IGNORED(id, on)
#define BEFORE_ICMP(id, on)

#define AFTER_COUNTS(id, on)
#define AFTER_ANYWAY(id, on)
#define AFTER_MOVED(id, on) LOOK_FOR(id, on)
#define AFTER_IGNORED(id, on)
#define AFTER_ICMP(id, on)

#define IGNORED_COUNTS(id, on)
#define IGNORED_ANYWAY(id, on)
#define IGNORED_MOVED(id, on)
#define IGNORED_IGNORED(id, on) LOOK_FOR(id, on)
#define IGNORED_ICMP(id, on)

#define UNEXPLAINED_COUNTS(id, on)
#define UNEXPLAINED_ANYWAY(id, on) LOOK_FOR(id, on)
#define UNEXPLAINED_MOVED(id, on)
#define UNEXPLAINED_IGNORED(id, on)
#define UNEXPLAINED_ICMP(id, on)

void findings_before(const struct moment *m, check_set *found)
{
    const enum kind kind = (enum kind)m->kind;
#define CHECK(id, when, on, severity, group, class, cite, text) BEFORE_##when(id, on)
#include "tables/checks.def"
#undef CHECK
}

void findings_after(const struct moment *m, check_set *found)
{
    const enum kind kind = (enum kind)m->kind;
#define CHECK(id, when, on, severity, group, class, cite, text) AFTER_##when(id, on)
#include "tables/checks.def"
#undef CHECK
}

void findings_ignored(const struct moment *m, check_set *found)
{
    const enum kind kind = (enum kind)m->kind;
#define CHECK(id, when, on, severity, group, class, cite, text) IGNORED_##when(id, on)
#include "tables/checks.def"
#undef CHECK
    if (checks_any(found))
        return;
#define CHECK(id, when, on, severity, group, class, cite, text) UNEXPLAINED_##when(id, on)
#include "tables/checks.def"
#undef CHECK
}

static void drop(check_set *set, unsigned check)
{
    set->bits[check / 64] &= ~(UINT64_C(1) << (check % 64));
}

/* What goes on is found at the first segment only. */
static void count_one(check_set *set, unsigned check, uint16_t *times)
{
    if (!checks_has(set, check))
        return;
    if (*times)
        drop(set, check);
    *times = (uint16_t)(*times + (*times < UINT16_MAX));
}

void findings_count(struct moment *m)
{
    check_set *set = &m->verdict->checks;
    struct tally *found = &m->sender->found;
    if (!checks_any(set))
        return;
    const bool explained = findings_class(set) == VERDICT_INCOMPLETE; /* by what is counted out */
#define LASTING(check, what) count_one(set, CHECK_##check, &found->times[LASTING_##check]);
#define LIKEWISE(check, of) count_one(set, CHECK_##check, &found->times[LASTING_##of]);
#define ECHO(check, of)                                                                            \
    if (m->receiver->found.times[LASTING_##of])                                                    \
        drop(set, CHECK_##check);
#define BESIDE(check, other)                                                                       \
    if (checks_has(set, CHECK_##other))                                                            \
        drop(set, CHECK_##check);
#include "tables/lasting.def"
#undef LASTING
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
#define CHECK(id, when, on, severity, group, class, cite, text)                                    \
    if ((class) == wanted)                                                                         \
        add(&of, CHECK_##id);
#include "tables/checks.def"
#undef CHECK
    return ((set->bits[0] & of.bits[0]) | (set->bits[1] & of.bits[1])) != 0;
}

enum verdict_class findings_class(const check_set *set)
{
    return !checks_any(set)                     ? VERDICT_LEGAL
           : has_class(set, VERDICT_ILLEGAL)    ? VERDICT_ILLEGAL
           : has_class(set, VERDICT_INCOMPLETE) ? VERDICT_INCOMPLETE
           : has_class(set, VERDICT_UNUSUAL)    ? VERDICT_UNUSUAL
                                                : VERDICT_LEGAL;
}
