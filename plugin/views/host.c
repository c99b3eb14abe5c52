/* See host.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "host.h"

#include "number.h"

enum { GROUPS = 8, IPV4_OCTETS = 4 };

static void write_octets(const struct sink *to, uint32_t address)
{
    for (unsigned shift = 24;; shift -= 8) {
        sink_word(to, NUMBER(address >> shift & 0xff));
        if (!shift)
            return;
        sink_word(to, ".");
    }
}

static void write_group(const struct sink *to, unsigned group)
{
    static const char digit[] = "0123456789abcdef";
    unsigned shift = 12;
    while (shift && !(group >> shift))
        shift -= 4;
    for (;; shift -= 4) {
        to->write(to->context, &digit[group >> shift & 15], 1);
        if (!shift)
            return;
    }
}

/* A run of groups that are zero. */
struct run {
    unsigned first, count;
};

/* The longest of at least two, the first of these (RFC 5952 section 4.2). */
static struct run longest_run(const unsigned *group)
{
    struct run longest = {GROUPS, 1}, run = {0, 0};
    for (unsigned i = 0; i < GROUPS; i++) {
        run = group[i] ? (struct run){i + 1, 0} : (struct run){run.first, run.count + 1};
        if (run.count > longest.count)
            longest = run;
    }
    return longest;
}

/* An IPv4 address inside: ::192.0.2.1, or ::ffff:192.0.2.1 (RFC 5952 section 5). */
static bool ends_as_ipv4(const unsigned *group, const struct run *zeros)
{
    return zeros->first == 0 && (zeros->count == 6 || (zeros->count == 5 && group[5] == 0xffff));
}

static void write_ipv6(const struct sink *to, const uint64_t *word)
{
    unsigned group[GROUPS];
    for (unsigned i = 0; i < GROUPS; i++)
        group[i] = word[i / 4] >> (48 - 16 * (i % 4)) & 0xffff;
    const struct run zeros = longest_run(group);
    const bool has_ipv4 = ends_as_ipv4(group, &zeros);
    for (unsigned i = 0; i < GROUPS; i++) {
        if (i == zeros.first) {
            sink_word(to, "::");
            i += zeros.count - 1;
            continue;
        }
        if (i && i != zeros.first + zeros.count)
            sink_word(to, ":");
        if (has_ipv4 && i == GROUPS - 2) {
            write_octets(to, (uint32_t)word[1]);
            return;
        }
        write_group(to, group[i]);
    }
}

static void write_short(const struct sink *to, const void *socket)
{
    write_octets(to, (uint32_t)(*(const uint64_t *)socket >> 16));
}

static void write_long(const struct sink *to, const void *socket)
{
    const uint64_t *word = socket;
    if (word[SOCKET_WORDS_MAX - 1] >> 16 == IPV4_OCTETS)
        write_octets(to, (uint32_t)(word[0] >> 32));
    else
        write_ipv6(to, word);
}

void host_name_ends(struct account *a, const struct pair *pair)
{
    const unsigned words = pair->words / 2;
    a->write_host = pair->words == SOCKETS_WORDS_IPV4 ? write_short : write_long;
    for (unsigned end = 0; end < 2; end++) {
        a->host[end] = pair->word + end * words;
        a->port[end] = (uint16_t)pair->word[(end + 1) * words - 1];
    }
}
