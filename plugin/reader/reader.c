/* See reader.h.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Octets as they come -> pieces, as the format of the file has them (pcap.c, pcapng.c) -> frames ->
 * layer after layer (layer.h) -> sightings. A piece that lies in what was fed is read where it is;
 * only one that is cut in two is put together first. */
#include "reader.h"

#include "capture_time.h"
#include "format.h"
#include "layer.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    void (*tell)(void *context, struct reader_packet *packet);
    void *context;
    struct reader_report report;
    struct format format;
    struct fragments *fragments;
    bool is_broken;
    uint64_t place, begun_at; /* octets of the file that were read; where the record began */
    uint8_t *held;            /* a piece that has not come to its end */
    uint32_t held_size, held_max;
    int64_t first_seconds, first_nanoseconds;
};

static read_piece read_first;

static void begin_file(struct reader *reader)
{
    reader->held_size = 0;
    reader->place = reader->begun_at = 0;
    reader->is_broken = false;
    reader->format.skipped = 0;
    reader->format.is_between = false;
    format_want(&reader->format, FORMAT_FIRST, read_first);
}

static bool read_first(struct reader *reader, const uint8_t *first)
{
    reader->report.is_capture = pcap_begin(reader, first) || pcapng_begin(reader, first);
    return reader->report.is_capture;
}

struct reader *reader_new(void (*tell)(void *context, struct reader_packet *packet), void *context)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return NULL;
    reader->tell = tell;
    reader->context = context;
    reader->fragments = fragments_new();
    if (!reader->fragments) {
        free(reader);
        return NULL;
    }
    begin_file(reader);
    return reader;
}

/* ---- what formats ask for ---- */

struct format *format_of(struct reader *reader)
{
    return &reader->format;
}

uint16_t format_get16(const struct format *f, const uint8_t *p)
{
    return f->big_endian ? get16(p) : (uint16_t)(p[1] << 8 | p[0]);
}

uint32_t format_get32(const struct format *f, const uint8_t *p)
{
    return f->big_endian ? get32(p)
                         : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* The first frame is what times are told from. */
static int64_t time_since_first(struct reader *reader, const struct frame *frame)
{
    static const int64_t SECOND = 1000000000;
    if (frame->number == 1) {
        reader->first_seconds = frame->seconds;
        reader->first_nanoseconds = frame->nanoseconds;
    }
    int64_t seconds = (int64_t)((uint64_t)frame->seconds - (uint64_t)reader->first_seconds);
    int64_t nanoseconds = frame->nanoseconds - reader->first_nanoseconds;
    if (seconds > 0 && nanoseconds < 0) {
        seconds--;
        nanoseconds += SECOND;
    } else if (seconds < 0 && nanoseconds > 0) {
        seconds++;
        nanoseconds -= SECOND;
    }
    return capture_time(seconds, nanoseconds, -CAPTURE_SECONDS_MAX);
}

void format_frame(struct reader *reader, struct frame *frame)
{
    frame->number = ++reader->report.frames;
    struct reader_packet packet = {
        .seen = {.segment = {.frame = frame->number,
                             .time = capture_time(frame->seconds, frame->nanoseconds, 0)},
                 .layer = 1},
        .since_first = time_since_first(reader, frame)};
    if (!layer_of_link(frame->link))
        reader->report.unknown_link++;
    else if (layers_read(frame, reader->fragments, &packet.seen, &packet.network))
        reader->tell(reader->context, &packet);
    reader->report.given_up = fragments_given_up(reader->fragments);
}

void format_count_block(struct reader *reader, bool is_numbered)
{
    reader->report.other_blocks++;
    reader->report.frames += is_numbered;
}

/* ---- from octets to pieces ---- */

static uint32_t lesser(size_t a, uint32_t b)
{
    return a < b ? (uint32_t)a : b;
}

static bool make_room(struct reader *reader)
{
    if (reader->format.wanted <= reader->held_max)
        return true;
    uint8_t *more = realloc(reader->held, reader->format.wanted);
    if (!more)
        return false;
    reader->held = more;
    reader->held_max = reader->format.wanted;
    return true;
}

/* The piece, whole, or NULL: more is to come, or there is no memory. */
static const uint8_t *take_piece(struct reader *reader, const uint8_t **octets, size_t *count)
{
    const uint32_t wanted = reader->format.wanted,
                   missing = lesser(*count, wanted - reader->held_size);
    const uint8_t *piece = *octets;
    *octets += missing;
    *count -= missing;
    if (missing == wanted)
        return piece;
    if (!make_room(reader)) {
        reader->is_broken = true;
        return NULL;
    }
    memcpy(reader->held + reader->held_size, piece, missing);
    reader->held_size += missing;
    return reader->held_size == wanted ? reader->held : NULL;
}

static bool skip(struct reader *reader, const uint8_t **octets, size_t *count)
{
    const uint32_t skipped = lesser(*count, reader->format.skipped);
    *octets += skipped;
    *count -= skipped;
    reader->place += skipped;
    reader->format.skipped -= skipped;
    return reader->format.skipped == 0;
}

bool reader_feed(struct reader *reader, const uint8_t *octets, size_t count)
{
    const uint8_t *piece;
    reader->report.octets += count;
    while (!reader->is_broken && skip(reader, &octets, &count) &&
           (count > 0 || reader->format.wanted == 0) &&
           (piece = take_piece(reader, &octets, &count))) {
        const uint32_t size = reader->format.wanted;
        reader->held_size = 0;
        if (reader->format.is_between)
            reader->begun_at = reader->place;
        reader->is_broken = !reader->format.read(reader, piece);
        reader->place += size;
    }
    if (reader->is_broken)
        reader->report.broken_at = reader->begun_at;
    return !reader->is_broken;
}

void reader_end(struct reader *reader)
{
    const bool is_whole =
        reader->held_size == 0 && (reader->place == 0 || reader->format.is_between);
    if (!reader->is_broken && !is_whole)
        reader->report.cut_off = 1;
    begin_file(reader);
}

const struct reader_report *reader_report(const struct reader *reader)
{
    return &reader->report;
}

void reader_free(struct reader *reader)
{
    if (!reader)
        return;
    fragments_free(reader->fragments);
    free(reader->format.pcapng.interface);
    free(reader->held);
    free(reader);
}
