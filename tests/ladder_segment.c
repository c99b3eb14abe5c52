/* The fields of a segment in a ladder: <SEQ=100><ACK=300><CTL=FIN,ACK>.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "ladder_reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_TEXT = 10 };

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
    } names[] = {{"FIN", SEG_FIN}, {"SYN", SEG_SYN}, {"RST", SEG_RST}, {"PSH", SEG_PSH},
                 {"ACK", SEG_ACK}, {"URG", SEG_URG}, {"NONE", 0}};
    while (*at && *at != '>') {
        size_t i = 0;
        while (i < 7 && strncmp(at, names[i].name, strlen(names[i].name)) != 0)
            i++;
        if (i == 7)
            return false;
        *flags |= names[i].flag;
        at += strlen(names[i].name);
        at += *at == ',';
    }
    return true;
}

enum field {
    F_SEQ,
    F_ACK,
    F_CTL,
    F_DATA,
    F_WIN,
    F_WND,
    F_WS,
    F_MSS,
    F_TSVAL,
    F_TSECR,
    F_TFO,
    F_COOKIE,
    F_FASTCLOSE,
    F_SACK,
    F_DSACK,
    F_TTL,
    F_ID,
    F_BADSUM,
    F_BADHEADER,
    F_ICMP,
    FIELDS
};
static const char *const field_names[FIELDS] = {
    "SEQ", "ACK",    "CTL",       "DATA", "WIN",   "WND", "WS", "MSS",    "TSVAL",     "TSECR",
    "TFO", "COOKIE", "FASTCLOSE", "SACK", "DSACK", "TTL", "ID", "BADSUM", "BADHEADER", "ICMP"};

static bool set_field(struct ladder_row *row, enum field field, uint32_t n)
{
    struct segment *s = &row->segment;
    switch (field) {
    case F_SEQ:
        s->seq = n;
        break;
    case F_ACK:
        s->ack = n;
        break;
    case F_DATA:
        s->text = n;
        break;
    case F_WIN:
        s->window = (uint16_t)n;
        row->has_window = true;
        break;
    case F_WND: /* the scale is known when all rows are */
        row->octets = n;
        row->has_window = row->is_scaled = true;
        break;
    case F_WS:
        s->wscale = (uint8_t)n;
        s->has |= HAS_WSCALE;
        break;
    case F_MSS:
        s->mss = (uint16_t)n;
        s->has |= HAS_MSS;
        break;
    case F_TSVAL:
        s->tsval = n;
        s->has |= HAS_TIMESTAMPS;
        break;
    case F_TSECR:
        s->tsecr = n;
        s->has |= HAS_TIMESTAMPS;
        break;
    case F_TFO:
        s->has |= HAS_FAST_OPEN;
        break;
    case F_COOKIE:
        s->has |= HAS_FAST_OPEN | HAS_FAST_COOKIE;
        break;
    case F_FASTCLOSE:
        s->has |= HAS_FAST_CLOSE;
        break;
    case F_SACK:
        s->has |= HAS_SACK;
        break;
    case F_DSACK:
        s->has |= HAS_DSACK;
        s->dsack = (uint16_t)n;
        break;
    case F_TTL:
        s->ttl = (uint8_t)n;
        break;
    case F_ID:
        s->ip_id = (uint16_t)n;
        break;
    case F_BADSUM:
        s->has |= HAS_BAD_CHECKSUM;
        break;
    case F_BADHEADER:
        s->has |= HAS_BAD_HEADER;
        break;
    case F_ICMP:
    case F_CTL:
    case FIELDS:
        return false;
    }
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
    for (int f = 0; f < FIELDS; f++) {
        const size_t n = strlen(field_names[f]);
        uint32_t number = DEFAULT_TEXT;
        if (strncmp(at, field_names[f], n) != 0 || (at[n] != '=' && at[n] != '>'))
            continue;
        if (f == F_ICMP)
            return read_icmp(row, at + n + 1);
        if (f == F_CTL)
            return read_flags(at + n + 1, &row->segment.flags);
        if (at[n] == '=' && !read_number(at + n + 1, &number))
            return false;
        return set_field(row, (enum field)f, number);
    }
    return false;
}
