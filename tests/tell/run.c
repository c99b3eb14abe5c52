/* Tells a capture without Wireshark: `tell_run [-x | -w WIDTH | -n N] VIEW FILE`.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * FILE: what `-z tcpstate,segments` prints of a capture, or `ladder_run --seen` of a ladder. VIEW:
 *   live      the list as segments come, and what moved whom
 *   list      the same in hindsight
 *   plainly   the list in hindsight, without that
 *   ladder    all connections
 *   diagram   connection N, or the first
 *   story     each connection as JSON, in hindsight
 *   passing   the same, with no segment kept
 *   telling   the same as segments come
 *   endings   what tshark says in tcpstate.end, each sentence with its frame
 *   summary   the comment on an annotated copy
 *   connections  the table
 * -x: sequence numbers as they are. -w: the list on a terminal of so many columns.
 * Exit status: 0 told, 2 FILE cannot be read.                                                    */
#include "../dump.h"
#include "connection.h"
#include "live.h"
#include "passing.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct rules rules = {.two_msl = INT64_C(60) * 1000000000, .rfc5961 = true};

static void print(void *file, const char *text, size_t length)
{
    fwrite(text, 1, length, file);
}

static void *resize(void *memory, size_t size)
{
    void *resized = realloc(memory, size);
    if (resized)
        return resized;
    fprintf(stderr, "out of memory\n");
    exit(2);
}

static uint64_t any_number(void)
{
    return 9293;
}

/* ---- what was seen, as the reader tells it ---- */

static struct packet_socket socket_of(const struct seen *seen, unsigned end, uint8_t *address)
{
    const bool is_long = strchr(seen->host[end], ':') != NULL;
    inet_pton(is_long ? AF_INET6 : AF_INET, seen->host[end], address);
    return (struct packet_socket){address, is_long ? 16 : 4, seen->port[end]};
}

static struct reader_packet packet_of(const struct seen *seen)
{
    struct reader_packet packet = {
        .since_first = seen->since_first,
        .seen = {.segment = seen->segment, .is_icmp = seen->is_icmp, .icmp = seen->icmp}};
    uint8_t address[2][16];
    const unsigned from = seen->segment.from;
    const struct packet_socket src = socket_of(seen, from, address[0]),
                               dst = socket_of(seen, !from, address[1]);
    packet.seen.segment.from = sockets_put(&packet.seen.sockets, &src, &dst);
    return packet;
}

/* False: what is in the file is something else. */
static bool feed(FILE *in, void (*add)(void *context, struct reader_packet *packet), void *context)
{
    struct seen seen;
    uint32_t frame = 0;
    uint16_t layer = 0;
    while (dump_read(in, &seen)) {
        struct reader_packet packet = packet_of(&seen);
        packet.seen.layer = layer = seen.segment.frame == frame ? (uint16_t)(layer + 1) : 1;
        frame = seen.segment.frame;
        add(context, &packet);
    }
    return feof(in);
}

/* ---- views ---- */

static void print_sentence(void *frame, wording sentence)
{
    printf("%u\t%s\n", *(const uint32_t *)frame, sentence);
}

static void tell_ending(void *unused, const struct told *told)
{
    struct ending ending;
    uint32_t frame = told->account.segment->frame;
    (void)unused;
    if (capture_ending(told, &ending))
        ending_tell(&told->recorded.verdict, &ending, print_sentence, &frame);
}

static bool view_endings(const struct look *look, const struct sink *to)
{
    (void)look;
    (void)to;
    capture_each(tell_ending, NULL);
    return true;
}

static bool tell_live(FILE *in, const char *name, const struct look *look, const struct sink *to)
{
    static struct live live;
    if (strcmp(name, "live") == 0)
        live_begin_list(&live, look, to, rules.two_msl);
    else
        live_begin_stories(&live, look, to, rules.two_msl);
    const bool read = feed(in, live_add, &live);
    live_end(&live);
    return read;
}

/* Exit status. */
static int run(FILE *in, const char *name, struct look *look)
{
    static const struct {
        const char *name;
        view *view;
    } views[] = {{"list", view_list},       {"plainly", view_list},
                 {"ladder", view_ladder},   {"diagram", view_diagram},
                 {"story", view_story},     {"endings", view_endings},
                 {"summary", view_summary}, {"connections", view_connections}};
    const struct lender lender = {resize, free, any_number};
    const struct sink to = {print, stdout};
    if (strcmp(name, "passing") == 0) {
        passing_begin_stories(&lender, &rules, look, &to);
        const bool is_read = feed(in, passing_add, NULL);
        passing_end();
        return is_read ? 0 : 2;
    }
    look->why = strcmp(name, "plainly") != 0;
    capture_begin(&lender, &rules);
    if (strcmp(name, "live") == 0 || strcmp(name, "telling") == 0)
        return tell_live(in, name, look, &to) ? 0 : 2;
    if (!feed(in, capture_add, NULL))
        return 2;
    for (unsigned i = 0; i < sizeof views / sizeof *views; i++)
        if (strcmp(name, views[i].name) == 0) {
            views[i].view(look, &to);
            return 0;
        }
    return 2;
}

int main(int argc, char **argv)
{
    struct look look = {.exact = argc == 4 && strcmp(argv[1], "-x") == 0, .wanted = -1};
    if (argc == 5 && strcmp(argv[1], "-w") == 0)
        look.width = (unsigned)strtoul(argv[2], NULL, 10);
    if (argc == 5 && strcmp(argv[1], "-n") == 0)
        look.wanted = strtol(argv[2], NULL, 10);
    const int options = look.exact ? 1 : look.width || look.wanted >= 0 ? 2 : 0;
    FILE *in = argc == 3 + options ? fopen(argv[argc - 1], "r") : NULL;
    if (!in) {
        fprintf(stderr, "usage: tell_run [-x | -w WIDTH | -n N] live|list|plainly|ladder|diagram|"
                        "story|passing|telling|endings|summary|connections FILE\n");
        return 2;
    }
    const int status = run(in, argv[argc - 2], &look);
    fclose(in);
    return status;
}
