/* See page.h: reading, and the views that are the tool's.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "page.h"

#include "capture.h"
#include "json.h"
#include "moment.h"
#include "number.h"
#include "out.h"
#include "views.h"

#include <stdlib.h>

__attribute__((import_module("page"), import_name("random"))) uint64_t page_random(void);

static const struct rules rules = {.two_msl = 60 * NANOSECONDS, .rfc5961 = true};
static struct reader *reader;
static uint8_t *octets;

/* The worker says that there is none, and ends. */
static void *resize(void *memory, size_t size)
{
    void *resized = realloc(memory, size);
    if (!resized)
        abort();
    return resized;
}

uint8_t *page_room(size_t count)
{
    static const struct lender lender = {.resize = resize, .free = free, .random = page_random};
    if (!reader) {
        capture_begin(&lender, &rules);
        reader = reader_new(capture_add, NULL);
    }
    return octets = resize(octets, count);
}

bool page_feed(size_t count)
{
    return reader_feed(reader, octets, count);
}

void page_end(void)
{
    reader_end(reader);
}

void page_report(void)
{
    const struct reader_report *report = reader_report(reader);
    struct json json = {.to = &out}, *j = &json;
    json_open(j, NULL, "{");
    json_number(j, "octets", NUMBER(report->octets));
    json_number(j, "broken_at", NUMBER(report->broken_at));
    json_number(j, "frames", NUMBER(report->frames));
    json_number(j, "cut_off", NUMBER(report->cut_off));
    json_number(j, "unknown_link", NUMBER(report->unknown_link));
    json_number(j, "other_blocks", NUMBER(report->other_blocks));
    json_close(j, "}");
    json_flush(j);
    out_flush();
}

/* As a terminal of no width shows them. */
static void show(view *view, int32_t connection)
{
    const struct look look = {.wanted = connection, .why = true};
    view(&look, &out);
    out_flush();
}

#define VIEW(name)                                                                                 \
    void page_##name(int32_t connection)                                                           \
    {                                                                                              \
        show(view_##name, connection);                                                             \
    }
#include "views.def"
