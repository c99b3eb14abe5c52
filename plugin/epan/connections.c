/* A table of connections: how far each came, and what that means.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark's statistics table does the drawing, sorting and exporting; this file fills the cells,
 * just before they are drawn. */
#include "compat.h"

#include "accounts.h"
#include "kept.h"
#include "paper.h"
#include "parts.h"
#include "pending.h"
#include "sentences.h"
#include "table.h"
#include "tap.h"

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

static stat_tap_table_item columns[TABLE_COLUMNS] = {
#define COLUMN(id, type, alignment, heading, format)                                               \
    [TABLE_##id] = {TABLE_ITEM_##type, TAP_ALIGN_##alignment, heading, format},
#include "table.def"
#undef COLUMN
};

/* What is known of a row besides its cells. Lives as long as the row. */
struct row {
    unsigned index;
    int64_t first;  /* when its first segment was captured */
    uint32_t frame; /* the last one that was counted */
};

/* What is to be told in a table, and its rows by number of connection. */
struct rows {
    stat_tap_table *table;
    struct kept *kept;
    GHashTable *by_number;
};

static void free_rows(void *data)
{
    struct rows *rows = data;
    remove_tap_listener(rows);
    kept_free(rows->kept);
    g_hash_table_destroy(rows->by_number);
    g_free(rows);
}

/* For each table. The window of a GUI and a -z command share one. */
static GHashTable *tables; /* program lifetime; what is in it lives until its table is emptied */

static void forget_rows(stat_tap_table *table)
{
    g_hash_table_remove(tables, table);
}

static stat_tap_table_item_type *cell(const stat_tap_table *table, const struct row *row,
                                      enum table_column column)
{
    return stat_tap_get_field_data(table, row->index, column);
}

static void set_texts(const stat_tap_table *table, const struct row *row,
                      const struct tcpstate_tap_info *info, const struct ending *ending)
{
    const struct account account = account_of(info);
    for (unsigned column = 0; column < TABLE_COLUMNS; column++) {
        if (columns[column].type != TABLE_ITEM_STRING)
            continue;
        stat_tap_table_item_type *item = cell(table, row, column);
        GString *text = g_string_new(NULL);
        table_write(PAPER(text), column, &account, ending);
        g_free((char *)item->value.string_value);
        item->value.string_value = g_string_free(text, FALSE);
    }
}

static struct row *new_row(struct rows *rows, const struct tcpstate_tap_info *info)
{
    stat_tap_table_item_type cells[TABLE_COLUMNS] = {{.type = TABLE_ITEM_NONE}};
    struct row *row = g_new0(struct row, 1);
    row->index = rows->table->num_elements;
    row->first = info->segment.time;
    for (unsigned i = 0; i < TABLE_COLUMNS; i++)
        cells[i].type = columns[i].type;
    stat_tap_init_table_row(rows->table, row->index, TABLE_COLUMNS, cells);
    cell(rows->table, row, TABLE_NUMBER)->value.uint_value = info->recorded.verdict.connection;
    g_hash_table_insert(rows->by_number, GUINT_TO_POINTER(info->recorded.verdict.connection), row);
    return row;
}

/* An ICMP error is part of the connection's time, and none of its segments. */
static void count(const stat_tap_table *table, struct row *row,
                  const struct tcpstate_tap_info *info)
{
    cell(table, row, TABLE_DURATION)->value.float_value =
        (double)(info->segment.time - row->first) / 1e9;
    if (info->is_icmp)
        return;
    if (row->frame != info->segment.frame)
        cell(table, row, TABLE_SEGMENTS)->value.uint_value++;
    row->frame = info->segment.frame;
    cell(table, row, TABLE_LEGAL + info->recorded.verdict.class)->value.uint_value++;
}

static void tell(void *context, const struct tcpstate_tap_info *info, int64_t unused _U_)
{
    struct rows *rows = context;
    struct ending ending;
    struct row *row =
        g_hash_table_lookup(rows->by_number, GUINT_TO_POINTER(info->recorded.verdict.connection));
    if (!row)
        row = new_row(rows, info);
    count(rows->table, row, info);
    if (observe_ending(&info->recorded, info->segment.time, &ending))
        set_texts(rows->table, row, info, &ending);
}

static void count_anew(void *number _U_, void *value, void *table)
{
    struct row *row = value;
    row->frame = 0;
    cell(table, row, TABLE_SEGMENTS)->value.uint_value = 0;
    for (unsigned class = VERDICT_LEGAL; class <= VERDICT_ILLEGAL; class ++)
        cell(table, row, TABLE_LEGAL + class)->value.uint_value = 0;
}

/* A window may outlive its file: it keeps what it shows. */
static void fill(void *data)
{
    struct rows *rows = data;
    if (!pending_has_file())
        return;
    g_hash_table_foreach(rows->by_number, count_anew, rows->table);
    kept_each(rows->kept, tell, rows);
}

static tap_packet_status keep_nothing(void *data _U_, packet_info *pinfo _U_,
                                      epan_dissect_t *edt _U_, const void *tapped _U_,
                                      tap_flags_t flags _U_)
{
    return TAP_PACKET_REDRAW;
}

/* Wireshark tells nobody before it draws a table; but it draws the listener first that was
 * registered last. So the cells are filled by a second listener, registered while the first is
 * called for the first time. */
static struct rows *rows_of(stat_tap_table *table)
{
    struct rows *rows = g_hash_table_lookup(tables, table);
    if (rows)
        return rows;
    rows = g_new(struct rows, 1);
    *rows = (struct rows){.table = table,
                          .kept = kept_new(),
                          .by_number =
                              g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free)};
    g_hash_table_insert(tables, table, rows);
    GString *error = register_tap_listener("tcpstate", rows, NULL, TL_REQUIRES_NOTHING, NULL,
                                           keep_nothing, fill, NULL);
    if (error)
        g_string_free(error, TRUE); /* the tap is there: it has just called */
    return rows;
}

static tap_packet_status packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                const void *tapped, tap_flags_t flags _U_)
{
    stat_tap_table *table =
        g_array_index(((stat_data_t *)data)->stat_tap_data->tables, stat_tap_table *, 0);
    kept_add(rows_of(table)->kept, tapped, 0);
    return TAP_PACKET_REDRAW;
}

/* Rows of before a reset. A window that shows them may still be open, and sorts by them; so they
 * live until the table is freed, which is when the last window closes. */
static GPtrArray *retired;

static void free_texts(stat_tap_table_item_type *cells)
{
    for (unsigned i = 0; i < TABLE_COLUMNS; i++)
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
        stat_tap_add_table(ui, stat_tap_init_table(name, TABLE_COLUMNS, 0, NULL));
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
                                   .nfields = TABLE_COLUMNS,
                                   .fields = columns,
                                   .nparams = array_length(params),
                                   .params = params};
    ui.title = phrase(PHRASE_TABLE_TITLE);
    tables = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_rows);
    retired = g_ptr_array_new_with_free_func(free_retired);
    register_stat_tap_table_ui(&ui);
}
