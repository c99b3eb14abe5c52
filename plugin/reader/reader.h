/* A capture, from its octets to sightings: pcap and pcapng, whatever they are wrapped in.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * It is fed octets as they come, in pieces of any size, and tells each segment, and each ICMP error
 * about one, in the order of the capture. It does with each what the plugin does (epan/feed.c), but
 * does not look into the text of TCP: of a frame there is one at most. It opens no file and prints
 * nothing. */
#ifndef TCPSTATE_READER_H
#define TCPSTATE_READER_H

#include "sighting.h"

#include <stddef.h>

/* One sighting. Lives as long as the call that it is handed to, and is the callee's to change. */
struct reader_packet {
    struct sighting
        seen;            /* but for its network and the server's port, which a key and ports tell */
    uint64_t network;    /* the key that tells its network from all others (wrapping.h) */
    int64_t since_first; /* nanoseconds since the capture's first frame; negative before it */
};

/* What a capture was, and what of it nobody could read. */
struct reader_report {
    uint64_t octets;    /* read so far */
    uint64_t broken_at; /* the octet where the file makes no sense any more; 0: nowhere */
    bool is_capture;    /* false: the file is none */
    uint32_t frames;
    uint32_t cut_off;                    /* 1: the file ends within a frame */
    uint32_t unknown_link, other_blocks; /* frames of a link type, and blocks, that are not read */
    uint32_t given_up;                   /* IP datagrams whose fragments took too much memory */
};

struct reader;

/* NULL: there is no memory. `tell` is called from reader_feed() and reader_end(). */
struct reader *reader_new(void (*tell)(void *context, struct reader_packet *packet), void *context);

/* The next octets of the capture. False: this is no capture, or its rest cannot be read, which the
 * report says; more is not looked at. */
bool reader_feed(struct reader *reader, const uint8_t *octets, size_t count);

/* There are no more. Several files that are one capture (a ring of files) are fed one after the
 * other, each ended; frames are counted on. */
void reader_end(struct reader *reader);

const struct reader_report *reader_report(const struct reader *reader);

void reader_free(struct reader *reader);

#endif
