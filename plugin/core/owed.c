/* See owed.h.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "owed.h"

#include "seq.h"

bool owed_is_given(const struct owed *owed, const struct segment *s)
{
    const bool ack = segment_is(s, SEG_ACK) && !segment_any(s, SEG_SYN | SEG_RST);
    switch ((enum reply)owed->reply) {
    case OWES_SYN_ACK:
        return segment_is_syn_ack(s);
    case OWES_ACK:
    case OWES_CHALLENGE_ACK:
        return ack && !segment_len(s);
    case OWES_ACK_OF_SYN:
    case OWES_ACK_OF_FIN:
        return ack && seq_le(owed->seq, s->ack);
    case OWES_RST:
        return segment_is(s, SEG_RST) && s->seq == owed->seq;
    case OWES_RST_ACK:
        return segment_is(s, SEG_RST | SEG_ACK) && s->ack == owed->seq;
    case OWES_NOTHING:
    case REPLY_COUNT:
        break;
    }
    return false;
}

struct owed owed_for(const struct segment *s, enum reply reply)
{
    const bool of_end =
        reply == OWES_RST_ACK || reply == OWES_ACK_OF_FIN || reply == OWES_ACK_OF_SYN;
    return (struct owed){.time = s->time,
                         .frame = s->frame,
                         .seq = of_end ? segment_end(s) : s->ack,
                         .reply = (uint8_t)reply};
}

void owed_forget(struct owed *owed, const struct segment *s)
{
    static const int64_t AT_ONCE = 1000000000;
    if (s->time - owed->time > AT_ONCE)
        *owed = (struct owed){0};
}

uint32_t owed_answer(struct owed *owed, const struct segment *s)
{
    const bool acks = segment_is(s, SEG_ACK) && !segment_any(s, SEG_SYN | SEG_RST);
    const bool of_ack = owed->reply == OWES_ACK || owed->reply == OWES_CHALLENGE_ACK;
    const uint32_t frame = owed_is_given(owed, s) ? owed->frame : 0;
    if (frame || (of_ack && acks)) /* any ACK settles that one is owed, whatever else it is for */
        *owed = (struct owed){0};
    return frame;
}
