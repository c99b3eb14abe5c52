/* Where words go: a function and its context. A sentence is written piece by piece, and nobody here
 * knows whether it ends in a packet's details, on a terminal or in a test.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_SINK_H
#define TCPSTATE_SINK_H

#include <stddef.h>

/* A piece of text. NULL says nothing. */
typedef const char *wording;

struct sink {
    void (*write)(void *context, const char *text, size_t length);
    void *context;
};

/* Write one, or several one behind the other. */
void sink_word(const struct sink *to, wording text);
void sink_words(const struct sink *to, const wording *words, size_t count);
/* With a capital as its first letter. */
void sink_capital(const struct sink *to, wording text);

/* So many spaces, none if it is negative. */
void sink_spaces(const struct sink *to, long count);

/* Several words, given as arguments. */
#define SAY(to, ...)                                                                               \
    sink_words((to), (const wording[]){__VA_ARGS__},                                               \
               sizeof((const wording[]){__VA_ARGS__}) / sizeof(wording))

/* A sink of its own, for what must be known before it is shown. What does not fit is cut off: the
 * longest of our sentences takes half of it. */
enum { DRAFT_SIZE = 1024 };
struct draft {
    struct sink sink;
    size_t length;
    char text[DRAFT_SIZE];
};

/* Begin anew with nothing; returns its sink. */
const struct sink *draft_begin(struct draft *draft);

/* Copy its text to where it is kept, cut off to so many octets with the last zero. */
void draft_copy(const struct draft *draft, char *to, size_t room);

#endif
