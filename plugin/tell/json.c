/* See json.h (RFC 8259).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "json.h"

#include <stdint.h>
#include <string.h>

void json_flush(struct json *j)
{
    j->to->write(j->to->context, j->text, j->length);
    j->length = 0;
}

static void put(struct json *j, const char *text, size_t length)
{
    if (length > sizeof j->text - j->length)
        json_flush(j);
    if (length > sizeof j->text) {
        j->to->write(j->to->context, text, length);
        return;
    }
    memcpy(j->text + j->length, text, length);
    j->length += length;
}

static void put_char(struct json *j, char c)
{
    if (j->length == sizeof j->text)
        json_flush(j);
    j->text[j->length++] = c;
}

static void put_word(struct json *j, wording text)
{
    put(j, text, strlen(text));
}

static void begin(struct json *j, wording key)
{
    if (j->follows)
        put_char(j, ',');
    j->follows = true;
    if (!key)
        return;
    put_char(j, '"');
    put_word(j, key);
    put_char(j, '"');
    put_char(j, ':');
}

void json_open(struct json *j, wording key, wording bracket)
{
    begin(j, key);
    put_word(j, bracket);
    j->follows = false;
}

void json_close(struct json *j, wording bracket)
{
    put_word(j, bracket);
    j->follows = true;
}

void json_number(struct json *j, wording key, wording digits)
{
    begin(j, key);
    put_word(j, digits);
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

static void put_escaped(struct json *j, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    if (c == '"' || c == '\\') {
        put_char(j, '\\');
        put_char(j, (char)c);
        return;
    }
    const char escaped[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
    put(j, escaped, sizeof escaped);
}

/* Letters and the like, which stand as they are. */
static bool is_plain(unsigned char c)
{
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* One character that is not plain; returns how many octets it takes. */
static size_t put_special(struct json *j, const char *text)
{
    static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */
    const unsigned char *p = (const unsigned char *)text;
    const unsigned length = character_length(p);
    if (length == 1)
        put_escaped(j, *p);
    else if (length)
        put(j, text, length);
    else
        put_word(j, replacement);
    return length ? length : 1;
}

void json_text(struct json *j, wording key, wording text)
{
    begin(j, key);
    put_char(j, '"');
    while (*text) {
        size_t plain = 0;
        while (is_plain((unsigned char)text[plain]))
            plain++;
        put(j, text, plain);
        text += plain;
        text += *text ? put_special(j, text) : 0;
    }
    put_char(j, '"');
}
