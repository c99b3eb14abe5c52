/* What text does to JSON: nothing. Each case is a text and how it is written.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "json.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *text, *written;
} cases[] = {
    {"", "\"\""},
    {"192.0.2.1", "\"192.0.2.1\""},
    {"say \"no\"", "\"say \\\"no\\\"\""},
    {"a\\", "\"a\\\\\""},
    {"two\nlines\t\x01\x7f", "\"two\\u000alines\\u0009\\u0001\\u007f\""},
    {"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\""},
    /* No UTF-8 (RFC 3629 section 4): cut off, overlong, surrogates, beyond the last, alone. */
    {"a\xe2\x82", "\"a\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\xe0\x80\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\xf0\x80\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {"\x80z\xff", "\"\xef\xbf\xbdz\xef\xbf\xbd\""},
    {"\xc3\"", "\"\xef\xbf\xbd\\\"\""},
};

/* What is longer than what is gathered at a time: a piece that does not fit any more, one that
 * never does, and single characters. */
static unsigned is_cut(void)
{
    static const size_t lengths[] = {1,         JSON_ROOM - 8, JSON_ROOM - 2, JSON_ROOM - 1,
                                     JSON_ROOM, JSON_ROOM + 90};
    unsigned failures = 0;
    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char text[JSON_ROOM + 100] = "", expected[JSON_ROOM + 150];
        struct draft out;
        struct json json = {.to = draft_begin(&out)};
        memset(text, 'x', lengths[i]);
        snprintf(expected, sizeof expected, "[\"%s\",\"\\\"\",12]", text);
        json_open(&json, NULL, "[");
        json_text(&json, NULL, text);
        json_text(&json, NULL, "\"");
        json_number(&json, NULL, "12");
        json_close(&json, "]");
        json_flush(&json);
        if (strcmp(out.text, expected) != 0) {
            printf("with %zu octets: %s\n", lengths[i], out.text);
            failures++;
        }
    }
    return failures;
}

int main(void)
{
    unsigned failures = 0;
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct draft out;
        struct json json = {.to = draft_begin(&out)};
        json_text(&json, NULL, cases[i].text);
        json_flush(&json);
        if (strcmp(out.text, cases[i].written) != 0) {
            printf("case %u is written %s and not %s\n", i, out.text, cases[i].written);
            failures++;
        }
    }
    struct draft out;
    struct json json = {.to = draft_begin(&out)};
    json_open(&json, NULL, "{");
    json_open(&json, "a", "[");
    json_number(&json, NULL, "1");
    json_bool(&json, NULL, true);
    json_close(&json, "]");
    json_open(&json, "b", "{");
    json_close(&json, "}");
    json_text(&json, "c", "");
    json_close(&json, "}");
    json_flush(&json);
    if (strcmp(out.text, "{\"a\":[1,true],\"b\":{},\"c\":\"\"}") != 0) {
        printf("members and commas: %s\n", out.text);
        failures++;
    }
    failures += is_cut();
    return failures ? 1 : 0;
}
