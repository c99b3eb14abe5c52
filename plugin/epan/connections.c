/* A table of connections: how far each came, and what that means.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark's statistics table does the drawing, sorting and exporting; this file fills the cells.
 */
#include "compat.h"

#include "connections.h"
#include "ending.h"
#include "phrases.h"
#include "tap.h"
#include "waiting.h"
#include "words.h"

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <epan/to_str.h>

enum column {
#define COLUMN(id, type, alignment, heading, format) id,
#include "columns.def"
#undef COLUMN
    COLUMN_COUNT
};

static stat_tap_table_item columns[COLUMN_COUNT] = {
#define COLUMN(id, type, alignment, heading, format)                                               \
    [id] = {TABLE_ITEM_##type, TAP_ALIGN_##alignment, heading, format},
#include "columns.def"
#undef COLUMN
};

/* What is known of a row besides its cells. Lives as long as the row. */
struct row {
    unsigned index;
    int64_t first;        /* when its first segment was captured */
    uint32_t frame;       /* the last one that was counted */
    struct verdict_view { /* what its texts were made of */
        uint8_t client, state[2], confirmed[2], times[2];
        state_set possible[2];
        const char *heard[2];
    } shown;
    struct silence *silence; /* or NULL */
};

/* There will be more to say of a row when its connection has been silent for long enough. */
struct silence {
    int64_t since, due;
    struct verdict verdict;
    struct ending ending;
    GSequenceIter *place; /* of the row among those that wait */
};

/* Rows by number of connection; those that wait also by when they are due. */
struct rows {
    GHashTable *by_number;
    GSequence *waiting;
};

static void free_row(void *row)
{
    g_free(((struct row *)row)->silence);
    g_free(row);
}

static void free_rows(void *data)
{
    struct rows *rows = data;
    g_sequence_free(rows->waiting);
    g_hash_table_destroy(rows->by_number);
    g_free(rows);
}

/* For each table. The window of a GUI and a -z command share one. */
static GHashTable *tables; /* program lifetime; what is in it lives until its table is emptied */

static struct rows *rows_of(stat_tap_table *table)
{
    struct rows *rows = g_hash_table_lookup(tables, table);
    if (!rows) {
        rows = g_new(struct rows, 1);
        rows->by_number = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_row);
        rows->waiting = g_sequence_new(NULL);
        g_hash_table_insert(tables, table, rows);
    }
    return rows;
}

static void forget_rows(stat_tap_table *table)
{
    g_hash_table_remove(tables, table);
}

static stat_tap_table_item_type *cell(const stat_tap_table *table, const struct row *row,
                                      enum column column)
{
    return stat_tap_get_field_data(table, row->index, column);
}

static void set_text(const stat_tap_table *table, const struct row *row, enum column column,
                     char *text)
{
    stat_tap_table_item_type *item = cell(table, row, column);
    g_free((char *)item->value.string_value);
    item->value.string_value = text;
}

static char *socket_text(const address *a, uint16_t port)
{
    char *text = address_to_str(NULL, a);
    char *socket = g_strdup_printf(a->type == AT_IPv6 ? "[%s]:%u" : "%s:%u", text, port);
    wmem_free(NULL, text);
    return socket;
}

static char *state_of(const struct end_view *end)
{
    return g_strdup_printf("%s%s", state_text(end->state)->name, words_is_assumed(end) ? "?" : "");
}

static const char *who_is_confirmed(const struct verdict *v)
{
    static const char *const names[2][2] = {{"neither", "server"}, {"client", "both"}};
    return names[!words_is_assumed(&v->end[v->client])][!words_is_assumed(&v->end[!v->client])];
}

static void set_sockets(const stat_tap_table *table, const struct row *row,
                        const struct tcpstate_tap_info *info)
{
    const struct verdict *v = &info->recorded.verdict;
    const bool from_client = v->sender == v->client;
    set_text(table, row, from_client ? CLIENT : SERVER, socket_text(&info->src, info->srcport));
    set_text(table, row, from_client ? SERVER : CLIENT, socket_text(&info->dst, info->dstport));
}

static void set_meaning(const stat_tap_table *table, const struct row *row, wmem_allocator_t *pool,
                        const struct verdict *v, const struct ending *ending)
{
    set_text(table, row, MEANING, g_strjoinv(" ", ending_texts(pool, v, ending)));
}

static void set_states(const stat_tap_table *table, const struct row *row, const struct verdict *v)
{
    set_text(table, row, CLIENT_STATE, state_of(&v->end[v->client]));
    set_text(table, row, SERVER_STATE, state_of(&v->end[!v->client]));
    set_text(table, row, CONFIRMED, g_strdup(who_is_confirmed(v)));
}

static struct row *new_row(stat_tap_table *table, struct rows *rows,
                           const struct tcpstate_tap_info *info)
{
    stat_tap_table_item_type cells[COLUMN_COUNT] = {{.type = TABLE_ITEM_NONE}};
    struct row *row = g_new0(struct row, 1);
    row->index = table->num_elements;
    row->first = info->segment.time;
    row->shown.client = UINT8_MAX;
    for (unsigned i = 0; i < COLUMN_COUNT; i++)
        cells[i].type = columns[i].type;
    stat_tap_init_table_row(table, row->index, COLUMN_COUNT, cells);
    cell(table, row, NUMBER)->value.uint_value = info->recorded.connection;
    g_hash_table_insert(rows->by_number, GUINT_TO_POINTER(info->recorded.connection), row);
    return row;
}

/* Making texts takes time, and most segments change none of them. */
static void update_texts(const stat_tap_table *table, struct row *row, wmem_allocator_t *pool,
                         const struct tcpstate_tap_info *info, const struct ending *ending)
{
    const struct verdict *v = &info->recorded.verdict;
    struct verdict_view now;
    memset(&now, 0, sizeof now); /* padding too: it is compared */
    now.client = v->client;
    for (unsigned i = 0; i < 2; i++) {
        now.state[i] = v->end[i].state;
        now.confirmed[i] = v->end[i].confirmed;
        now.possible[i] = v->end[i].possible;
        now.heard[i] = waiting_heard(v, i);
        now.times[i] = ending->retries[i].times;
    }
    /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): its padding is zeroed above */
    if (memcmp(&now, &row->shown, sizeof now) == 0 && !ending->silence)
        return;
    if (now.client != row->shown.client)
        set_sockets(table, row, info);
    set_states(table, row, v);
    set_meaning(table, row, pool, v, ending);
    row->shown = now;
}

static int compare_due(const void *a, const void *b, void *unused _U_)
{
    const int64_t x = ((const struct row *)a)->silence->due,
                  y = ((const struct row *)b)->silence->due;
    return (x > y) - (x < y);
}

static void stop_waiting(struct row *row)
{
    if (!row->silence)
        return;
    g_sequence_remove(row->silence->place);
    g_free(row->silence);
    row->silence = NULL;
}

/* From `since` on, for as long as it takes; not if there will be no more to say, or no such time.
 */
static void wait_for(struct rows *rows, struct row *row, const struct silence *next)
{
    const int64_t patience = ending_patience(&next->verdict, &next->ending);
    stop_waiting(row);
    if (!patience || next->since > INT64_MAX - patience)
        return;
    row->silence = g_new(struct silence, 1);
    *row->silence = *next;
    row->silence->due = next->since + patience;
    row->silence->place = g_sequence_insert_sorted(rows->waiting, row, compare_due, NULL);
}

/* In one pass nobody knows yet how long it will be silent. */
static void expect_silence(struct rows *rows, struct row *row, const struct tcpstate_tap_info *info,
                           const struct ending *ending)
{
    wait_for(rows, row,
             &(struct silence){.since = info->segment.time,
                               .verdict = info->recorded.verdict,
                               .ending = *ending});
}

/* A row is due, and may be so again. */
static void tell(const stat_tap_table *table, struct rows *rows, struct row *row,
                 wmem_allocator_t *pool, int64_t now)
{
    struct silence silence = *row->silence;
    silence.ending.silence = now - silence.since;
    set_meaning(table, row, pool, &silence.verdict, &silence.ending);
    wait_for(rows, row, &silence);
}

/* Time has passed until `now`. */
static void tell_silence(stat_tap_table *table, struct rows *rows, wmem_allocator_t *pool,
                         int64_t now)
{
    while (!g_sequence_is_empty(rows->waiting)) {
        struct row *row = g_sequence_get(g_sequence_get_begin_iter(rows->waiting));
        if (now < row->silence->due)
            return;
        tell(table, rows, row, pool, now);
    }
}

/* The sockets of another connection open this one: that one is over. */
static void end_before(const stat_tap_table *table, const struct rows *rows, wmem_allocator_t *pool,
                       const struct tcpstate_tap_info *info)
{
    const uint32_t before =
        info->recorded.verdict.opens ? records_before(info->recorded.connection) : 0;
    struct row *row =
        before ? g_hash_table_lookup(rows->by_number, GUINT_TO_POINTER(before - 1)) : NULL;
    if (!row)
        return;
    stop_waiting(row);
    set_meaning(
        table, row, pool, &info->recorded.verdict,
        &(struct ending){.next = info->recorded.connection, .next_frame = info->segment.frame});
}

/* An ICMP error is part of the connection's time, and none of its segments. */
static void update_counts(const stat_tap_table *table, struct row *row,
                          const struct tcpstate_tap_info *info)
{
    cell(table, row, DURATION)->value.float_value = (double)(info->segment.time - row->first) / 1e9;
    if (info->is_icmp)
        return;
    if (row->frame != info->segment.frame)
        cell(table, row, SEGMENTS)->value.uint_value++;
    row->frame = info->segment.frame;
    cell(table, row, LEGAL + info->recorded.verdict.class)->value.uint_value++;
}

static tap_packet_status packet(void *data, packet_info *pinfo, epan_dissect_t *edt _U_,
                                const void *tapped, tap_flags_t flags _U_)
{
    const struct tcpstate_tap_info *info = tapped;
    stat_tap_table *table =
        g_array_index(((stat_data_t *)data)->stat_tap_data->tables, stat_tap_table *, 0);
    struct rows *rows = rows_of(table);
    struct row *row =
        g_hash_table_lookup(rows->by_number, GUINT_TO_POINTER(info->recorded.connection));
    struct ending ending = {.silence = 0};
    if (!records_ending(&info->recorded, info->segment.time, &ending))
        ending = (struct ending){.silence = 0};
    if (!row)
        row = new_row(table, rows, info);
    tell_silence(table, rows, pinfo->pool, info->segment.time);
    end_before(table, rows, pinfo->pool, info);
    update_texts(table, row, pinfo->pool, info, &ending);
    expect_silence(rows, row, info, &ending);
    update_counts(table, row, info);
    return TAP_PACKET_REDRAW;
}

/* Rows of before a reset. A window that shows them may still be open, and sorts by them; so they
 * live until the table is freed, which is when the last window closes. */
static GPtrArray *retired;

static void free_texts(stat_tap_table_item_type *cells)
{
    for (unsigned i = 0; i < COLUMN_COUNT; i++)
        if (columns[i].type == TABLE_ITEM_STRING)
            g_free((char *)cells[i].value.string_value);
}

static void free_retired(void *cells)
{
    free_texts(cells);
    g_free(cells);
}

/* Wireshark asks for each cell, and frees the row itself afterwards. */
static void free_cell(stat_tap_table *table, unsigned row, unsigned column,
                      stat_tap_table_item_type *item)
{
    if (column == 0)
        free_texts(item);
    if (row == 0 && column == 0) {
        forget_rows(table);
        g_ptr_array_set_size(retired, 0);
    }
}

/* Back to no rows: the next capture has other connections. */
static void reset(stat_tap_table *table)
{
    forget_rows(table);
    for (unsigned row = 0; row < table->num_elements; row++)
        g_ptr_array_add(retired, table->elements[row]);
    g_free(table->elements);
    table->elements = NULL;
    table->num_elements = 0;
}

/* A window is opened again, or -z is given twice: the same table, empty. */
static void begin(stat_tap_table_ui *ui)
{
    const char *name = phrase(PHRASE_TABLE_NAME);
    stat_tap_table *table = stat_tap_find_table(ui, name);
    if (table)
        reset(table);
    else
        stat_tap_add_table(ui, stat_tap_init_table(name, COLUMN_COUNT, 0, NULL));
}

void connections_register(void)
{
    static tap_param params[] = {
        {.type = PARAM_FILTER, .name = "filter", .title = "Filter", .optional = true}};
    static stat_tap_table_ui ui = {.group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
                                   .tap_name = "tcpstate",
                                   .cli_string = "tcpstate,connections",
                                   .stat_tap_init_cb = begin,
                                   .packet_func = packet,
                                   .stat_tap_reset_table_cb = reset,
                                   .stat_tap_free_table_item_cb = free_cell,
                                   .nfields = COLUMN_COUNT,
                                   .fields = columns,
                                   .nparams = array_length(params),
                                   .params = params};
    ui.title = phrase(PHRASE_TABLE_TITLE);
    tables = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_rows);
    retired = g_ptr_array_new_with_free_func(free_retired);
    register_stat_tap_table_ui(&ui);
}
