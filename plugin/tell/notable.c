/* See notable.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "notable.h"

#include "sentences.h"
#include "words.h"

#include <string.h>

/* Words of names that are written in capitals, the longer ones first. */
static const struct {
    wording name, text;
} capitals[] = {
    {"syn_ack", "SYN,ACK"}, {"syn", "SYN"}, {"ack", "ACK"}, {"fin", "FIN"},   {"rst", "RST"},
    {"urg", "URG"},         {"isn", "ISN"}, {"mss", "MSS"}, {"icmp", "ICMP"}, {"paws", "PAWS"},
};

/* A word of a name, and how it is written; returns its length. */
static size_t write_word(const struct sink *to, wording name)
{
    for (unsigned i = 0; i < sizeof capitals / sizeof *capitals; i++) {
        const size_t length = strlen(capitals[i].name);
        if (strncmp(capitals[i].name, name, length) == 0 &&
            (name[length] == '_' || !name[length])) {
            sink_word(to, capitals[i].text);
            return length;
        }
    }
    const size_t length = strcspn(name, "_");
    to->write(to->context, name, length);
    return length;
}

/* data_after_fin: "data after FIN" */
static void write_name(const struct sink *to, wording name)
{
    while (*name) {
        name += write_word(to, name);
        if (*name == '_') {
            sink_word(to, " ");
            name++;
        }
    }
}

void notable_write(const struct sink *to, const struct verdict *v, bool hindsight)
{
    uint8_t order[CHECK_COUNT];
    const bool has_fate = hindsight && v->fate, has_finding = checks_by_severity(&v->checks, order);
    if (has_fate && !v->fate_sure)
        sink_word(to, phrase(PHRASE_PROBABLY));
    if (has_fate)
        write_name(to, words_fate_name(v->fate));
    if (has_fate && has_finding)
        sink_word(to, ", ");
    if (has_finding)
        write_name(to, check_text(order[0])->name);
}
