/* The fields of a segment in a ladder: <SEQ=100><ACK=300><CTL=FIN,ACK>.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "ladder_reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_TEXT = 10, KEY_SIZE = 16 };

/* A number, or a letter that stands for one: 100, Z, Z+1. */
static bool read_number(const char *at, uint32_t *value)
{
    char *end;
    if (isupper((unsigned char)*at)) {
        *value = 1000u * (uint32_t)(*at - 'A' + 1);
        if (at[1] == '+')
            *value += (uint32_t)strtoul(at + 2, &end, 10);
        return true;
    }
    *value = (uint32_t)strtoul(at, &end, 10);
    return end != at;
}

static bool read_flags(const char *at, uint8_t *flags)
{
    static const struct {
        const char *name;
        uint8_t flag;
    } names[] = {
#define FLAG(name, bit) {#name, SEG_##name},
#include "tables/segment.def"
        {"NONE", 0}};
    enum { NAMES = sizeof names / sizeof *names };
    while (*at && *at != '>') {
        size_t i = 0;
        while (i < NAMES && strncmp(at, names[i].name, strlen(names[i].name)) != 0)
            i++;
        if (i == NAMES)
            return false;
        *flags |= names[i].flag;
        at += strlen(names[i].name);
        at += *at == ',';
    }
    return true;
}

/* One field as segment.def has it. */
static bool set_member(struct segment *s, const char *key, uint32_t n)
{
#define HEADER(type, member, bits, ladder, section, what)                                          \
    if (strcmp(key, ladder) == 0) {                                                                \
        s->member = (type)n;                                                                       \
        return true;                                                                               \
    }
#define OPTION(type, member, which, ladder, shown, section, what)                                  \
    if (strcmp(key, ladder) == 0) {                                                                \
        s->member = (type)n;                                                                       \
        s->has |= HAS_##which;                                                                     \
        return true;                                                                               \
    }
#define HAS(name, bit, ladder, shown, section, what)                                               \
    if (strcmp(key, ladder) == 0) {                                                                \
        s->has |= HAS_##name;                                                                      \
        return true;                                                                               \
    }
#include "tables/segment.def"
    return false;
}

/* The scale of WND is known when all rows are. */
static bool set_field(struct ladder_row *row, const char *key, uint32_t n)
{
    struct segment *s = &row->segment;
    const bool in_octets = strcmp(key, "WND") == 0;
    row->has_window |= in_octets || strcmp(key, "WIN") == 0;
    row->is_scaled |= in_octets;
    if (in_octets)
        row->octets = n;
    else if (!set_member(s, key, n))
        return false;
    if (s->has & HAS_FAST_COOKIE)
        s->has |= HAS_FAST_OPEN; /* which it is in */
    return true;
}

/* <ICMP=hard> or <ICMP=soft>: an error that comes to a peer about what it has sent. */
static bool read_icmp(struct ladder_row *row, const char *at)
{
    row->is_icmp = true;
    row->icmp = strncmp(at, "hard", 4) == 0 ? ICMP_HARD : ICMP_SOFT;
    return !strncmp(at, "hard>", 5) || !strncmp(at, "soft>", 5);
}

bool ladder_read_field(struct ladder_row *row, const char *at)
{
    char key[KEY_SIZE];
    uint32_t number = DEFAULT_TEXT;
    const size_t n = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (n == 0 || n >= sizeof key || (at[n] != '=' && at[n] != '>'))
        return false;
    memcpy(key, at, n);
    key[n] = '\0';
    at += n;
    if (strcmp(key, "ICMP") == 0)
        return read_icmp(row, at + 1);
    if (strcmp(key, "CTL") == 0)
        return read_flags(at + 1, &row->segment.flags);
    if (*at == '=' && !read_number(at + 1, &number))
        return false;
    return set_field(row, key, number);
}
