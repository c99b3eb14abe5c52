/* See replies.h.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "rfc/replies.h"
#include "patience.h"

#include "seq.h"

static bool is_ack(const struct segment *s)
{
    return segment_is(s, SEG_ACK) && !segment_any(s, SEG_SYN | SEG_RST);
}

static bool is_of_ack(const struct owed *owed)
{
    return owed->reply == OWES_ACK || owed->reply == OWES_CHALLENGE_ACK;
}

static bool is_of_rst(const struct owed *owed)
{
    return owed->reply == OWES_RST || owed->reply == OWES_RST_ACK;
}

bool replies_is_given(const struct owed *owed, const struct segment *s)
{
    const bool ack = is_ack(s);
    switch ((enum reply)owed->reply) {
    case OWES_SYN_ACK:
        return segment_is_syn_ack(s);
    case OWES_ACK:
    case OWES_CHALLENGE_ACK:
        return ack && !segment_len(s);
    case OWES_ACK_OF_SYN:
    case OWES_ACK_OF_FIN:
        return ack && seq_le(owed->number, s->ack);
    case OWES_RST:
        return segment_is(s, SEG_RST) && s->seq == owed->number;
    case OWES_RST_ACK:
        return segment_is(s, SEG_RST | SEG_ACK) && s->ack == owed->number;
    case OWES_NOTHING:
    case REPLY_COUNT:
        break;
    }
    return false;
}

static void take_out(struct debts *d, unsigned i)
{
    d->count--;
    for (; i < d->count; i++)
        d->owed[i] = d->owed[i + 1];
}

static void add(struct debts *d, const struct owed *owed)
{
    if (d->count == OWED_MAX)
        take_out(d, 0);
    d->owed[d->count++] = *owed;
}

void replies_add(struct debts *d, const struct segment *s, enum reply reply, bool if_gone)
{
    if (reply == OWES_NOTHING)
        return;
    const bool of_end =
        reply == OWES_RST_ACK || reply == OWES_ACK_OF_FIN || reply == OWES_ACK_OF_SYN;
    const struct owed owed = {.time = s->time,
                              .frame = s->frame,
                              .number = reply == OWES_ACK_OF_SYN ? s->seq + 1
                                        : of_end                 ? segment_end(s)
                                                                 : s->ack,
                              .reply = (uint8_t)reply,
                              .if_gone = if_gone};
    for (unsigned i = if_gone || is_of_rst(&owed) ? 0u : d->count; i-- > 0;)
        if (!is_of_rst(&d->owed[i]))
            take_out(d, i); /* one ACK is enough for all */
    add(d, &owed);
}

void replies_forget(struct debts *d, const struct segment *s)
{
    for (unsigned i = d->count; i-- > 0;)
        if (s->time - d->owed[i].time > patience(PATIENCE_OWED))
            take_out(d, i);
}

/* The first that the segment gives, one that is owed in any case before one that is not, or -1. */
static int find_given(const struct debts *d, const struct segment *s)
{
    int given = -1;
    for (unsigned i = d->count; i-- > 0;)
        if (replies_is_given(&d->owed[i], s) &&
            (given < 0 || !d->owed[i].if_gone || d->owed[given].if_gone))
            given = (int)i;
    return given;
}

const struct owed *replies_for(const struct debts *d, const struct segment *s)
{
    static const struct owed NONE;
    const int given = find_given(d, s);
    if (given >= 0)
        return &d->owed[given];
    for (unsigned i = d->count; i-- > 0;)
        if (!d->owed[i].if_gone)
            return &d->owed[i];
    return &NONE;
}

uint32_t replies_answer(struct debts *d, const struct owed *owed, const struct segment *s)
{
    const bool given = replies_is_given(owed, s);
    const uint32_t frame = given ? owed->frame : 0;
    if (given)
        take_out(d, (unsigned)(owed - d->owed));
    /* Any ACK settles that one is owed, whatever else it is for, and shows an end that is not gone.
     */
    for (unsigned i = is_ack(s) ? d->count : 0u; i-- > 0;)
        if (is_of_ack(&d->owed[i]) || d->owed[i].if_gone)
            take_out(d, i);
    return frame;
}
