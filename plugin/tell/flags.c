/* See flags.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "flags.h"

struct flag {
    uint8_t flag;
    wording name;
};

static void write_set(const struct sink *to, const struct flag flags[6], unsigned set,
                      wording separator, wording none)
{
    wording before = NULL;
    for (unsigned i = 0; i < 6; i++)
        if (set & flags[i].flag) {
            SAY(to, before, flags[i].name);
            before = separator;
        }
    if (!before)
        sink_word(to, none);
}

void flags_write(const struct sink *to, const struct segment *s, wording separator, wording none)
{
    static const struct flag flags[] = {{SEG_FIN, "FIN"}, {SEG_SYN, "SYN"}, {SEG_RST, "RST"},
                                        {SEG_PSH, "PSH"}, {SEG_URG, "URG"}, {SEG_ACK, "ACK"}};
    const unsigned hidden = segment_is(s, SEG_ACK) ? SEG_PSH : 0;
    write_set(to, flags, s->flags & ~hidden, separator, none);
}

void flags_write_all(const struct sink *to, const struct segment *s, wording none)
{
    static const struct flag flags[] = {{SEG_SYN, "SYN"}, {SEG_FIN, "FIN"}, {SEG_RST, "RST"},
                                        {SEG_PSH, "PSH"}, {SEG_ACK, "ACK"}, {SEG_URG, "URG"}};
    write_set(to, flags, s->flags, ",", none);
}
