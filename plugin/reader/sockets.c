/* See sockets.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "sockets.h"

#include <string.h>

enum { ADDRESS_MAX = 16 };

/* So many octets in network byte order as a number. */
static uint64_t number_of(const uint8_t *octet, unsigned count)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < count; i++)
        number = number << 8 | octet[i];
    return number;
}

/* Port last, so that one host's sockets differ late; the order itself means nothing. */
static void put_long_socket(uint64_t *to, const struct packet_socket *s)
{
    uint8_t octet[ADDRESS_MAX] = {0};
    if (s->size)
        memcpy(octet, s->address, s->size < ADDRESS_MAX ? s->size : ADDRESS_MAX);
    to[0] = number_of(octet, 8);
    to[1] = number_of(octet + 8, 8);
    to[2] = (uint64_t)s->size << 16 | s->port;
}

static uint8_t put_long_sockets(struct sockets *to, const struct packet_socket *src,
                                const struct packet_socket *dst)
{
    uint64_t a[SOCKET_WORDS_MAX], b[SOCKET_WORDS_MAX];
    unsigned i = 0;
    put_long_socket(a, src);
    put_long_socket(b, dst);
    while (i < SOCKET_WORDS_MAX - 1 && a[i] == b[i])
        i++;
    const bool from = a[i] > b[i];
    to->words = SOCKETS_WORDS_MAX;
    memcpy(to->word, from ? b : a, sizeof a);
    memcpy(to->word + SOCKET_WORDS_MAX, from ? a : b, sizeof b);
    return from;
}

static uint64_t short_socket(const struct packet_socket *s)
{
    return number_of(s->address, sizeof(uint32_t)) << 16 | s->port;
}

uint8_t sockets_put(struct sockets *to, const struct packet_socket *src,
                    const struct packet_socket *dst)
{
    if (src->size != sizeof(uint32_t) || dst->size != sizeof(uint32_t))
        return put_long_sockets(to, src, dst);
    const uint64_t a = short_socket(src), b = short_socket(dst);
    to->words = SOCKETS_WORDS_IPV4;
    to->word[0] = a < b ? a : b;
    to->word[1] = a < b ? b : a;
    return a > b;
}
