/* Fuzzes the reader of captures: any octets are read, or refused at an octet that it names.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The first octet of the input says how large the pieces are in which the rest is fed: of every
 * second input it is read twice, and what is told must not depend on them. */
#include "reader.h"

#include <stdlib.h>
#include <string.h>

struct told {
    uint32_t frame, count;
    uint64_t sum; /* of all that was told */
};

static void add(struct told *told, uint64_t n)
{
    told->sum = (told->sum ^ n) * UINT64_C(0x9e3779b97f4a7c15);
    told->sum ^= told->sum >> 29;
}

static void tell(void *context, struct reader_packet *packet)
{
    struct told *told = context;
    const struct segment *s = &packet->seen.segment;
    const struct sockets *sockets = &packet->seen.sockets;
    if (s->frame < told->frame ||
        (sockets->words != SOCKETS_WORDS_IPV4 && sockets->words != SOCKETS_WORDS_MAX))
        abort();
    told->frame = s->frame;
    told->count++;
#define MEMBER(type, member) add(told, (uint64_t)s->member);
#include "tables/segment.def"
    for (unsigned i = 0; i < sockets->words; i++)
        add(told, sockets->word[i]);
    add(told, packet->network);
    add(told, (uint64_t)packet->since_first);
    add(told, packet->seen.is_icmp * 2u + packet->seen.icmp * packet->seen.is_icmp);
}

static struct reader_report read_in_pieces(const uint8_t *data, size_t size, size_t piece,
                                           struct told *told)
{
    struct reader *reader = reader_new(tell, told);
    bool is_read = true;
    if (!reader)
        abort();
    for (size_t at = 0; is_read && at < size; at += piece) {
        const size_t count = size - at < piece ? size - at : piece;
        uint8_t *copy = malloc(count); /* so that whoever reads beyond it is found out */
        if (!copy)
            abort();
        memcpy(copy, data + at, count);
        is_read = reader_feed(reader, copy, count);
        free(copy);
    }
    reader_end(reader);
    struct reader_report report = *reader_report(reader);
    report.octets = 0; /* where it ends early, the pieces count */
    reader_free(reader);
    return report;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct told whole = {.frame = 0}, pieces = {.frame = 0};
    if (size < 1)
        return 0;
    const struct reader_report a = read_in_pieces(data + 1, size - 1, size, &whole);
    if (data[0] & 1) {
        const struct reader_report b =
            read_in_pieces(data + 1, size - 1, 1 + data[0] / 2u, &pieces);
        if (memcmp(&whole, &pieces, sizeof whole) != 0 || a.frames != b.frames ||
            a.broken_at != b.broken_at || a.cut_off != b.cut_off)
            abort();
    }
    return 0;
}
