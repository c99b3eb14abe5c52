/* The two sockets that a segment goes between (RFC 9293 section 4, "socket").
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_SOCKETS_H
#define TCPSTATE_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

/* A socket is one word for IPv4, three for anything longer; addresses have 4 or 16 octets, and of a
 * longer one the rest is ignored. */
enum { SOCKETS_WORDS_IPV4 = 2, SOCKET_WORDS_MAX = 3, SOCKETS_WORDS_MAX = 2 * SOCKET_WORDS_MAX };

/* One of them, as the packet has it: `size` octets of address. */
struct packet_socket {
    const void *address;
    unsigned size;
    uint16_t port;
};

/* Both, the lower one first; the port is the end of a socket's last word. */
struct sockets {
    unsigned words; /* so many of them count */
    uint64_t word[SOCKETS_WORDS_MAX];
};

/* Words that do not count are left as they are. Returns which of the two is the source: 0 or 1. */
uint8_t sockets_put(struct sockets *to, const struct packet_socket *src,
                    const struct packet_socket *dst);

static inline uint16_t sockets_port(const struct sockets *sockets, unsigned end)
{
    return (uint16_t)sockets->word[sockets->words / 2 * (end + 1) - 1];
}

/* Are they the same two? Every segment asks, and most have the fewest words. */
static inline bool sockets_are_same(const struct sockets *a, unsigned words, const uint64_t *word)
{
    uint64_t differs = (a->words ^ words) | (a->word[0] ^ word[0]) | (a->word[1] ^ word[1]);
    for (unsigned i = SOCKETS_WORDS_IPV4; !differs && i < words; i++)
        differs = a->word[i] ^ word[i];
    return !differs;
}

#endif
