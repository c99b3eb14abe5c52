/* Pairs of sockets: which one does a segment belong to, and which of its ends sent it?
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PAIRS_H
#define TCPSTATE_PAIRS_H

#include "compat.h"

struct folded;
struct segment;

/* Per unordered pair of sockets, file scope. Used on the first pass only: afterwards it holds what
 * was true at the end of the file. */
struct pair {
    struct pair *next; /* in the same bucket */
    union {
        struct segment *first; /* as long as no other segment was seen; NULL: nor it */
        struct folded *folded; /* afterwards, while its connection is at rest: rest.c */
    };
    uint32_t number;   /* of its present connection (incarnation) */
    uint32_t snapshot; /* records.c: the last one written */
    uint16_t place;    /* of its connection while that is not at rest, or 0: rest.c */
    bool has_connection;
    uint8_t words;  /* of the key */
    uint64_t key[]; /* both sockets, lower one first */
};

/* A file is opened: there are no pairs. */
void pairs_begin(void);

/* The pair of the two sockets, new and zeroed if it was not known. `from` becomes 0 when the source
 * is its lower socket, 1 when it is the higher one. */
struct pair *pairs_get(const address *src, uint16_t srcport, const address *dst, uint16_t dstport,
                       uint8_t *from);

/* The same, but NULL if it was not known. */
struct pair *pairs_find(const address *src, uint16_t srcport, const address *dst, uint16_t dstport,
                        uint8_t *from);

#endif
