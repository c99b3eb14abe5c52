/* The sentences of phrases.def, and putting words into them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_PHRASES_H
#define TCPSTATE_PHRASES_H

#include "compat.h"

enum phrase {
#define PHRASE(id, text) PHRASE_##id,
#include "phrases.def"
#undef PHRASE
    PHRASE_COUNT
};

/* The sentence as it stands: a constant. */
const char *phrase(enum phrase id);

/* The sentence with words in place of {names}: pairs of a name and its text, then NULL. A name that
 * nobody gives stays as it is. The string is in `scope`; with NULL the caller frees it. */
char *phrase_say(wmem_allocator_t *scope, enum phrase id, ...) G_GNUC_NULL_TERMINATED;

/* The same for a sentence of another table. */
char *phrase_fill(wmem_allocator_t *scope, const char *text, ...) G_GNUC_NULL_TERMINATED;

#endif
