/* See list.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "list.h"

#include "flags.h"
#include "retransmission.h"
#include "sentences.h"
#include "words.h"
#include "wrap.h"

#include <string.h>

static const char BOLD[] = "\033[1m", DIM[] = "\033[2m", PLAIN[] = "\033[0m", ERASE[] = "\033[K";

enum {
    FINDINGS = 76,  /* the column where they begin */
    TEXT_WIDTH = 80 /* of sentences and headings, where there is no terminal */
};

enum column {
#define COLUMN(id, begin, end, heading) id,
#include "list.def"
#undef COLUMN
    COLUMNS
};
static const struct {
    unsigned begin, end;
} columns[COLUMNS] = {
#define COLUMN(id, begin, end, heading) {begin, end},
#include "list.def"
#undef COLUMN
};

/* ---- lines ---- */

static wording paint_of(const struct list *list, wording paint)
{
    return list->color ? paint : NULL;
}

static void print(const struct list *list, wording text, wording paint)
{
    paint = paint_of(list, paint);
    SAY(list->to, list->erases ? ERASE : NULL, paint, text, paint ? PLAIN : NULL, "\n");
}

static unsigned text_width(const struct list *list)
{
    return list->width ? list->width : TEXT_WIDTH;
}

static void print_wrapped(const struct list *list, wording text, unsigned indent, wording paint)
{
    struct draft line;
    while (*text) {
        text = wrap_line(draft_begin(&line), text, indent, text_width(list));
        print(list, line.text, paint);
    }
}

/* A line that keeps its spaces where it fits. */
static void print_line(const struct list *list, wording text, wording paint)
{
    if (strlen(text) > text_width(list))
        print_wrapped(list, text, 0, paint);
    else
        print(list, text, paint);
}

static void begin_line(struct list *list)
{
    draft_begin(&list->line);
    list->column = 0;
    list->findings = FINDINGS;
}

/* Text that begins in this column. What is too long for its place takes the room that the next ones
 * leave, so that only an extreme line is out of step. */
static void put(struct list *list, wording text, size_t length, size_t begin, wording paint)
{
    const struct sink *to = &list->line.sink;
    const size_t gap = begin > list->column ? begin - list->column : 1;
    paint = paint_of(list, paint);
    sink_spaces(to, (long)gap);
    sink_word(to, paint);
    to->write(to->context, text, length);
    sink_word(to, paint ? PLAIN : NULL);
    list->column += gap + length;
}

static void put_row(struct list *list, const wording cells[COLUMNS])
{
    begin_line(list);
    for (unsigned i = 0; i < COLUMNS; i++) {
        const size_t length = cells[i] ? strlen(cells[i]) : 0, end = columns[i].end;
        if (length)
            put(list, cells[i], length, end > length ? end - length : columns[i].begin,
                *cells[i] == '*' ? BOLD : NULL);
    }
}

/* What stands behind the states: on the next line where a terminal has no room for it. Who reads a
 * pipe wants all of a segment on its line. */
static void put_finding(struct list *list, wording text, wording paint)
{
    const size_t length = strlen(text),
                 begin = list->column < list->findings ? list->findings : list->column + 1;
    if (list->width && begin + length > list->width) {
        print(list, list->line.text, NULL);
        begin_line(list);
        list->findings = columns[CLIENT].begin + 1;
    }
    put(list, text, length, list->findings, paint);
}

/* ---- what stands between the segments ---- */

static void print_legend(struct list *list, bool hindsight)
{
    static const wording headings[COLUMNS] = {
#define COLUMN(id, begin, end, heading) heading,
#include "list.def"
#undef COLUMN
    };
    const wording heading = phrase(PHRASE_LIST_FINDINGS);
    const size_t begin = FINDINGS, length = strlen(heading);
    print(list, phrase(hindsight ? PHRASE_READING_HINDSIGHT : PHRASE_READING_LIVE), DIM);
    print_line(list, phrase(hindsight ? PHRASE_LIST_LEGEND_HINDSIGHT : PHRASE_LIST_LEGEND_LIVE),
               DIM);
    put_row(list, headings);
    if (!list->width || begin + length <= list->width)
        put(list, heading, length, begin, NULL);
    print(list, list->line.text, BOLD);
}

/* A line whenever a connection appears, or what is known of its ends changes. */
static void print_connection(struct list *list, const struct account *a,
                             struct list_connection *connection)
{
    const struct verdict *v = a->verdict;
    struct draft text, client, server;
    if (connection->is_headed && connection->client == v->client && connection->roles == v->roles)
        return;
    account_socket(a, v->client, draft_begin(&client));
    account_socket(a, !v->client, draft_begin(&server));
    say_list_connection(draft_begin(&text), v->connection, client.text, server.text);
    if (v->roles == ROLES_PORT)
        sink_word(&text.sink, phrase(PHRASE_LIST_BY_PORT));
    else if (v->roles == ROLES_FIRST)
        sink_word(&text.sink, phrase(PHRASE_LIST_BY_FIRST));
    connection->is_headed = true;
    connection->client = v->client;
    connection->roles = v->roles;
    print_line(list, text.text, BOLD);
}

/* ---- one segment ---- */

static wording write_state(struct draft *text, const struct verdict *v, unsigned end)
{
    sink_word(draft_begin(text), words_has_moved(v, end) ? "*" : " ");
    words_state(&text->sink, &v->end[end]);
    return text->text;
}

static void put_segment(struct list *list, const struct account *a, struct origin *origin)
{
    const struct verdict *v = a->verdict;
    const struct segment *s = a->segment;
    struct draft client, server, flags;
    flags_write_all(draft_begin(&flags), s, phrase(PHRASE_NO_FLAGS));
    const wording seq = SIGNED(account_seq(a, origin, list->exact)),
                  ack = !a->is_icmp && segment_is(s, SEG_ACK)
                            ? SIGNED(account_ack(a, origin, list->exact))
                            : NULL;
    const wording cells[COLUMNS] = {
        [FRAME] = NUMBER(s->frame),
        [CONNECTION] = NUMBER(v->connection),
        [TIME] = SECONDS(a->time, 3),
        [CLIENT] = write_state(&client, v, v->client),
        [ARROW] = v->sender == v->client ? "-->" : "<--",
        [SEGMENT] = a->is_icmp ? "ICMP" : flags.text,
        [SEQ] = seq,
        [ACK] = ack,
        [LENGTH] = a->is_icmp ? NULL : NUMBER(s->text),
        [SERVER] = write_state(&server, v, !v->client),
    };
    put_row(list, cells);
}

/* Count what frame `first` tells. Not NULL: its sentence is to be kept. */
static struct list_finding *remember(struct list *list, unsigned kind, uint32_t first,
                                     uint32_t shown_by)
{
    struct list_finding *f = &list->finding[kind];
    if (f->times++)
        return NULL;
    list->order[list->kinds++] = (uint8_t)kind;
    f->first = first;
    f->shown_by = shown_by;
    return f;
}

/* not its own */
static wording fate_in_words(struct draft *text, unsigned fate)
{
    sink_word(draft_begin(text), words_fate_name(fate));
    for (char *p = text->text; *p; p++)
        *p = *p == '_' ? ' ' : *p;
    return text->text;
}

/* (not its own, see 8) */
static void put_fate(struct list *list, const struct verdict *v, uint32_t frame)
{
    struct draft text, fate;
    words_fate_mark(draft_begin(&text), v, fate_in_words(&fate, v->fate));
    put_finding(list, text.text, NULL);
    struct list_finding *f = remember(list, CHECK_COUNT + v->fate, frame, 0);
    if (!f)
        return;
    words_fate(draft_begin(&fate), v);
    say_fate_plainly(draft_begin(&text), fate.text);
    draft_copy(&text, f->text, sizeof f->text);
}

static void put_findings(struct list *list, const struct account *a)
{
    static const wording paints[] = {[VERDICT_LEGAL] = NULL,
                                     [VERDICT_UNUSUAL] = "\033[33m",
                                     [VERDICT_INCOMPLETE] = "\033[35m",
                                     [VERDICT_ILLEGAL] = "\033[1;31m"};
    const struct verdict *v = a->verdict;
    uint8_t order[CHECK_COUNT];
    struct draft text;
    const unsigned count = checks_by_severity(&v->checks, order);
    for (unsigned i = 0; i < count; i++) {
        put_finding(list, check_text(order[i])->name, paints[v->class]);
        struct list_finding *f = remember(list, order[i], a->segment->frame, 0);
        if (!f && !retransmission_is(v, order[i]))
            continue;
        words_finding(draft_begin(&text), v, order[i]);
        draft_copy(&text, list->finding[order[i]].text, LIST_SENTENCE_SIZE);
    }
}

/* Live: what this segment tells of an earlier one. */
static void put_amended(struct list *list, const struct account *a)
{
    const struct verdict *v = a->verdict;
    const struct check_text *c = check_text(v->amendment);
    struct draft text;
    if (a->hindsight || !v->amends || v->amends != v->evidence)
        return;
    say_list_amended(draft_begin(&text), v->amends, c->name);
    put_finding(list, text.text, NULL);
    struct list_finding *f = remember(list, v->amendment, v->amends, a->segment->frame);
    if (!f)
        return;
    SAY(draft_begin(&text), c->text, " (", c->cite, ")");
    draft_copy(&text, f->text, sizeof f->text);
}

static void print_steps(struct list *list, const struct verdict *v)
{
    enum { INDENT = 19 };
    struct draft text;
    for (unsigned i = 0; i < v->steps; i++) {
        words_transition(draft_begin(&text), v, &v->step[i]);
        sink_word(&text.sink, ": ");
        words_because(&text.sink, v, &v->step[i]);
        print_wrapped(list, text.text, INDENT, DIM);
    }
}

void list_add(struct list *list, const struct account *a)
{
    const struct verdict *v = a->verdict;
    if (list->wanted >= 0 && list->wanted != v->connection)
        return;
    struct list_connection *connection = list->memories.of(list->memories.context, v->connection);
    if (list->lines++ == 0)
        print_legend(list, a->hindsight);
    print_connection(list, a, connection);
    put_segment(list, a, &connection->origin);
    if (a->hindsight && v->fate)
        put_fate(list, v, a->segment->frame);
    put_findings(list, a);
    put_amended(list, a);
    print(list, list->line.text, NULL);
    if (list->why)
        print_steps(list, v);
}

void list_end(struct list *list)
{
    enum { INDENT = 3 };
    struct draft heading, fate;
    if (list->kinds)
        print(list, "", NULL);
    for (unsigned i = 0; i < list->kinds; i++) {
        const unsigned kind = list->order[i];
        const struct list_finding *f = &list->finding[kind];
        const wording name =
            kind < CHECK_COUNT ? check_text(kind)->name : fate_in_words(&fate, kind - CHECK_COUNT);
        SAY(draft_begin(&heading), paint_of(list, BOLD), name, paint_of(list, PLAIN));
        if (f->times > 1)
            say_list_first_in(&heading.sink, f->times, f->first);
        else
            say_list_in(&heading.sink, f->first);
        if (f->shown_by)
            say_as_frame_shows(&heading.sink, f->shown_by);
        sink_word(&heading.sink, ")");
        print(list, heading.text, NULL);
        print_wrapped(list, f->text, INDENT, NULL);
    }
    list->kinds = 0; /* it may be said that there are no more twice */
}
