/* Are two verdicts the same?
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_TESTS_VERDICTS_H
#define TCPSTATE_TESTS_VERDICTS_H

#include "verdict.h"

static inline bool verdicts_same_steps(const struct verdict *a, const struct verdict *b)
{
    for (unsigned i = 0; i < a->steps && a->steps == b->steps; i++)
        if (a->step[i].end != b->step[i].end || a->step[i].from != b->step[i].from ||
            a->step[i].to != b->step[i].to || a->step[i].signal != b->step[i].signal ||
            a->step[i].why != b->step[i].why || a->step[i].cite != b->step[i].cite ||
            a->step[i].frame != b->step[i].frame)
            return false;
    return a->steps == b->steps;
}

static inline bool verdicts_same_retries(const struct retries *a, const struct retries *b)
{
    return a->pause == b->pause && a->since == b->since && a->what == b->what &&
           a->times == b->times && a->doublings == b->doublings && a->evens == b->evens;
}

/* Member by member: padding says nothing. */
static inline bool verdicts_same(const struct verdict *a, const struct verdict *b)
{
    for (unsigned i = 0; i < 2; i++)
        if (a->end[i].was != b->end[i].was || a->end[i].state != b->end[i].state ||
            a->end[i].confirmed != b->end[i].confirmed || a->end[i].since != b->end[i].since ||
            a->end[i].possible != b->end[i].possible || a->checks.bits[i] != b->checks.bits[i] ||
            !verdicts_same_retries(&a->retries[i], &b->retries[i]))
            return false;
    return verdicts_same_steps(a, b) && a->retransmitted == b->retransmitted &&
           a->amends == b->amends && a->amendment == b->amendment && a->answers == b->answers &&
           a->evidence == b->evidence && a->class == b->class && a->sender == b->sender &&
           a->client == b->client && a->roles == b->roles && a->owes == b->owes &&
           a->shows == b->shows && a->cause == b->cause && a->resend == b->resend &&
           a->needless == b->needless && a->cause_frame == b->cause_frame &&
           a->ignored == b->ignored && a->opens == b->opens;
}

#endif
