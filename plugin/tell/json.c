/* See json.h (RFC 8259).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "json.h"

#include <stdint.h>
#include <string.h>

static void begin(struct json *j, wording key)
{
    SAY(j->to, j->follows ? "," : NULL, key ? "\"" : NULL, key, key ? "\":" : NULL);
    j->follows = true;
}

void json_open(struct json *j, wording key, wording bracket)
{
    begin(j, key);
    sink_word(j->to, bracket);
    j->follows = false;
}

void json_close(struct json *j, wording bracket)
{
    sink_word(j->to, bracket);
    j->follows = true;
}

void json_number(struct json *j, wording key, wording digits)
{
    begin(j, key);
    sink_word(j->to, digits);
}

void json_bool(struct json *j, wording key, bool is)
{
    json_number(j, key, is ? "true" : "false");
}

/* ---- text ---- */

/* How many octets the first character of UTF-8 takes; 0: it is none (RFC 3629 section 4). */
static unsigned character_length(const unsigned char *p)
{
    const unsigned length = *p < 0x80                 ? 1
                            : *p >= 0xc2 && *p < 0xe0 ? 2
                            : (*p & 0xf0) == 0xe0     ? 3
                            : *p >= 0xf0 && *p < 0xf5 ? 4
                                                      : 0;
    for (unsigned i = 1; i < length; i++)
        if ((p[i] & 0xc0) != 0x80) /* so the end of the text is never passed */
            return 0;
    const bool overlong = (*p == 0xe0 && p[1] < 0xa0) || (*p == 0xf0 && p[1] < 0x90),
               surrogate = *p == 0xed && p[1] >= 0xa0, beyond = *p == 0xf4 && p[1] >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

static void write_escaped(const struct sink *to, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    if (c == '"' || c == '\\') {
        to->write(to->context, (const char[]){'\\', (char)c}, 2);
        return;
    }
    const char escaped[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
    to->write(to->context, escaped, sizeof escaped);
}

/* Letters and the like, which stand as they are. */
static bool is_plain(unsigned char c)
{
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* One character that is not plain; returns how many octets it takes. */
static size_t write_special(const struct sink *to, const char *text)
{
    static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */
    const unsigned char *p = (const unsigned char *)text;
    const unsigned length = character_length(p);
    if (length == 1)
        write_escaped(to, *p);
    else if (length)
        to->write(to->context, text, length);
    else
        sink_word(to, replacement);
    return length ? length : 1;
}

void json_text(struct json *j, wording key, wording text)
{
    begin(j, key);
    sink_word(j->to, "\"");
    while (*text) {
        size_t plain = 0;
        while (is_plain((unsigned char)text[plain]))
            plain++;
        if (plain)
            j->to->write(j->to->context, text, plain);
        text += plain;
        text += *text ? write_special(j->to, text) : 0;
    }
    sink_word(j->to, "\"");
}
