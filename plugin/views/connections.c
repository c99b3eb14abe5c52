/* See connections.h. Whatever tshark prints around its tables is here, too, so that the two can be
 * compared.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connections.h"

#include "number.h"
#include "sentences.h"
#include "table.h"

#include <string.h>

/* An ICMP error is part of the connection's time, and none of its segments. */
void connections_count(struct connections_row *row, const struct account *a)
{
    const struct segment *s = a->segment;
    if (!row->is_begun)
        row->first = s->time;
    row->is_begun = true;
    row->last = s->time;
    if (a->is_icmp)
        return;
    row->frames += row->frame != s->frame;
    row->frame = s->frame;
    row->class[a->verdict->class]++;
}

/* ---- cells ---- */

/* As wide as its format says: %8u, %-21s. */
static long width_of(const char *format)
{
    long width = 0;
    for (const char *p = format; *p && *p != '.'; p++)
        if (*p >= '0' && *p <= '9')
            width = 10 * width + (*p - '0');
    return width;
}

static void write_cell(const struct sink *to, const char *format, wording text)
{
    const long missing = width_of(format) - (long)strlen(text);
    const bool is_left = format[1] == '-';
    sink_spaces(to, is_left ? 0 : missing);
    sink_word(to, text);
    sink_spaces(to, is_left ? missing : 0);
    sink_word(to, " |");
}

/* The table has seconds as a floating-point number, so what looks like half a microsecond is a
 * little more or less: the remainder of a product says which (T. J. Dekker, 1971). */
static int64_t as_floating(int64_t nanoseconds)
{
    const double seconds = (double)nanoseconds / 1e9, product = seconds * 1e9;
    const double split = seconds * 134217729.0, high = split - (split - seconds); /* 2^27 + 1 */
    const double rest = high * 1e9 - product + (seconds - high) * 1e9;
    const double more = product - (double)nanoseconds + rest;
    const int64_t micro = nanoseconds / 1000, beyond = nanoseconds % 1000;
    if (beyond != 500 && beyond != -500)
        return nanoseconds;
    if (more > 0 || more < 0)
        return nanoseconds + (more > 0 ? 1 : -1);
    return micro % 2 ? nanoseconds : micro * 1000;
}

/* The texts are drafts: the last column may be long, so it is written as it comes. */
static void write_text(const struct sink *to, enum table_column column, const char *format,
                       const struct account *last, const struct ending *ending)
{
    struct draft text;
    if (width_of(format)) {
        table_write(draft_begin(&text), column, last, ending);
        write_cell(to, format, text.text);
        return;
    }
    table_write(to, column, last, ending);
    sink_word(to, " |");
}

void connections_write_row(const struct sink *to, const struct connections_row *row,
                           const struct account *last, const struct ending *ending)
{
    static const char *const formats[] = {
#define COLUMN(id, type, alignment, heading, format) [TABLE_##id] = format,
#include "table.def"
#undef COLUMN
    };
    for (unsigned column = 0; column < TABLE_COLUMNS; column++) {
        const char *format = formats[column];
        if (column == TABLE_NUMBER)
            write_cell(to, format, NUMBER(last->verdict->connection));
        else if (column == TABLE_SEGMENTS)
            write_cell(to, format, NUMBER(row->frames));
        else if (column == TABLE_DURATION)
            write_cell(to, format, SECONDS(as_floating(row->last - row->first), 6));
        else if (column >= TABLE_LEGAL && column <= TABLE_ILLEGAL)
            write_cell(to, format, NUMBER(row->class[column - TABLE_LEGAL]));
        else
            write_text(to, column, format, last, ending);
    }
    sink_word(to, "\n");
}

/* ---- around them ---- */

static void write_line(const struct sink *to)
{
    for (unsigned i = 0; i < 101; i++)
        sink_word(to, "=");
    sink_word(to, "\n");
}

void connections_write_head(const struct sink *to)
{
    static const wording headings[] = {
#define COLUMN(id, type, alignment, heading, format) heading,
#include "table.def"
#undef COLUMN
    };
    sink_word(to, "\n");
    write_line(to);
    SAY(to, phrase(PHRASE_TABLE_TITLE), ":\n", phrase(PHRASE_TABLE_FILTER), "\n");
    for (unsigned i = 0; i < TABLE_COLUMNS; i++)
        SAY(to, headings[i], " |");
    SAY(to, "\n", phrase(PHRASE_TABLE_NAME), "\n");
}

void connections_write_foot(const struct sink *to)
{
    write_line(to);
}
