/* The reader, by hand: where a file breaks, what it counts, and what memory it takes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_time.h"
#include "fragments.h"
#include "reader.h"
#include "wrapping.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int failures;

static void expect(const char *what, uint64_t is, uint64_t should_be)
{
    if (is == should_be)
        return;
    printf("%s: %" PRIu64 ", and should be %" PRIu64 "\n", what, is, should_be);
    failures++;
}

/* ---- a pcap file of SYNs ---- */

enum { FILE_HEADER = 24, RECORD_HEADER = 16, FRAME = 54, RECORD = RECORD_HEADER + FRAME };

static const uint8_t file_header[FILE_HEADER] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [20] = 1};
static const uint8_t record[RECORD] = {
    [8] = FRAME, [12] = FRAME, [28] = 8,   [30] = 0x45, [33] = 40,
    [38] = 64,   [39] = 6,     [42] = 192, 0,           2,
    1,           192,          0,          2,           2,
    0x9c,        0x40,         0,          80,          [62] = 0x50,
    [63] = 2,
};

struct told {
    uint32_t segments;
    int64_t since_first;
    uint8_t ttl;
};

static void tell(void *context, struct reader_packet *packet)
{
    struct told *told = context;
    told->segments++;
    told->since_first = packet->since_first;
    told->ttl = packet->seen.segment.ttl;
}

static size_t make_file(uint8_t *to, unsigned records)
{
    memcpy(to, file_header, FILE_HEADER);
    for (unsigned i = 0; i < records; i++) {
        memcpy(to + FILE_HEADER + i * RECORD, record, RECORD);
        to[FILE_HEADER + i * RECORD] = (uint8_t)i; /* seconds */
    }
    return FILE_HEADER + records * RECORD;
}

static struct reader_report read_file(const uint8_t *file, size_t size, struct told *told)
{
    struct reader *reader = reader_new(tell, told);
    *told = (struct told){.segments = 0};
    reader_feed(reader, file, size);
    reader_end(reader);
    const struct reader_report report = *reader_report(reader);
    reader_free(reader);
    return report;
}

static void test_file(void)
{
    uint8_t file[FILE_HEADER + 3 * RECORD];
    struct told told;
    const size_t size = make_file(file, 3);
    struct reader_report r = read_file(file, size, &told);
    expect("segments", told.segments, 3);
    expect("time since the first frame", (uint64_t)told.since_first, UINT64_C(2000000000));
    expect("time to live", told.ttl, 64);
    expect("frames", r.frames, 3);
    expect("octets", r.octets, size);
    expect("a whole file is cut off", r.cut_off, 0);
    expect("a whole file is broken", r.broken_at, 0);

    r = read_file(file, size - 1, &told);
    expect("segments of a file without its last octet", told.segments, 2);
    expect("it is cut off", r.cut_off, 1);
    r = read_file(file, size - RECORD, &told);
    expect("a file that ends between frames is cut off", r.cut_off, 0);
    r = read_file(file, FILE_HEADER - 1, &told);
    expect("a file that ends in its header is cut off", r.cut_off, 1);
    r = read_file(file, 0, &told);
    expect("an empty file is cut off", r.cut_off, 0);
    expect("an empty file is a capture", r.is_capture, 0);

    file[FILE_HEADER + RECORD + 10] = 4; /* 262,144 octets and more */
    r = read_file(file, size, &told);
    expect("segments before the damage", told.segments, 1);
    expect("where the damage is", r.broken_at, FILE_HEADER + RECORD);
    expect("a broken file is cut off", r.cut_off, 0);

    make_file(file, 3);
    file[20] = 230; /* IEEE 802.15.4 */
    r = read_file(file, size, &told);
    expect("frames of an unknown link", r.unknown_link, 3);
    expect("segments of an unknown link", told.segments, 0);
    file[0] = 0;
    r = read_file(file, size, &told);
    expect("something else is a capture", r.is_capture, 0);
}

/* A ring of files is one capture. */
static void test_ring(void)
{
    uint8_t file[FILE_HEADER + 2 * RECORD];
    struct told told = {.segments = 0};
    const size_t size = make_file(file, 2);
    struct reader *reader = reader_new(tell, &told);
    for (unsigned i = 0; i < 3; i++) {
        expect("a file of the ring is read", reader_feed(reader, file, i == 1 ? size - 5 : size),
               1);
        reader_end(reader);
    }
    expect("segments of a ring", told.segments, 5);
    expect("frames of a ring", reader_report(reader)->frames, 5);
    expect("one of its files is cut off", reader_report(reader)->cut_off, 1);
    reader_free(reader);
}

/* ---- fragments ---- */

static const uint8_t *add(struct fragments *f, uint32_t id, uint32_t offset, bool more,
                          const char *text, uint32_t *size)
{
    const struct fragment fragment = {.key = {.id = id, .address_size = 4},
                                      .offset = offset,
                                      .more = more,
                                      .octet = (const uint8_t *)text,
                                      .size = (uint32_t)strlen(text)};
    return fragments_add(f, &fragment, size);
}

static void test_fragments(void)
{
    struct fragments *f = fragments_new();
    uint32_t size = 0;
    expect("the end alone is whole", add(f, 1, 8, false, "END", &size) != NULL, 0);
    expect("another datagram's beginning", add(f, 2, 0, true, "01234567", &size) != NULL, 0);
    const uint8_t *whole = add(f, 1, 0, true, "abcdefghIJ", &size);
    expect("both are whole", whole != NULL, 1);
    expect("its size", size, 11);
    expect("what lies ahead counts", whole && memcmp(whole, "abcdefghIJD", 11) == 0, 1);
    expect("it is forgotten then", add(f, 1, 8, false, "END", &size) != NULL, 0);
    fragments_release(f);
    fragments_free(f);
}

/* However many first fragments there are, memory is bounded; the latest are kept. */
static void test_flood_of_fragments(void)
{
    enum { FLOOD = 20000 };
    static char text[1001];
    struct fragments *f = fragments_new();
    uint32_t size = 0;
    memset(text, 'x', sizeof text - 1);
    for (uint32_t i = 0; i < FLOOD; i++)
        add(f, i, 0, true, text, &size);
    expect("some are given up", fragments_given_up(f) > FLOOD / 2, 1);
    expect("not all are", fragments_given_up(f) < FLOOD, 1);
    expect("the latest is there", add(f, FLOOD - 1, 1000, false, text, &size) != NULL, 1);
    expect("the first is not", add(f, 0, 1000, false, text, &size) != NULL, 0);
    fragments_free(f);
}

/* ---- networks ---- */

static uint64_t key(const uint8_t *frame, unsigned size, bool tunnel)
{
    const struct wrapping w = {
        .octet = frame, .size = size, .link = WRAPPING_ETHERNET, .tunnel = tunnel};
    return wrapping_key(&w, 0);
}

static void test_networks(void)
{
    uint8_t frame[60] = {[12] = 0x81, 0, 0, 7, 8, 0, 0x45, [27] = 4, [30] = 1, [34] = 2};
    const uint64_t seven = key(frame, sizeof frame, true);
    frame[14] = 0xe0; /* priority */
    expect("priority is no network", key(frame, sizeof frame, true), seven);
    frame[30] = 2, frame[34] = 1;
    expect("the way back is the same network", key(frame, sizeof frame, true), seven);
    frame[34] = 3;
    expect("another end is another network", key(frame, sizeof frame, true) != seven, 1);
    frame[34] = 1, frame[15] = 8;
    expect("another VLAN is another network", key(frame, sizeof frame, true) != seven, 1);
    expect("a frame of 13 octets is in none", key(frame, 13, false), 0);
}

static void test_times(void)
{
    const int64_t second = 1000000000;
    expect("a time", (uint64_t)capture_time(3, 5, 0), (uint64_t)(3 * second + 5));
    expect("before 1970", (uint64_t)capture_time(-3, 5, 0), 5);
    expect("after 2255", (uint64_t)capture_time(INT64_MAX, 0, 0),
           (uint64_t)(CAPTURE_SECONDS_MAX * second));
}

int main(void)
{
    test_file();
    test_ring();
    test_fragments();
    test_flood_of_fragments();
    test_networks();
    test_times();
    return failures > 0;
}
