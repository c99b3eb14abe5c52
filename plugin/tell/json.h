/* JSON onto a sink: objects, lists and what stands in them, all in one line.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * It does not sort: who writes an object names its keys in their order. */
#ifndef TCPSTATE_JSON_H
#define TCPSTATE_JSON_H

#include "sink.h"

#include <stdbool.h>

/* It is many small pieces, so they are gathered here. */
enum { JSON_ROOM = 512 };
struct json {
    const struct sink *to;
    bool follows; /* something stands before in the same object or list */
    size_t length;
    char text[JSON_ROOM];
};

/* A member of an object under its key, or (NULL) one of a list. A key is a constant of ours, and
 * stands as it is; text may be anything, and is valid JSON all the same. */
void json_open(struct json *j, wording key, wording bracket);
void json_close(struct json *j, wording bracket);
void json_text(struct json *j, wording key, wording text);
void json_bool(struct json *j, wording key, bool is);
/* A number in digits (number.h). */
void json_number(struct json *j, wording key, wording digits);

/* What has been gathered goes to the sink: the end of it. */
void json_flush(struct json *j);

#endif
