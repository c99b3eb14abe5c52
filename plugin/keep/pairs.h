/* Pairs of sockets: which one does a segment belong to, and which of its ends sent it?
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PAIRS_H
#define TCPSTATE_PAIRS_H

#include "sockets.h"

struct first;
struct folded;
struct passing;

/* Per unordered pair of sockets, as long as the capture. Used while segments are observed, each
 * once, in capture order: afterwards it holds what was true at the end of the file. Where the same
 * sockets are in several networks, the first is found here, and the others by ways.c. */
struct pair {
    struct pair *next; /* in the same bucket */
    union {
        struct first *first;   /* as long as no other segment was seen; NULL: nor it */
        struct folded *folded; /* afterwards, while its connection is at rest: memory.c */
    };
    union {
        struct {                /* records.c */
            uint32_t snapshot;  /* the last one written */
            uint32_t closed_at; /* so many records there were when its end was told last */
        };
        struct passing *passing; /* settle.c; NULL as long as no other segment was seen */
    };
    uint16_t place; /* of its connection while that is not at rest, or 0: memory.c */
    bool has_connection;
    bool unsettled;   /* later segments, or the end, may tell something else of earlier ones */
    uint8_t words;    /* of the sockets */
    uint16_t network; /* in which it was seen first */
    uint64_t word[];  /* as in struct sockets */
};

/* A capture begins: there are no pairs. */
void pairs_begin(void);

/* Their pair, new and zeroed if it was not known. */
struct pair *pairs_get(const struct sockets *sockets, uint16_t network);

/* Another pair of the same sockets, which is not found by them. */
struct pair *pairs_add_other(const struct sockets *sockets, uint16_t network);

/* The first pair, or NULL if it was not known. */
struct pair *pairs_find(const struct sockets *sockets);

#endif
