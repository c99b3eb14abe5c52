/* Files of pcapng: sections, interfaces, and the three blocks that hold a packet (format.h).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "format.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_HEADER = 8, BLOCK_TRAILER = 4, BLOCK_MIN = BLOCK_HEADER + BLOCK_TRAILER };

/* Longer blocks of a packet or an interface are taken for damage: no frame needs them. */
enum { BLOCK_KEPT_MAX = 1 << 20, BLOCK_MAX = 1 << 28, INTERFACES_MAX = 1 << 16 };

enum block {
    SECTION = 0x0a0d0d0a,
    INTERFACE = 1,
    OLD_PACKET = 2,
    SIMPLE_PACKET = 3,
    ENHANCED_PACKET = 6,
};

/* Blocks that Wireshark numbers like frames, and that have no packet of a network. */
static const uint32_t numbered[] = {
    9,                        /* an entry of systemd's journal */
    0xbad, 0x40000bad,        /* custom blocks */
    0x204, 0x216,      0x221, /* events of Sysdig */
};

static read_piece read_block_header, read_trailer;

static bool want_block(struct format *f)
{
    f->is_between = true;
    return format_want(f, BLOCK_HEADER, read_block_header);
}

static uint32_t rounded(uint32_t octets)
{
    return (octets + 3) & ~3u;
}

static bool is_trailer(const struct format *f, const uint8_t *p)
{
    return rounded(format_get32(f, p)) == f->pcapng.length;
}

/* What is left of a block behind so many octets is passed over. */
static bool skip_rest(struct format *f, uint32_t octets)
{
    if (f->pcapng.length < octets + BLOCK_TRAILER)
        return false;
    f->skipped = f->pcapng.length - octets - BLOCK_TRAILER;
    return format_want(f, BLOCK_TRAILER, read_trailer);
}

static bool read_trailer(struct reader *reader, const uint8_t *trailer)
{
    struct format *f = format_of(reader);
    return is_trailer(f, trailer) && want_block(f);
}

/* ---- sections and interfaces ---- */

/* Its length is known when its byte order is. */
static bool read_section(struct reader *reader, const uint8_t *order)
{
    enum { VERSION = 4, MINOR = 6, READ = 16 };
    struct format *f = format_of(reader);
    f->big_endian = *order == 0x1a;
    f->pcapng.length = rounded(format_get32(f, f->pcapng.section_length));
    const uint16_t version = format_get16(f, order + VERSION),
                   minor = format_get16(f, order + MINOR);
    if (format_get32(f, order) != 0x1a2b3c4d || version != 1 || (minor != 0 && minor != 2) ||
        f->pcapng.length > BLOCK_MAX)
        return false;
    f->pcapng.interfaces = 0;
    f->pcapng.section++;
    return skip_rest(f, BLOCK_HEADER + READ);
}

static bool want_section(struct format *f, const uint8_t *length)
{
    memcpy(f->pcapng.section_length, length, sizeof f->pcapng.section_length);
    return format_want(f, 16, read_section);
}

static uint64_t units_of(uint8_t resolution)
{
    enum { BINARY = 0x80, DECIMALS_MAX = 19, BITS_MAX = 63 };
    const unsigned exponent = resolution & 0x7f;
    uint64_t units = 1;
    if (exponent > (resolution & BINARY ? BITS_MAX : DECIMALS_MAX))
        return UINT64_MAX;
    for (unsigned i = 0; i < exponent; i++)
        units *= resolution & BINARY ? 2 : 10;
    return units;
}

static uint64_t get64(const struct format *f, const uint8_t *p)
{
    const uint64_t a = format_get32(f, p), b = format_get32(f, p + 4);
    return f->big_endian ? a << 32 | b : b << 32 | a;
}

static void take_option(const struct format *f, struct interface *to, uint16_t code,
                        const uint8_t *value, uint16_t length)
{
    enum { TSRESOL = 9, FCSLEN = 13, TSOFFSET = 14 };
    if (code == TSRESOL && length == 1)
        to->units = units_of(*value);
    else if (code == TSOFFSET && length == 8)
        to->offset = get64(f, value);
    else if (code == FCSLEN && length == 1)
        to->fcs = *value < 8 ? *value : *value / 8; /* bits, but some write octets */
}

/* False: they do not fit into the block. `to` is NULL where none is of use. */
static bool take_options(const struct format *f, struct interface *to, const uint8_t *p,
                         uint32_t size)
{
    enum { HEADER = 4, END = 0 };
    while (size > 0) {
        if (size < HEADER)
            return false;
        const uint16_t code = format_get16(f, p), length = format_get16(f, p + 2);
        if (rounded(length) > size - HEADER)
            return false;
        if (code == END)
            return true;
        if (to)
            take_option(f, to, code, p + HEADER, length);
        p += HEADER + rounded(length);
        size -= HEADER + rounded(length);
    }
    return true;
}

static bool make_room(struct pcapng *p)
{
    if (p->interfaces < p->interfaces_max)
        return true;
    const uint32_t max = p->interfaces_max ? 2 * p->interfaces_max : 8;
    struct interface *more =
        max > INTERFACES_MAX ? NULL : realloc(p->interface, max * sizeof *more);
    if (!more)
        return false;
    p->interface = more;
    p->interfaces_max = max;
    return true;
}

static bool read_interface(struct format *f, const uint8_t *body, uint32_t size)
{
    enum { LINK = 0, SNAPLEN = 4, OPTIONS = 8, MICROSECONDS = 1000000 };
    if (size < OPTIONS || !make_room(&f->pcapng))
        return false;
    struct interface *new = &f->pcapng.interface[f->pcapng.interfaces++];
    *new = (struct interface){.link = format_get16(f, body + LINK),
                              .captured_max = format_get32(f, body + SNAPLEN),
                              .units = MICROSECONDS};
    return take_options(f, new, body + OPTIONS, size - OPTIONS);
}

/* ---- packets ---- */

/* The frame that begins there in a block. False: it, or what is behind it, does not fit. */
static bool take_frame(struct reader *reader, struct frame *frame, const uint8_t *body,
                       uint32_t size, uint32_t at)
{
    const struct format *f = format_of(reader);
    const uint32_t end = at + rounded(frame->captured);
    if (frame->captured > FRAME_OCTETS_MAX || size < end ||
        !(f->pcapng.type == SIMPLE_PACKET ? size == end
                                          : take_options(f, NULL, body + end, size - end)))
        return false;
    frame->octet = body + at;
    format_frame(reader, frame);
    return true;
}

static struct frame frame_of(const struct format *f, uint32_t interface)
{
    const struct interface *i = &f->pcapng.interface[interface];
    return (struct frame){.link = i->link,
                          .fcs = i->fcs,
                          .big_endian = f->big_endian,
                          .interface = (uint64_t)(f->pcapng.section - 1) << 32 | interface};
}

static void take_time(const struct interface *i, uint64_t time, struct frame *frame)
{
    static const uint64_t SECOND = 1000000000;
    frame->seconds = (int64_t)(time / i->units + i->offset);
    frame->nanoseconds = (int32_t)(time % i->units * SECOND / i->units);
}

static bool read_packet(struct reader *reader, const uint8_t *body, uint32_t size)
{
    enum { INTERFACE_ID = 0, TIME = 4, CAPTURED = 12, SENT = 16, DATA = 20 };
    const struct format *f = format_of(reader);
    if (size < DATA)
        return false;
    const uint32_t interface = f->pcapng.type == OLD_PACKET ? format_get16(f, body + INTERFACE_ID)
                                                            : format_get32(f, body + INTERFACE_ID);
    if (interface >= f->pcapng.interfaces)
        return false;
    struct frame frame = frame_of(f, interface);
    frame.captured = format_get32(f, body + CAPTURED);
    frame.sent = format_get32(f, body + SENT);
    take_time(&f->pcapng.interface[interface],
              (uint64_t)format_get32(f, body + TIME) << 32 | format_get32(f, body + TIME + 4),
              &frame);
    return take_frame(reader, &frame, body, size, DATA);
}

/* It has no time, and is of the first interface, which says how much was captured at most. */
static bool read_simple_packet(struct reader *reader, const uint8_t *body, uint32_t size)
{
    enum { SENT = 0, DATA = 4 };
    const struct format *f = format_of(reader);
    if (size < DATA || f->pcapng.interfaces == 0)
        return false;
    const uint32_t max = f->pcapng.interface->captured_max;
    struct frame frame = frame_of(f, 0);
    frame.sent = format_get32(f, body + SENT);
    frame.captured = max && frame.sent > max ? max : frame.sent;
    return take_frame(reader, &frame, body, size, DATA);
}

/* A block that is of use, but for its header. */
static bool read_block(struct reader *reader, const uint8_t *body)
{
    struct format *f = format_of(reader);
    const uint32_t size = f->pcapng.length - BLOCK_MIN;
    if (!is_trailer(f, body + size))
        return false;
    const bool is_read = f->pcapng.type == INTERFACE       ? read_interface(f, body, size)
                         : f->pcapng.type == SIMPLE_PACKET ? read_simple_packet(reader, body, size)
                                                           : read_packet(reader, body, size);
    return is_read && want_block(f);
}

static bool is_numbered(uint32_t type)
{
    for (unsigned i = 0; i < sizeof numbered / sizeof *numbered; i++)
        if (numbered[i] == type)
            return true;
    return false;
}

static bool read_block_header(struct reader *reader, const uint8_t *header)
{
    enum { LENGTH = 4 };
    struct format *f = format_of(reader);
    f->is_between = false;
    f->pcapng.type = format_get32(f, header);
    f->pcapng.length = rounded(format_get32(f, header + LENGTH));
    switch (f->pcapng.type) {
    case SECTION:
        return want_section(f, header + LENGTH);
    case INTERFACE:
    case OLD_PACKET:
    case SIMPLE_PACKET:
    case ENHANCED_PACKET:
        return f->pcapng.length >= BLOCK_MIN && f->pcapng.length <= BLOCK_KEPT_MAX &&
               format_want(f, f->pcapng.length - BLOCK_HEADER, read_block);
    default:
        format_count_block(reader, is_numbered(f->pcapng.type));
        return f->pcapng.length <= BLOCK_MAX && skip_rest(f, BLOCK_HEADER);
    }
}

bool pcapng_begin(struct reader *reader, const uint8_t *header)
{
    struct format *f = format_of(reader);
    f->pcapng.interfaces = f->pcapng.section = 0;
    f->big_endian = false; /* the type of a section is the same either way */
    return format_get32(f, header) == SECTION && read_block_header(reader, header);
}
