/* The formats of capture files, for those that read them: the octets of a file come in pieces.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each function that reads a piece says how long the next one is and who reads it. What is not
 * needed is passed over, and never in memory. */
#ifndef TCPSTATE_FORMAT_H
#define TCPSTATE_FORMAT_H

#include "frame.h"
#include "reader.h"

/* False: this cannot be. */
typedef bool read_piece(struct reader *reader, const uint8_t *piece);

/* pcap, from the header of its file. */
struct pcap {
    uint16_t version, minor, link;
    uint8_t fcs;
    bool has_nanoseconds, has_lengths_swapped, may_have_lengths_swapped;
    uint32_t header; /* octets of a record's */
    struct frame frame;
};

/* An interface of pcapng: how its times count. */
struct interface {
    uint16_t link;
    uint8_t fcs;
    uint32_t captured_max; /* octets of a frame; 0: no bound */
    uint64_t units;        /* of time in a second */
    uint64_t offset;       /* seconds */
};

struct pcapng {
    struct interface *interface;
    uint32_t interfaces, interfaces_max;
    uint32_t section;          /* from 1 */
    uint32_t type, length;     /* of the block */
    uint8_t section_length[4]; /* in a byte order that is not known yet */
};

struct format {
    read_piece *read;
    uint32_t wanted;  /* octets of the piece that it reads */
    uint32_t skipped; /* octets before it that nobody needs */
    bool is_between;  /* here a file may end */
    bool big_endian;
    struct pcap pcap;
    struct pcapng pcapng;
};

struct format *format_of(struct reader *reader);

/* The next piece. */
static inline bool format_want(struct format *f, uint32_t octets, read_piece *read)
{
    f->read = read;
    f->wanted = octets;
    return true;
}

/* Numbers in the byte order of the file. */
uint16_t format_get16(const struct format *f, const uint8_t *p);
uint32_t format_get32(const struct format *f, const uint8_t *p);

/* A frame of the file, but for its number. */
void format_frame(struct reader *reader, struct frame *frame);

/* A block that is not read, whether it is numbered like a frame or not. */
void format_count_block(struct reader *reader, bool is_numbered);

/* By the first FORMAT_FIRST octets of a file: false, this is no such one. */
enum { FORMAT_FIRST = 8 };
bool pcap_begin(struct reader *reader, const uint8_t *first);
bool pcapng_begin(struct reader *reader, const uint8_t *first);

#endif
