/* Files of pcap: times in micro- and nanoseconds, both byte orders, and the longer records of old
 * Red Hat systems (format.h).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "format.h"

enum { RECORD_HEADER = 16, RECORD_HEADER_MODIFIED = 24 };

/* By the first octets of a file: its byte order is that in which they are such a number. */
static const struct {
    uint32_t magic;
    uint32_t header;
    bool has_nanoseconds;
} formats[] = {
    {0xa1b2c3d4, RECORD_HEADER, false},
    {0xa1b23c4d, RECORD_HEADER, true},
    {0xa1b2cd34, RECORD_HEADER_MODIFIED, false},
};

static read_piece read_record_header;

static bool want_record(struct format *f)
{
    f->is_between = true;
    return format_want(f, f->pcap.header, read_record_header);
}

static bool read_record(struct reader *reader, const uint8_t *octets)
{
    struct format *f = format_of(reader);
    f->pcap.frame.octet = octets;
    format_frame(reader, &f->pcap.frame);
    return want_record(f);
}

/* Until version 2.3 the two lengths stood the other way round. */
static void read_lengths(const struct pcap *p, uint32_t first, uint32_t second, struct frame *frame)
{
    const bool swapped = p->has_lengths_swapped || (p->may_have_lengths_swapped && first > second);
    frame->captured = swapped ? second : first;
    frame->sent = swapped ? first : second;
}

static bool read_record_header(struct reader *reader, const uint8_t *header)
{
    struct format *f = format_of(reader);
    struct pcap *p = &f->pcap;
    const uint32_t fraction = format_get32(f, header + 4);
    p->frame =
        (struct frame){.link = p->link,
                       .fcs = p->fcs,
                       .big_endian = f->big_endian,
                       .seconds = format_get32(f, header),
                       .nanoseconds = (int32_t)(p->has_nanoseconds ? fraction : fraction * 1000)};
    read_lengths(p, format_get32(f, header + 8), format_get32(f, header + 12), &p->frame);
    f->is_between = false;
    return p->frame.captured <= FRAME_OCTETS_MAX && format_want(f, p->frame.captured, read_record);
}

/* The rest of it. */
static bool read_file_header(struct reader *reader, const uint8_t *header)
{
    enum { LINK = 12, DG_UX = 543 };
    enum { LINK_MASK = 0xffff, RESERVED = 0x03ff0000, HAS_FCS = 0x04000000 };
    struct format *f = format_of(reader);
    const uint16_t version = f->pcap.version, minor = f->pcap.minor;
    const uint32_t link = format_get32(f, header + LINK);
    if (version < 2 || (link & RESERVED))
        return false;
    f->pcap.link = link & LINK_MASK;
    f->pcap.fcs = link & HAS_FCS ? (uint8_t)((link >> 28) * 2) : 0;
    f->pcap.has_lengths_swapped = version == DG_UX || (version == 2 && minor < 3);
    f->pcap.may_have_lengths_swapped = version == 2 && minor == 3;
    return want_record(f);
}

bool pcap_begin(struct reader *reader, const uint8_t *first)
{
    enum { VERSION = 4, MINOR = 6, REST = 16 };
    struct format *f = format_of(reader);
    for (unsigned i = 0; i < 2 * sizeof formats / sizeof *formats; i++) {
        f->big_endian = i % 2;
        if (format_get32(f, first) != formats[i / 2].magic)
            continue;
        f->pcap = (struct pcap){.header = formats[i / 2].header,
                                .has_nanoseconds = formats[i / 2].has_nanoseconds,
                                .version = format_get16(f, first + VERSION),
                                .minor = format_get16(f, first + MINOR)};
        return format_want(f, REST, read_file_header);
    }
    return false;
}
