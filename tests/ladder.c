/* See ladder.h. Here are rows: labels, arrows and remarks.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#include "bystander.h"
#include "ladder_reader.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_SIZE = 512,
    DEFAULT_WINDOW = 8192,
    DEFAULT_TTL = 64,
    WSCALE_MAX = 14,
    NO_COLUMN = 10000
};
static const int64_t SECOND = 1000000000;
static const int64_t ROW_TIME = 10000000; /* rows are 10 ms apart unless the file says more */

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
#include "tables/replies.def"
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

/* (cause refused 1), or without the row */
static bool read_cause(struct reader *r, struct ladder_row *row, const char *at)
{
    static const char *const words[CAUSE_COUNT] = {
#define CAUSE(id, sentence, cite, reasons) #id,
#include "tables/causes.def"
#undef CAUSE
    };
    const size_t n = word_length(at);
    for (int cause = 0; cause < CAUSE_COUNT; cause++)
        if (strlen(words[cause]) == n && !strncmp(words[cause], at, n)) {
            row->cause = cause;
            row->cause_row = (unsigned)strtoul(at + n, NULL, 10);
            return true;
        }
    return fail(r, "no such cause: %.*s", (int)n, at);
}

/* (sent again: timeout) */
static bool read_resend(struct reader *r, struct ladder_row *row, const char *at)
{
    static const char *const words[RESEND_COUNT] = {
#define RESEND(id, sentence, cite, states) #id,
#include "tables/resends.def"
    };
    const size_t n = word_length(at);
    for (row->resend = 0; row->resend < RESEND_COUNT; row->resend++)
        if (strlen(words[row->resend]) == n && !strncmp(words[row->resend], at, n))
            return true;
    return fail(r, "no such reason to send again: %.*s", (int)n, at);
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

/* (live A CLOSE-WAIT? ! name, name); either part may be missing. */
static bool read_live(struct reader *r, struct ladder_row *row, const char *at)
{
    if ((*at == 'A' || *at == 'B') && at[1] == ' ') {
        struct ladder_label *label = &row->peer[*at == 'B'];
        const size_t n = word_length(at + 2);
        label->live = find_state(at + 2, n);
        if (label->live == STATE_UNKNOWN)
            return fail(r, "no such state: %.*s", (int)n, at + 2);
        at += 2 + n;
        label->live_assumed = *at == '?';
        at += *at == '?';
        at += strspn(at, " ");
    }
    if (*at == '!')
        return read_checks(r, row->live, &row->live_count, at + 1 + strspn(at + 1, " "));
    return *at == ')' || fail(r, "expected (live A STATE ! name, name)");
}

/* The fate that the remark tells: (lost) and the like. */
static enum fate fate_of(const char *at)
{
    static const char *const words[FATE_COUNT] = {[FATE_LOST] = "lost",
                                                  [FATE_REFUSED] = "refused",
                                                  [FATE_NOT_ITS_OWN] = "not its own",
                                                  [FATE_NO_FIN] = "no FIN"};
    const size_t length = strcspn(at + 1, "?,)");
    for (int fate = FATE_LOST; fate < FATE_COUNT; fate++)
        if (strlen(words[fate]) == length && !strncmp(at + 1, words[fate], length))
            return (enum fate)fate;
    return FATE_NONE;
}

/* What became of the segment: (lost), or (lost?, see 4), where that is not sure and
 * row 4 shows it. */
static bool read_fate(struct ladder_row *row, const char *at)
{
    const enum fate fate = fate_of(at);
    if (fate == FATE_NONE)
        return false;
    row->fate = fate;
    at += strcspn(at, "?,)");
    row->is_fate_unsure = *at == '?';
    at += row->is_fate_unsure;
    sscanf(at, ", see %u", &row->shown_by);
    return true;
}

/* A remark that means nothing to the reader is a remark. */
static bool read_remark(struct reader *r, struct ladder_row *row, const char *at, int column)
{
    double seconds;
    unsigned number;
    if (at[1] == '!' && at[2] == ' ')
        return read_checks(r, row->checks, &row->check_count, at + 2 + strspn(at + 2, " "));
    if (read_fate(row, at))
        return true;
    if (!strncmp(at, "(not captured)", 14))
        row->missed = true;
    else if (!strncmp(at, "(untold)", 8))
        row->untold = true;
    else if (!strncmp(at, "(2 MSL)", 7))
        row->two_msl = true;
    else if (!strncmp(at, "(assumptions not marked)", 24))
        r->ladder->marks_assumptions = false;
    else if (sscanf(at, "(after %lf s)", &seconds) == 1) {
        if (!(seconds > -LONGEST && seconds < LONGEST))
            return fail(r, "too long");
        row->after = (int64_t)(seconds * (double)SECOND);
    } else if (sscanf(at, "(idle %lf s)", &seconds) == 1)
        row->idle = (int64_t)(seconds * 1000 + 0.5) * (SECOND / 1000);
    else if (sscanf(at, "(answers %u)", &number) == 1)
        row->answers = number;
    else if (sscanf(at, "(evidence %u)", &number) == 1)
        row->evidence = number;
    else if (sscanf(at, "(shown by %u)", &number) == 1)
        row->shown_by = number;
    else if (sscanf(at, "(%u times)", &number) == 1)
        r->times = number;
    else if (!strncmp(at, "(live ", 6))
        return read_live(r, row, at + 6);
    else if (!strncmp(at, "(again ", 7))
        return read_again(r, row, at);
    else if (!strncmp(at, "(cause ", 7))
        return read_cause(r, row, at + 7);
    else if (!strncmp(at, "(sent again: ", 13))
        return read_resend(r, row, at + 13);
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
    if (row->fate == FATE_LOST)
        row->arrives = false;
    else if (!row->arrives && !row->fate)
        row->fate = FATE_LATE;
    return true;
}

static bool read_tokens(struct reader *r, struct ladder_row *row, const char *line, const char *at)
{
    struct cursor c = {0};
    for (at += strspn(at, " \t"); *at; at += strspn(at, " \t")) {
        if (is_arrow(at)) {
            if (c.arrows == 2)
                return fail(r, "too many arrows");
            c.arrow[c.arrows++] = at;
            at += 3;
        } else if (*at == '<') {
            c.seen_segment = true;
            if (!ladder_read_field(row, at + 1))
                return fail(r, "not a field of a segment: %.20s", at);
            at += strcspn(at, ">");
            at += *at == '>';
        } else if (*at == '(') {
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
    row->captured = c.seen_segment && !row->missed;
    return true;
}

struct ladder_row *ladder_new_row(struct reader *r)
{
    struct ladder *l = r->ladder;
    if (l->count == LADDER_ROWS_MAX)
        return NULL;
    l->row[l->count++] = (struct ladder_row){.line = r->line,
                                             .owes = -1,
                                             .verdict = -1,
                                             .again = -1,
                                             .doublings = -1,
                                             .evens = -1,
                                             .idle = -1,
                                             .cause = -1,

                                             .resend = -1};
    l->row[l->count - 1].segment.ttl = DEFAULT_TTL;
    return &l->row[l->count - 1];
}

/* A segment in flight arrives unchanged: `... <SEQ=100>` stands for the one that left. */
static void recall_options(struct ladder *l, struct ladder_row *row)
{
    for (unsigned i = l->count - 1; row->arrives && !row->departs && i-- > 0;) {
        const struct segment *s = &l->row[i].segment, *new = &row->segment;
        if (l->row[i].departs && !l->row[i].arrives && s->from == new->from && s->seq == new->seq &&
            s->ack == new->ack && s->flags == new->flags && s->text == new->text) {
            row->segment = *s;
            row->captured = false; /* it was captured when it left */
            return;
        }
    }
}

/* 12.000345: seconds in a column of their own, before the states; at most thirty years of them. */
static const char *read_time(struct ladder_row *row, const char *at)
{
    enum { DIGITS_MAX = 9 };
    int64_t fraction = 0, unit = SECOND;
    char *end;
    const char *from = at + strspn(at, " \t");
    const bool is_before = *from == '-';
    const size_t digits = strspn(from + is_before, "0123456789");
    if (digits == 0 || digits > DIGITS_MAX)
        return at;
    row->at = strtoll(from + is_before, &end, 10) * SECOND;
    if (*end == '.')
        for (end++; *end >= '0' && *end <= '9' && unit > 1; end++) {
            unit /= 10;
            fraction += (*end - '0') * unit;
        }
    row->at = (row->at + fraction) * (is_before ? -1 : 1);
    row->has_time = true;
    return end;
}

/* What found no room in the row of its segment stands below it. */
static bool is_about_segment(const char *at)
{
    static const char *const remarks[] = {"(! ", "(live ", "(again "};
    for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++)
        if (!strncmp(at, remarks[i], strlen(remarks[i])))
            return true;
    return *at == '(' && fate_of(at);
}

static bool read_more_remarks(struct reader *r, const char *line)
{
    struct ladder_row *row = &r->ladder->row[r->ladder->count - 1];
    for (const char *at = strchr(line, '('); at; at = strchr(at + 1, '('))
        if (!strchr(at, ')'))
            return fail(r, "a remark is not closed");
        else if (!read_remark(r, row, at, (int)(at - line)))
            return false;
    return true;
}

static bool read_row(struct reader *r, const char *line)
{
    const char *at = line + strspn(line, " \t");
    if (r->ladder->count && is_about_segment(at))
        return read_more_remarks(r, line);
    struct ladder_row *row = ladder_new_row(r);
    if (!row)
        return fail(r, "more than %d rows", LADDER_ROWS_MAX);
    row->number = (unsigned)strtoul(at, NULL, 10);
    if (row->number)
        at = read_time(row, at + strspn(at, "0123456789") + 1);
    else if (r->ladder->count > 1)
        row->number = row[-1].number;
    r->times = 1;
    if (!read_tokens(r, row, line, at))
        return false;
    if (row->has_segment)
        recall_options(r->ladder, row);
    while (r->times-- > 1) {
        struct ladder_row *copy = ladder_new_row(r);
        if (!copy)
            return fail(r, "more than %d rows", LADDER_ROWS_MAX);
        *copy = *row;
    }
    return true;
}

/* The window of each row as its header has it: what the row gives, or the peer's last. */
static void give_windows(struct ladder *l)
{
    uint16_t window[2] = {DEFAULT_WINDOW, DEFAULT_WINDOW};
    unsigned shift[2] = {0, 0};
    for (unsigned i = 0; i < l->count; i++) {
        struct ladder_row *row = &l->row[i];
        struct segment *s = &row->segment;
        const bool is_opening = row->peer[s->from].state < STATE_ESTABLISHED || !shift[s->from];
        if (segment_is(s, SEG_SYN) && s->has & HAS_WSCALE && is_opening)
            shift[s->from] = s->wscale < WSCALE_MAX ? s->wscale : WSCALE_MAX;
        if (row->has_window)
            window[s->from] =
                row->is_scaled ? (uint16_t)(row->octets >> shift[s->from]) : s->window;
        s->window = window[s->from];
    }
}

/* Times and frame numbers follow from the rows before. */
static void number_rows(struct ladder *l)
{
    int64_t now = SECOND, start = 0;
    bool is_timed = false;
    uint32_t frame = 0;
    for (unsigned i = 0; i < l->count; i++) {
        struct ladder_row *row = &l->row[i];
        const bool arrival = row->has_segment && row->arrives && !row->departs && !row->captured;
        now += (arrival ? 0 : ROW_TIME) + row->after + (row->two_msl ? 61 * SECOND : 0);
        if (row->has_time && !is_timed)
            start = now - row->at;
        is_timed |= row->has_time;
        if (row->has_time)
            now = start + row->at;
        row->segment.time = now;
        row->segment.frame = row->has_segment && row->captured ? ++frame : frame;
    }
}

bool ladder_read(FILE *in, struct ladder *ladder)
{
    char line[LINE_SIZE];
    struct reader r = {.ladder = ladder, .column_b = NO_COLUMN};
    ladder->count = ladder->prelude = 0;
    ladder->marks_assumptions = true;
    ladder->is_not_told = ladder->is_printed = false;
    ladder->rules = &bystander_rules;
    ladder->error[0] = ladder->outcome[0] = '\0';
    while (fgets(line, sizeof line, in)) {
        r.line++;
        line[strcspn(line, "\r\n")] = '\0';
        if (strstr(line, "(assumptions not marked)"))
            ladder->marks_assumptions = false;
        if (strstr(line, "(not told)"))
            ladder->is_not_told = true;
        if (strstr(line, "(without RFC 5961)"))
            ladder->rules = &bystander_rules_without_5961;
        if (strstr(line, "(printed)"))
            ladder->is_printed = true;
        if (!strncmp(line + strspn(line, " "), "(delivered: ", 12)) {
            snprintf(ladder->outcome, sizeof ladder->outcome, "%s", line + strspn(line, " "));
            ladder->outcome_line = r.line;
            continue;
        }
        if (strstr(line, "TCP Peer B"))
            r.column_b = (int)(strstr(line, "TCP Peer B") - line);
        else if (r.column_b != NO_COLUMN && line[strspn(line, " \t")] && !read_row(&r, line))
            return false;
    }
    if (r.column_b == NO_COLUMN)
        return fail(&r, "no heading `TCP Peer A ... TCP Peer B'");
    ladder_take_scene(&r);
    give_windows(ladder);
    number_rows(ladder);
    return true;
}
