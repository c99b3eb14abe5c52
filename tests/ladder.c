/* See ladder.h.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "ladder.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 512, DEFAULT_WINDOW = 8192, DEFAULT_TEXT = 10, NO_COLUMN = 10000 };
static const int64_t SECOND = 1000000000;
static const int64_t ROW_TIME = 10000000; /* rows are 10 ms apart unless the file says more */

struct reader {
    struct ladder *ladder;
    int line, column_b; /* where the heading `TCP Peer B` begins */
    uint32_t send[2];   /* first sequence numbers of the peers, as remarks give them */
    bool knows_send[2];
    state_set start[2]; /* states of the label rows before the first segment */
};

static bool fail(struct reader *r, const char *format, ...)
{
    va_list args;
    int n = snprintf(r->ladder->error, LADDER_ERROR_MAX, "%d: ", r->line);
    va_start(args, format);
    vsnprintf(r->ladder->error + n, (size_t)(LADDER_ERROR_MAX - n), format, args);
    va_end(args);
    return false;
}

/* A state by any of its names: SYN-RECEIVED, SYN_RCVD. */
static enum state find_state(const char *word, size_t length)
{
    for (int n = STATE_CLOSED; n < STATE_COUNT; n++) {
        const struct state_text *t = state_text((enum state)n);
        if ((strlen(t->name) == length && !strncmp(word, t->name, length)) ||
            (strlen(t->rfc) == length && !strncmp(word, t->rfc, length)))
            return (enum state)n;
    }
    return STATE_UNKNOWN;
}

static size_t word_length(const char *at)
{
    return strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
}

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

/* ---- fields of a segment: <SEQ=100><ACK=300><CTL=FIN,ACK> ---- */

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
    F_WS,
    F_MSS,
    F_TSVAL,
    F_TSECR,
    F_TFO,
    F_COOKIE,
    F_FASTCLOSE,
    F_BADSUM,
    F_BADHEADER,
    F_ICMP,
    FIELDS
};
static const char *const field_names[FIELDS] = {
    "SEQ",   "ACK", "CTL",    "DATA",      "WIN",    "WS",        "MSS", "TSVAL",
    "TSECR", "TFO", "COOKIE", "FASTCLOSE", "BADSUM", "BADHEADER", "ICMP"};

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

/* `at` is just behind '<'. */
static bool read_field(struct ladder_row *row, const char *at)
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

static const double LONGEST =
    1e6; /* seconds between two rows, so that their sum is representable */

/* ---- remarks: (lost) (! check) (after 5 s) ... ---- */

static bool read_checks(struct reader *r, uint16_t *checks, unsigned *count, const char *at)
{
    while (*at != ')') {
        const size_t n = word_length(at);
        unsigned check = 0;
        while (check < CHECK_COUNT && (strlen(check_text(check)->name) != n ||
                                       strncmp(check_text(check)->name, at, n) != 0))
            check++;
        if (check == CHECK_COUNT || *count == LADDER_CHECKS_MAX)
            return fail(r, "no such check: %.*s", (int)n, at);
        checks[(*count)++] = (uint16_t)check;
        at += n;
        at += strspn(at, ", ");
    }
    return true;
}

static bool read_owes(struct reader *r, struct ladder_row *row, const char *at)
{
    static const char *const names[REPLY_COUNT] = {
#define REPLY(id, text, cite) [id] = #id,
#include "replies.def"
#undef REPLY
    };
    const size_t n = word_length(at), prefix = strlen("OWES_");
    for (int i = 0; i < REPLY_COUNT; i++)
        if (strlen(names[i]) == n + prefix && !strncmp(names[i] + prefix, at, n)) {
            row->owes = i;
            return true;
        }
    return fail(r, "no such reply: %.*s", (int)n, at);
}

static bool read_verdict(struct reader *r, struct ladder_row *row, const char *at)
{
    static const char *const names[] = {"legal", "unusual", "incomplete", "illegal"};
    for (int i = 0; i < 4; i++)
        if (!strncmp(at, names[i], strlen(names[i]))) {
            row->verdict = i;
            return true;
        }
    return fail(r, "no such verdict: %.10s", at);
}

/* (again 3) or (again 3, doublings 2, evens 0) */
static bool read_again(struct reader *r, struct ladder_row *row, const char *at)
{
    const int found =
        sscanf(at, "(again %d, doublings %d, evens %d)", &row->again, &row->doublings, &row->evens);
    return found == 1 || found == 3 ||
           fail(r, "expected (again N) or (again N, doublings N, evens N)");
}

/* (A may be LISTEN, SYN-RECEIVED) */
static bool read_possible(struct reader *r, struct ladder_row *row, int peer, const char *at)
{
    while (*at != ')') {
        const size_t n = word_length(at);
        const enum state state = find_state(at, n);
        if (state == STATE_UNKNOWN)
            return fail(r, "no such state: %.*s", (int)n, at);
        row->peer[peer].possible |= (state_set)(1u << state);
        at += n;
        at += strspn(at, ", ");
    }
    return true;
}

/* (send 300, receive 100), standing at one of the peers. */
static bool read_start(struct reader *r, int peer, const char *at)
{
    unsigned send, receive;
    if (sscanf(at, "(send %u,%*[ ]receive %u)", &send, &receive) != 2 &&
        sscanf(at, "(send %u,receive %u)", &send, &receive) != 2)
        return fail(r, "expected (send N, receive N)");
    r->send[peer] = send;
    r->send[!peer] = receive;
    r->knows_send[0] = r->knows_send[1] = true;
    return true;
}

/* A remark that means nothing to the reader is a remark. */
static bool read_remark(struct reader *r, struct ladder_row *row, const char *at, int column)
{
    double seconds;
    unsigned number;
    if (at[1] == '!' && at[2] == ' ')
        return read_checks(r, row->checks, &row->check_count, at + 2 + strspn(at + 2, " "));
    if (!strncmp(at, "(later ! ", 9))
        return read_checks(r, row->later, &row->later_count, at + 9);
    if (!strncmp(at, "(lost)", 6))
        row->arrives = false;
    else if (!strncmp(at, "(not captured)", 14))
        row->missed = true;
    else if (!strncmp(at, "(2 MSL)", 7))
        row->two_msl = true;
    else if (!strncmp(at, "(assumptions not marked)", 24))
        r->ladder->marks_assumptions = false;
    else if (sscanf(at, "(after %lf s)", &seconds) == 1) {
        if (!(seconds > -LONGEST && seconds < LONGEST))
            return fail(r, "too long");
        row->after = (int64_t)(seconds * (double)SECOND);
    } else if (sscanf(at, "(answers %u)", &number) == 1)
        row->answers = number;
    else if (sscanf(at, "(evidence %u)", &number) == 1)
        row->evidence = number;
    else if (!strncmp(at, "(again ", 7))
        return read_again(r, row, at);
    else if (!strncmp(at, "(owes ", 6))
        return read_owes(r, row, at + 6);
    else if (!strncmp(at, "(verdict ", 9))
        return read_verdict(r, row, at + 9);
    else if (!strncmp(at, "(send ", 6))
        return read_start(r, column >= r->column_b, at);
    else if ((at[1] == 'A' || at[1] == 'B') && !strncmp(at + 2, " may be ", 8))
        return read_possible(r, row, at[1] == 'B', at + 10);
    return true;
}

/* ---- one row ---- */

struct cursor {
    int arrows; /* how many of -->, <--, ... have been passed */
    const char *arrow[2];
    bool seen_segment;
};

static bool read_label(struct reader *r, struct ladder_row *row, const char *line, const char *at,
                       const struct cursor *c)
{
    const size_t n = word_length(at);
    const enum state state = find_state(at, n);
    const int peer = c->seen_segment || c->arrows == 2 ? 1
                     : c->arrows == 1                  ? -1
                                      : (int)(at - line) + (int)n / 2 >= (r->column_b * 3) / 5;
    if (state == STATE_UNKNOWN || peer < 0)
        return fail(r, "not a state: %.*s", (int)n, at);
    row->peer[peer].state = state;
    row->peer[peer].assumed = at[n] == '?';
    return true;
}

static bool is_arrow(const char *at)
{
    return !strncmp(at, "-->", 3) || !strncmp(at, "<--", 3) || !strncmp(at, "...", 3);
}

/* Which way, and does it leave and arrive: `-->` `...` departs from A, `...` `<--` from B, ... */
static bool read_arrows(struct reader *r, struct ladder_row *row, const struct cursor *c)
{
    if (c->arrows != 2)
        return fail(r, "a segment needs two arrows");
    const char left = *c->arrow[0], right = *c->arrow[1];
    if (left == '.' && right == '.')
        return fail(r, "a segment must leave or arrive");
    row->segment.from = left == '<' || right == '<';
    row->departs = row->segment.from ? right == '<' : left == '-';
    row->arrives = row->segment.from ? left == '<' : right == '-';
    return true;
}

static bool read_tokens(struct reader *r, struct ladder_row *row, const char *line, const char *at)
{
    struct cursor c = {0};
    bool lost = false;
    for (at += strspn(at, " \t"); *at; at += strspn(at, " \t")) {
        if (is_arrow(at)) {
            if (c.arrows == 2)
                return fail(r, "too many arrows");
            c.arrow[c.arrows++] = at;
            at += 3;
        } else if (*at == '<') {
            c.seen_segment = true;
            if (!read_field(row, at + 1))
                return fail(r, "not a field of a segment: %.20s", at);
            at += strcspn(at, ">");
            at += *at == '>';
        } else if (*at == '(') {
            lost |= !strncmp(at, "(lost)", 6);
            if (!strchr(at, ')'))
                return fail(r, "a remark is not closed");
            if (!read_remark(r, row, at, (int)(at - line)))
                return false;
            at = strchr(at, ')') + 1;
        } else {
            if (!read_label(r, row, line, at, &c))
                return false;
            at += word_length(at);
            at += *at == '?';
        }
    }
    row->has_segment = c.seen_segment;
    if (c.seen_segment && !read_arrows(r, row, &c))
        return false;
    row->arrives = row->arrives && !lost;
    row->captured = c.seen_segment && !row->missed;
    return true;
}

static struct ladder_row *new_row(struct reader *r)
{
    struct ladder *l = r->ladder;
    if (l->count == LADDER_ROWS_MAX)
        return NULL;
    l->row[l->count] = (struct ladder_row){
        .line = r->line, .owes = -1, .verdict = -1, .again = -1, .doublings = -1, .evens = -1};
    return &l->row[l->count++];
}

/* A segment in flight arrives unchanged: `... <SEQ=100>` stands for the one that left. */
static void recall_options(struct ladder *l, struct ladder_row *row)
{
    for (unsigned i = l->count - 1; row->arrives && !row->departs && i-- > 0;) {
        const struct segment *s = &l->row[i].segment, *new = &row->segment;
        if (l->row[i].departs && s->from == new->from && s->seq == new->seq && s->ack == new->ack &&
            s->flags == new->flags && s->text == new->text) {
            row->segment = *s;
            row->captured = false; /* it was captured when it left */
            return;
        }
    }
}

static bool read_row(struct reader *r, const char *line)
{
    const char *at = line + strspn(line, " \t");
    struct ladder_row *row = new_row(r);
    if (!row)
        return fail(r, "more than %d rows", LADDER_ROWS_MAX);
    row->number = (unsigned)strtoul(at, NULL, 10);
    if (row->number)
        at += strspn(at, "0123456789") + 1;
    else if (r->ladder->count > 1)
        row->number = row[-1].number;
    if (!read_tokens(r, row, line, at))
        return false;
    if (row->has_segment)
        recall_options(r->ladder, row);
    return true;
}

/* ---- the scene before the first segment ---- */

/* How two peers come into a pair of states: A's moves in capitals, B's in small letters; S SYN,
 * Y SYN,ACK, A ACK, F FIN,ACK. */
static const struct {
    state_set a, b;
    const char *moves;
} preludes[] = {
    {ESTABLISHED, ESTABLISHED, "SyA"}, {CLOSED, ESTABLISHED, "SyA"},
    {ESTABLISHED, CLOSED, "SyA"},      {SYN_SENT, SYN_RCVD, "S"},
    {ESTABLISHED, SYN_RCVD, "Sy"},     {FIN_WAIT_1, CLOSE_WAIT, "SyAF"},
    {FIN_WAIT_2, CLOSE_WAIT, "SyAFa"}, {CLOSE_WAIT, FIN_WAIT_1, "SyAf"},
    {CLOSE_WAIT, FIN_WAIT_2, "SyAfA"}, {TIME_WAIT, LAST_ACK, "SyAFaf"},
    {LAST_ACK, TIME_WAIT, "SyAfAF"},   {TIME_WAIT, CLOSED, "SyAFafA"},
    {CLOSED, TIME_WAIT, "SyAfAFa"},
};

static unsigned count_numbered(const char *moves, bool b)
{
    unsigned n = 0;
    for (; *moves; moves++)
        n += (islower((unsigned char)*moves) != 0) == b && !strchr("Aa", *moves);
    return n;
}

static void add_move(struct reader *r, char move, uint32_t next[2])
{
    struct ladder_row *row = new_row(r);
    if (!row)
        return;
    struct segment *s = &row->segment;
    const bool b = islower((unsigned char)move) != 0;
    const char kind = (char)toupper((unsigned char)move);
    row->has_segment = row->departs = row->arrives = row->captured = true;
    s->from = b;
    s->seq = next[b];
    s->flags = kind == 'S'   ? SEG_SYN
               : kind == 'Y' ? SEG_SYN | SEG_ACK
               : kind == 'F' ? SEG_FIN | SEG_ACK
                             : SEG_ACK;
    s->ack = segment_is(s, SEG_ACK) ? next[!b] : 0;
    next[b] = segment_end(s);
}

/* The first sequence number of a peer: as a remark gives it, or from the first segment. */
static uint32_t first_number(const struct reader *r, int peer)
{
    const struct ladder *l = r->ladder;
    if (r->knows_send[peer])
        return r->send[peer];
    for (unsigned i = 0; i < l->count; i++)
        if (l->row[i].has_segment && l->row[i].segment.from == peer)
            return l->row[i].segment.seq;
        else if (l->row[i].has_segment && segment_is(&l->row[i].segment, SEG_ACK))
            return l->row[i].segment.ack;
    return 0;
}

static void make_prelude(struct reader *r)
{
    struct ladder *l = r->ladder;
    const unsigned own = l->count;
    for (size_t i = 0; i < sizeof preludes / sizeof *preludes; i++) {
        if (preludes[i].a != r->start[0] || preludes[i].b != r->start[1])
            continue;
        uint32_t next[2];
        for (int p = 0; p < 2; p++)
            next[p] = first_number(r, p) - count_numbered(preludes[i].moves, p);
        for (const char *m = preludes[i].moves; *m; m++)
            add_move(r, *m, next);
    }
    l->prelude = l->count - own;
    for (unsigned k = 0; k < l->prelude; k++) { /* the scene was added last, and comes first */
        const struct ladder_row last = l->row[l->count - 1];
        memmove(&l->row[1], &l->row[0], (l->count - 1) * sizeof *l->row);
        l->row[0] = last;
    }
}

/* Label rows before the first segment are the scene, not something to check. */
static void take_scene(struct reader *r)
{
    struct ladder *l = r->ladder;
    unsigned scene = 0;
    for (; scene < l->count && !l->row[scene].has_segment; scene++)
        for (int p = 0; p < 2; p++)
            if (l->row[scene].peer[p].state)
                r->start[p] = (state_set)(1u << l->row[scene].peer[p].state);
    memmove(&l->row[0], &l->row[scene], (l->count - scene) * sizeof *l->row);
    l->count -= scene;
    make_prelude(r);
}

/* Times, windows and frame numbers follow from the rows before. */
static void number_rows(struct ladder *l)
{
    uint16_t window[2] = {DEFAULT_WINDOW, DEFAULT_WINDOW};
    int64_t now = SECOND;
    uint32_t frame = 0;
    for (unsigned i = 0; i < l->count; i++) {
        struct ladder_row *row = &l->row[i];
        now += ROW_TIME + row->after + (row->two_msl ? 61 * SECOND : 0);
        row->segment.time = now;
        if (row->has_window)
            window[row->segment.from] = row->segment.window;
        row->segment.window = window[row->segment.from];
        row->segment.frame = row->has_segment && row->captured ? ++frame : frame;
    }
}

bool ladder_read(FILE *in, struct ladder *ladder)
{
    char line[LINE_SIZE];
    struct reader r = {.ladder = ladder, .column_b = NO_COLUMN};
    ladder->count = ladder->prelude = 0;
    ladder->marks_assumptions = true;
    ladder->error[0] = '\0';
    while (fgets(line, sizeof line, in)) {
        r.line++;
        line[strcspn(line, "\r\n")] = '\0';
        if (strstr(line, "(assumptions not marked)"))
            ladder->marks_assumptions = false;
        if (strstr(line, "TCP Peer B"))
            r.column_b = (int)(strstr(line, "TCP Peer B") - line);
        else if (r.column_b != NO_COLUMN && line[strspn(line, " \t")] && !read_row(&r, line))
            return false;
    }
    if (r.column_b == NO_COLUMN)
        return fail(&r, "no heading `TCP Peer A ... TCP Peer B'");
    take_scene(&r);
    number_rows(ladder);
    return true;
}
