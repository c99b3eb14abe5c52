/* Pairs of sockets: which one does a segment belong to, and which of its ends sent it?
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PAIRS_H
#define TCPSTATE_PAIRS_H

#include "compat.h"

struct first;
struct folded;

/* A socket is one word for IPv4, three for anything longer; what ip.proto hands on has addresses of
 * 4 or 16 octets, and of a longer one the rest is ignored. */
enum { SOCKETS_WORDS_IPV4 = 2, SOCKET_WORDS_MAX = 3, SOCKETS_WORDS_MAX = 2 * SOCKET_WORDS_MAX };

/* Both sockets, the lower one first; the port is the end of a socket's last word. */
struct sockets {
    unsigned words; /* so many of them count */
    uint64_t word[SOCKETS_WORDS_MAX];
};

/* Per unordered pair of sockets, file scope. Used while segments are observed, each once, in
 * capture order: afterwards it holds what was true at the end of the file. Where the same sockets
 * are in several networks, the first is found here, and the others by networks.c. */
struct pair {
    struct pair *next; /* in the same bucket */
    union {
        struct first *first;   /* as long as no other segment was seen; NULL: nor it */
        struct folded *folded; /* afterwards, while its connection is at rest: memory.c */
    };
    uint32_t snapshot;  /* records.c: the last one written */
    uint32_t closed_at; /* so many records there were when its end was told last */
    uint16_t place;     /* of its connection while that is not at rest, or 0: memory.c */
    bool has_connection;
    bool unsettled;   /* later segments, or the end, may tell something else of earlier ones */
    uint8_t words;    /* of the sockets */
    uint16_t network; /* in which it was seen first */
    uint64_t word[];  /* as in struct sockets */
};

/* A file is opened: there are no pairs. */
void pairs_begin(void);

/* Put the sockets that a segment goes between, as the packet says; words that do not count are left
 * as they are. Returns which of the two is the source. */
uint8_t pairs_put_sockets(struct sockets *to, const address *src, uint16_t srcport,
                          const address *dst, uint16_t dstport);

static inline uint16_t pairs_port(const struct sockets *sockets, unsigned end)
{
    return (uint16_t)sockets->word[sockets->words / 2 * (end + 1) - 1];
}

/* Are they the same two? Every segment asks, and most have the fewest words. */
static inline bool pairs_are_same(const struct sockets *a, unsigned words, const uint64_t *word)
{
    uint64_t differs = (a->words ^ words) | (a->word[0] ^ word[0]) | (a->word[1] ^ word[1]);
    for (unsigned i = SOCKETS_WORDS_IPV4; !differs && i < words; i++)
        differs = a->word[i] ^ word[i];
    return !differs;
}

/* Their pair, new and zeroed if it was not known. */
struct pair *pairs_get(const struct sockets *sockets, uint16_t network);

/* Another pair of the same sockets, which is not found by them. */
struct pair *pairs_add_other(const struct sockets *sockets, uint16_t network);

/* The first pair, or NULL if it was not known. */
struct pair *pairs_find(const struct sockets *sockets);

#endif
