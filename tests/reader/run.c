/* Prints what the reader sees, a line for each segment (dump.h): `reader_run CAPTURE...`.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Several captures are one. On standard error, where there is more to say, what was not read. Exit
 * status: 0; 1 where a file makes no sense from some octet on; 2 where one cannot be opened. */
#include "dump.h"
#include "reader.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE_MAX = 1 << 16 };

static void put_word(uint8_t *to, uint64_t word)
{
    for (unsigned i = 0; i < 8; i++)
        to[i] = (uint8_t)(word >> (56 - 8 * i));
}

static void write_host(char *to, const struct sockets *sockets, unsigned end)
{
    uint8_t octet[16];
    const bool is_short = sockets->words == SOCKETS_WORDS_IPV4;
    if (is_short) {
        put_word(octet, sockets->word[end] << 16);
    } else {
        put_word(octet, sockets->word[end * SOCKET_WORDS_MAX]);
        put_word(octet + 8, sockets->word[end * SOCKET_WORDS_MAX + 1]);
    }
    inet_ntop(is_short ? AF_INET : AF_INET6, octet, to, HOST_SIZE);
}

static void tell(void *context, struct reader_packet *packet)
{
    const struct sighting *s = &packet->seen;
    struct seen seen = {.segment = s->segment,
                        .since_first = packet->since_first,
                        .is_icmp = s->is_icmp,
                        .icmp = s->icmp};
    for (unsigned end = 0; end < 2; end++) {
        write_host(seen.host[end], &s->sockets, end);
        seen.port[end] = sockets_port(&s->sockets, end);
    }
    dump_write(context, &seen);
}

/* In pieces of so many octets: what is told must not depend on it. */
static bool feed(struct reader *reader, FILE *in, size_t piece)
{
    static uint8_t octets[PIECE_MAX];
    size_t count;
    bool is_read = true;
    while (is_read && (count = fread(octets, 1, piece, in)) > 0)
        is_read = reader_feed(reader, octets, count);
    reader_end(reader);
    return is_read;
}

static void report(const char *name, const struct reader_report *r)
{
    if (!r->is_capture)
        fprintf(stderr, "%s: no capture\n", name);
    else if (r->broken_at || r->cut_off || r->unknown_link || r->other_blocks || r->given_up)
        fprintf(stderr,
                "%s: %" PRIu32 " frames, broken at %" PRIu64 ", cut off %" PRIu32
                ", unknown link %" PRIu32 ", other blocks %" PRIu32 ", given up %" PRIu32 "\n",
                name, r->frames, r->broken_at, r->cut_off, r->unknown_link, r->other_blocks,
                r->given_up);
}

int main(int argc, char **argv)
{
    const char *piece = getenv("READER_PIECE");
    const size_t size = piece ? (size_t)atoi(piece) : PIECE_MAX;
    struct reader *reader = reader_new(tell, stdout);
    int status = 0;
    if (!reader || size < 1 || size > PIECE_MAX)
        return 2;
    for (int i = 1; i < argc; i++) {
        FILE *in = fopen(argv[i], "rb");
        if (!in) {
            perror(argv[i]);
            return 2;
        }
        if (!feed(reader, in, size))
            status = 1;
        fclose(in);
        report(argv[i], reader_report(reader));
    }
    reader_free(reader);
    return status;
}
