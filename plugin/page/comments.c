/* What an annotated copy says of each segment, as a line of JSON.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "comment.h"

#include "capture.h"
#include "json.h"
#include "number.h"
#include "out.h"
#include "page.h"

/* Several sentences: a draft might be too small. */
enum { COMMENT_SIZE = 8192 };
struct text {
    size_t length;
    char all[COMMENT_SIZE];
};

static void write_text(void *context, const char *piece, size_t length)
{
    struct text *text = context;
    for (size_t i = 0; i < length && text->length < COMMENT_SIZE - 1; i++)
        text->all[text->length++] = piece[i];
    text->all[text->length] = '\0';
}

static void tell(void *unused, const struct told *told)
{
    struct json json = {.to = &out}, *j = &json;
    struct text text = {.length = 0};
    (void)unused;
    if (!comment_is_due(told->account.verdict))
        return;
    comment_write(&(struct sink){write_text, &text}, told->account.verdict);
    json_open(j, NULL, "{");
    json_number(j, "frame", NUMBER(told->account.segment->frame));
    json_text(j, "text", text.all);
    json_close(j, "}");
    json_flush(j);
    sink_word(&out, "\n");
}

void page_comments(void)
{
    capture_each(tell, NULL);
    out_flush();
}
