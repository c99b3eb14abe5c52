/* A pcapng file copied block by block, with comments added to packets.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark's own writer would lose what it does not know: sections, name resolution, statistics,
 * custom blocks. So the blocks are copied as they are (draft-ietf-opsawg-pcapng section 3.1), and
 * only the first section header, and packet blocks with a comment, change: the option is inserted
 * after all others. */
#include "comments.h"

#include "original.h"
#include "outfile.h"

#include <string.h>

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_PACKET = 2,        /* obsolete, and still in old files */
    BLOCK_SIMPLE_PACKET = 3, /* has no options */
    BLOCK_ENHANCED_PACKET = 6,
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    HEADER = 8,  /* type and length; the length is repeated at the end */
    TRAILER = 4, /* ... here */
    SECTION_LENGTH = HEADER + 8,
    SECTION_FIXED = HEADER + 16,
    PACKET_FIXED = 28, /* header and fixed fields of both kinds of packet block */
    CAPTURED_LENGTH = 20,
    OPTION_COMMENT = 1,
    OPTION_END = 0,
    OPTION_MAX = 65535,
    BLOCK_MAX = 1 << 28, /* anything longer is damage */
};

struct copy {
    struct original *from;
    struct comments *comments;
    bool swapped;      /* the section was written in the other byte order */
    bool is_begun;     /* the first section has its comment */
    int64_t offset;    /* of the block */
    GByteArray *block; /* header, body and trailer */
};

static uint32_t get32(const struct copy *c, size_t at)
{
    uint32_t n;
    memcpy(&n, c->block->data + at, sizeof n);
    return c->swapped ? GUINT32_SWAP_LE_BE(n) : n;
}

static uint16_t get16(const struct copy *c, size_t at)
{
    uint16_t n;
    memcpy(&n, c->block->data + at, sizeof n);
    return (uint16_t)(c->swapped ? GUINT16_SWAP_LE_BE(n) : n);
}

static void put32(struct copy *c, size_t at, uint32_t n)
{
    n = c->swapped ? GUINT32_SWAP_LE_BE(n) : n;
    memcpy(c->block->data + at, &n, sizeof n);
}

static uint32_t padded(uint32_t n)
{
    return (n + 3) & ~3u;
}

static bool read_more(struct copy *c, size_t size)
{
    const size_t before = c->block->len;
    g_byte_array_set_size(c->block, (unsigned)(before + size));
    return original_read(c->from, c->block->data + before, size) == size;
}

/* A section tells its byte order before its length can be read. */
static bool read_section_start(struct copy *c)
{
    if (!read_more(c, 4))
        return false;
    c->swapped = false;
    c->swapped = get32(c, HEADER) != BYTE_ORDER_MAGIC;
    return get32(c, HEADER) == BYTE_ORDER_MAGIC;
}

/* The next whole block. */
static bool read_block(struct copy *c)
{
    c->offset += c->block->len;
    g_byte_array_set_size(c->block, 0);
    if (!read_more(c, HEADER) || (get32(c, 0) == BLOCK_SECTION && !read_section_start(c)))
        return false;
    const uint32_t length = padded(get32(c, 4));
    return length >= HEADER + TRAILER && length >= c->block->len && length <= BLOCK_MAX &&
           read_more(c, length - c->block->len);
}

/* Where the options of a packet begin. 0: damaged. */
static uint32_t packet_options(const struct copy *c)
{
    const uint32_t end = c->block->len - TRAILER;
    if (end < PACKET_FIXED || get32(c, CAPTURED_LENGTH) > end - PACKET_FIXED)
        return 0;
    return PACKET_FIXED + padded(get32(c, CAPTURED_LENGTH));
}

/* Where options that begin here end: at the end-of-options option or the trailer. 0: damaged. */
static uint32_t end_of_options(const struct copy *c, uint32_t at)
{
    const uint32_t end = c->block->len - TRAILER;
    while (at && at + 4 <= end && get16(c, at) != OPTION_END)
        at += 4 + padded(get16(c, at + 2));
    return at <= end ? at : 0;
}

static GByteArray *comment_option(const struct copy *c, const char *text, bool with_end)
{
    static const uint8_t zeros[4] = {0};
    const uint16_t length = (uint16_t)MIN(strlen(text), OPTION_MAX);
    const uint16_t head[2] = {OPTION_COMMENT, length},
                   swapped[2] = {GUINT16_SWAP_LE_BE(head[0]), GUINT16_SWAP_LE_BE(head[1])};
    GByteArray *option = g_byte_array_new();
    g_byte_array_append(option, (const uint8_t *)(c->swapped ? swapped : head), sizeof head);
    g_byte_array_append(option, (const uint8_t *)text, length);
    g_byte_array_append(option, zeros, padded(length) - length);
    if (with_end)
        g_byte_array_append(option, zeros, sizeof zeros); /* code 0, length 0 */
    return option;
}

/* To the block whose options begin at `options`. */
static bool add_comment(struct copy *c, const char *text, uint32_t options)
{
    const uint32_t at = end_of_options(c, options);
    if (!at)
        return false;
    const bool has_end = at + TRAILER < c->block->len;
    GByteArray *option = comment_option(c, text, !has_end);
    const uint32_t length = c->block->len, rest = length - at;
    g_byte_array_set_size(c->block, length + option->len);
    memmove(c->block->data + at + option->len, c->block->data + at, rest);
    memcpy(c->block->data + at, option->data, option->len);
    put32(c, 4, c->block->len);
    put32(c, c->block->len - TRAILER, c->block->len);
    c->offset -= option->len; /* offsets count what was read */
    g_byte_array_unref(option);
    return true;
}

/* A section grows by what is added; "length unknown" is always right. */
static void change_section(struct copy *c)
{
    if (c->block->len < SECTION_FIXED + TRAILER)
        return;
    memset(c->block->data + SECTION_LENGTH, 0xff, 8);
    if (!c->is_begun)
        add_comment(c, c->comments->on_all, SECTION_FIXED);
    c->is_begun = true;
}

static void change_packet(struct copy *c, bool is_simple)
{
    const char *text = comments_at(c->comments, c->offset);
    if (text && is_simple)
        c->comments->simple++;
    else if (text && add_comment(c, text, packet_options(c)))
        c->comments->added++;
}

static void change_block(struct copy *c, uint32_t type)
{
    if (type == BLOCK_SECTION)
        change_section(c);
    else if (type == BLOCK_SIMPLE_PACKET || type == BLOCK_PACKET || type == BLOCK_ENHANCED_PACKET)
        change_packet(c, type == BLOCK_SIMPLE_PACKET);
}

bool comments_copy_pcapng(struct original *from, struct outfile *to, struct comments *comments)
{
    struct copy c = {.from = from, .comments = comments, .block = g_byte_array_new()};
    bool is_pcapng = false, written = true;
    original_rewind(from);
    while (written && read_block(&c)) {
        const uint32_t type = get32(&c, 0);
        if (!is_pcapng && type != BLOCK_SECTION)
            break;
        is_pcapng = true;
        change_block(&c, type);
        written = outfile_write(to, c.block->data, c.block->len);
    }
    g_byte_array_unref(c.block);
    return is_pcapng;
}
