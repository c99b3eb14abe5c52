/* A line of JSON for each connection: a row of the page's table.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture.h"
#include "json.h"
#include "number.h"
#include "out.h"
#include "page.h"
#include "table.h"
#include "words.h"

/* Of one connection, so far. */
struct row {
    uint32_t frames, first_frame;
    int64_t began;
    check_set found;
    state_set states; /* that either end was in */
    uint8_t class;    /* enum verdict_class: the worst */
};

static void add_to(struct row *row, const struct account *a)
{
    const struct verdict *v = a->verdict;
    if (!row->frames++) {
        row->first_frame = a->segment->frame;
        row->began = a->time;
    }
    for (unsigned i = 0; i < 2; i++) {
        row->found.bits[i] |= v->checks.bits[i];
        row->states |= (state_set)(1u << v->end[i].state);
    }
    if (v->class > row->class)
        row->class = v->class;
}

static void write_column(struct json *j, const char *key, enum table_column column,
                         const struct account *a, const struct ending *ending)
{
    struct draft text;
    table_write(draft_begin(&text), column, a, ending);
    json_text(j, key, text.text);
}

static void write_names(struct json *j, const struct row *row)
{
    uint8_t order[CHECK_COUNT];
    const unsigned count = checks_by_severity(&row->found, order);
    json_open(j, "findings", "[");
    for (unsigned i = 0; i < count; i++)
        json_text(j, NULL, check_text(order[i])->name);
    json_close(j, "]");
    json_open(j, "states", "[");
    for (unsigned state = 0; state < STATE_COUNT; state++)
        if (row->states & 1u << state)
            json_text(j, NULL, state_text(state)->name);
    json_close(j, "]");
}

static void write_row(const struct row *row, const struct account *a, const struct ending *ending)
{
    struct json json = {.to = &out}, *j = &json;
    json_open(j, NULL, "{");
    json_number(j, "number", NUMBER(a->verdict->connection));
    write_column(j, "client", TABLE_CLIENT, a, ending);
    write_column(j, "server", TABLE_SERVER, a, ending);
    write_column(j, "client_state", TABLE_CLIENT_STATE, a, ending);
    write_column(j, "server_state", TABLE_SERVER_STATE, a, ending);
    write_column(j, "closed_by", TABLE_CLOSED_BY, a, ending);
    write_column(j, "ended", TABLE_MEANING, a, ending);
    json_number(j, "frames", NUMBER(row->frames));
    json_number(j, "first_frame", NUMBER(row->first_frame));
    json_number(j, "start", SECONDS(row->began, 6));
    json_number(j, "seconds", SECONDS(a->time - row->began, 6));
    json_text(j, "verdict", words_verdict(row->class));
    write_names(j, row);
    json_close(j, "}");
    json_flush(j);
    sink_word(&out, "\n");
}

static void tell(void *context, const struct told *told)
{
    struct row *row = context;
    struct ending ending;
    add_to(row, &told->account);
    if (!capture_ending(told, &ending))
        return;
    write_row(row, &told->account, &ending);
    *row = (struct row){.frames = 0};
}

void page_connections(void)
{
    struct row row = {.frames = 0};
    capture_each_connection(-1, tell, &row);
    out_flush();
}
