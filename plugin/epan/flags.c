/* The flags of a segment in words, for every view that draws segments.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "flags.h"

void flags_append(GString *to, const struct segment *s, const char *separator)
{
    static const struct {
        uint8_t flag;
        const char *name;
    } flags[] = {{SEG_FIN, "FIN"}, {SEG_SYN, "SYN"}, {SEG_RST, "RST"},
                 {SEG_PSH, "PSH"}, {SEG_URG, "URG"}, {SEG_ACK, "ACK"}};
    const uint8_t shown = segment_is(s, SEG_ACK) ? (uint8_t)~SEG_PSH : 0xff;
    const char *before = "";
    for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++)
        if (s->flags & shown & flags[i].flag) {
            g_string_append_printf(to, "%s%s", before, flags[i].name);
            before = separator;
        }
}
