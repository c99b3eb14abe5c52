/* See annotated.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The blocks of a pcapng file are copied as they are (draft-ietf-opsawg-pcapng section 3.1); only
 * the first section header, and packet blocks with a comment, change: the option is inserted after
 * all others. A pcap file becomes the blocks that say the same. */
#include "annotated.h"

#include "capture.h"
#include "comment.h"
#include "map.h"
#include "views.h"

#include <string.h>

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 2,        /* obsolete, and still in old files */
    BLOCK_SIMPLE_PACKET = 3, /* has no options */
    BLOCK_ENHANCED_PACKET = 6,
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    HEADER = 8,  /* type and length; the length is repeated at the end */
    TRAILER = 4, /* ... here */
    SECTION_FIXED = HEADER + 16,
    PACKET_FIXED = HEADER + 20, /* of both kinds of packet block */
    CAPTURED_LENGTH = HEADER + 12,
    OPTION_COMMENT = 1,
    OPTION_RESOLUTION = 9,
    OPTION_MAX = 65535,
    BLOCK_MAX = 1 << 28, /* anything longer is damage */
    PCAP_HEADER = 24,
    RECORD_HEADER = 16
};

/* Octets that grow. */
struct text {
    uint8_t *octet;
    size_t size, room;
};

/* One capture at a time. */
static struct {
    const struct sink *to;
    struct map comments; /* struct text, by frame */
    struct text on_all;
    struct text waits; /* what is not a whole block yet */
    bool (*next)(
        size_t *taken); /* the next piece of the file's format; NULL: its rest is left out */
    uint32_t frame;
    bool big_endian, nanoseconds, is_begun;
} copy;

/* ---- octets ---- */

static void append(struct text *t, const void *octets, size_t count)
{
    enum { ROOM_MIN = 256 };
    if (t->size + count > t->room) {
        t->room = 2 * (t->size + count) + ROOM_MIN;
        t->octet = heap_resize(t->octet, t->room);
    }
    memcpy(t->octet + t->size, octets, count);
    t->size += count;
}

static void write_text(void *text, const char *piece, size_t length)
{
    append(text, piece, length);
}

static uint32_t get(const uint8_t *p, unsigned octets, bool big)
{
    uint32_t n = 0;
    for (unsigned i = 0; i < octets; i++)
        n |= (uint32_t)p[i] << 8 * (big ? octets - 1 - i : i);
    return n;
}

static void put(uint8_t *p, uint32_t n, unsigned octets, bool big)
{
    for (unsigned i = 0; i < octets; i++)
        p[i] = (uint8_t)(n >> 8 * (big ? octets - 1 - i : i));
}

static size_t padded(size_t n)
{
    return (n + 3) & ~(size_t)3;
}

static void write(const void *octets, size_t count)
{
    copy.to->write(copy.to->context, octets, count);
    copy.is_begun = true;
}

/* ---- blocks ---- */

/* Where options that begin at `at` end: at the end-of-options option or the trailer. 0: damaged. */
static size_t end_of_options(const uint8_t *block, size_t length, size_t at)
{
    const size_t end = length - TRAILER;
    while (at && at + 4 <= end && get(block + at, 2, copy.big_endian))
        at += 4 + padded(get(block + at + 2, 2, copy.big_endian));
    return at <= end ? at : 0;
}

/* A comment is inserted; the options begin at `options`, 0: they cannot be told. */
static void write_block(uint8_t *block, size_t length, size_t options, const struct text *comment)
{
    static const uint8_t zeros[TRAILER];
    const size_t at = comment ? end_of_options(block, length, options) : 0;
    if (!at) {
        write(block, length);
        return;
    }
    const size_t text = comment->size < OPTION_MAX ? comment->size : OPTION_MAX,
                 ends = at + TRAILER < length ? 0 : 4, /* code 0, length 0 */
        total = length + 4 + padded(text) + ends;
    uint8_t option[4];
    put(option, OPTION_COMMENT, 2, copy.big_endian);
    put(option + 2, (uint32_t)text, 2, copy.big_endian);
    put(block + 4, (uint32_t)total, 4, copy.big_endian);
    put(block + length - TRAILER, (uint32_t)total, 4, copy.big_endian);
    write(block, at);
    write(option, sizeof option);
    write(comment->octet, text);
    write(zeros, padded(text) - text + ends);
    write(block + at, length - at);
}

/* ---- pcapng ---- */

/* A section grows by what is added: "length unknown" is always right. */
static void copy_section(uint8_t *block, size_t length)
{
    const bool is_first = !copy.is_begun;
    if (length >= SECTION_FIXED + TRAILER)
        memset(block + SECTION_FIXED - 8, 0xff, 8);
    write_block(block, length, length >= SECTION_FIXED + TRAILER ? SECTION_FIXED : 0,
                is_first ? &copy.on_all : NULL);
}

static void copy_packet(uint8_t *block, size_t length, bool is_simple)
{
    const struct text *comment = map_find(&copy.comments, ++copy.frame);
    size_t options = 0;
    if (!is_simple && length >= PACKET_FIXED + TRAILER) {
        const size_t captured = get(block + CAPTURED_LENGTH, 4, copy.big_endian);
        options = captured <= length - TRAILER - PACKET_FIXED ? PACKET_FIXED + padded(captured) : 0;
    }
    write_block(block, length, options, comment);
}

/* Each of the two: one piece more of what waits, and how long it is; 0: it is not whole yet. False:
 * it makes no sense. */
static bool next_block(size_t *taken)
{
    uint8_t *block = copy.waits.octet;
    *taken = 0;
    if (copy.waits.size < HEADER + TRAILER)
        return true;
    const bool is_section = get(block, 4, false) == BLOCK_SECTION;
    if (is_section)
        copy.big_endian = get(block + HEADER, 4, false) != BYTE_ORDER_MAGIC;
    const size_t length = padded(get(block + 4, 4, copy.big_endian));
    if (length < HEADER + TRAILER + (is_section ? 4 : 0) || length > BLOCK_MAX ||
        (is_section && get(block + HEADER, 4, copy.big_endian) != BYTE_ORDER_MAGIC))
        return false;
    if (copy.waits.size < length)
        return true;
    const uint32_t type = get(block, 4, copy.big_endian);
    *taken = length;
    if (type == BLOCK_SECTION)
        copy_section(block, length);
    else if (type == BLOCK_PACKET || type == BLOCK_SIMPLE_PACKET || type == BLOCK_ENHANCED_PACKET)
        copy_packet(block, length, type == BLOCK_SIMPLE_PACKET);
    else
        write(block, length);
    return true;
}

/* ---- pcap ---- */

/* A block of our own is in little-endian order, whatever the file's. `fixed` octets of `body` come
 * before what may be padded. */
static void write_new(uint32_t type, const struct text *body, const struct text *comment)
{
    static const uint8_t zeros[HEADER];
    const bool big = copy.big_endian;
    const size_t length = HEADER + padded(body->size) + TRAILER;
    static struct text block;
    block = (struct text){block.octet, 0, block.room};
    append(&block, zeros, HEADER);
    append(&block, body->octet, body->size);
    append(&block, zeros, padded(body->size) - body->size + TRAILER);
    copy.big_endian = false;
    put(block.octet, type, 4, false);
    put(block.octet + 4, (uint32_t)length, 4, false);
    put(block.octet + length - TRAILER, (uint32_t)length, 4, false);
    write_block(block.octet, length, length - TRAILER, comment);
    copy.big_endian = big;
}

static bool next_record(size_t *taken)
{
    const uint8_t *record = copy.waits.octet;
    const uint64_t unit = copy.nanoseconds ? 1000000000 : 1000000;
    *taken = 0;
    if (copy.waits.size < RECORD_HEADER)
        return true;
    const size_t captured = get(record + 8, 4, copy.big_endian);
    if (captured > BLOCK_MAX)
        return false;
    if (copy.waits.size < RECORD_HEADER + captured)
        return true;
    const uint64_t time =
        get(record, 4, copy.big_endian) * unit + get(record + 4, 4, copy.big_endian);
    uint8_t fixed[PACKET_FIXED - HEADER] = {0};
    struct text body = {.octet = NULL};
    put(fixed + 4, (uint32_t)(time >> 32), 4, false);
    put(fixed + 8, (uint32_t)time, 4, false);
    put(fixed + 12, (uint32_t)captured, 4, false);
    put(fixed + 16, get(record + 12, 4, copy.big_endian), 4, false);
    append(&body, fixed, sizeof fixed);
    append(&body, record + RECORD_HEADER, captured);
    write_new(BLOCK_ENHANCED_PACKET, &body, map_find(&copy.comments, ++copy.frame));
    heap_free(body.octet);
    *taken = RECORD_HEADER + captured;
    return true;
}

static void write_heads(const uint8_t *header)
{
    uint8_t section[SECTION_FIXED - HEADER] = {0}, link[20] = {0};
    put(section, BYTE_ORDER_MAGIC, 4, false);
    put(section + 4, 1, 2, false); /* version 1.0 */
    memset(section + 8, 0xff, 8);
    put(link, get(header + 20, 4, copy.big_endian) & 0xffff, 2, false);
    put(link + 4, get(header + 16, 4, copy.big_endian), 4, false);
    put(link + 8, OPTION_RESOLUTION, 2, false);
    put(link + 10, 1, 2, false);
    link[12] = 9; /* 10^-9 s */
    write_new(BLOCK_SECTION, &(struct text){section, sizeof section, 0}, &copy.on_all);
    write_new(BLOCK_INTERFACE, &(struct text){link, copy.nanoseconds ? sizeof link : 8, 0}, NULL);
}

/* ---- either ---- */

/* The first piece says which format it is. */
static bool next_head(size_t *taken)
{
    enum { MICROSECONDS = (int)0xa1b2c3d4, NANOSECONDS_ = (int)0xa1b23c4d };
    const uint8_t *header = copy.waits.octet;
    *taken = 0;
    if (copy.waits.size < PCAP_HEADER)
        return true;
    if (get(header, 4, false) == BLOCK_SECTION) {
        copy.next = next_block;
        return true;
    }
    copy.big_endian = header[0] == 0xa1;
    const int magic = (int)get(header, 4, copy.big_endian);
    if (magic != MICROSECONDS && magic != NANOSECONDS_)
        return false;
    copy.nanoseconds = magic == NANOSECONDS_;
    write_heads(header);
    *taken = PCAP_HEADER;
    copy.next = next_record;
    return true;
}

/* A frame with several segments has their comments in one, a line each. */
static void take_comment(void *unused, const struct told *told)
{
    const uint32_t frame = told->account.segment->frame;
    struct text *text = map_find(&copy.comments, frame);
    (void)unused;
    if (!comment_is_due(told->account.verdict))
        return;
    if (text)
        append(text, "\n", 1);
    else
        map_put(&copy.comments, frame, text = heap_zeroed(sizeof *text));
    comment_write(&(struct sink){write_text, text}, told->account.verdict);
}

void annotated_begin(const struct sink *to)
{
    static const struct look look;
    memset(&copy, 0, sizeof copy);
    copy.to = to;
    copy.next = next_head;
    capture_each(take_comment, NULL);
    view_summary(&look, &(struct sink){write_text, &copy.on_all});
}

bool annotated_feed(const uint8_t *octets, size_t count)
{
    struct text *waits = &copy.waits;
    size_t done = 0;
    append(waits, octets, count);
    struct text all = *waits;
    while (copy.next) {
        bool (*const next)(size_t *) = copy.next;
        size_t taken;
        if (!next(&taken))
            copy.next = NULL;
        else if (!taken && copy.next == next)
            break;
        done += copy.next ? taken : 0;
        *waits = (struct text){all.octet + done, all.size - done, 0};
    }
    all.size -= done;
    memmove(all.octet, all.octet + done, all.size);
    *waits = all;
    return copy.next != NULL;
}

bool annotated_end(void)
{
    heap_free(copy.waits.octet);
    copy.waits = (struct text){.octet = NULL};
    return copy.is_begun;
}
