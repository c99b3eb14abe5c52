/* See sentences.h.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "sentences.h"

wording phrase(enum phrase id)
{
    static const wording phrases[PHRASE_COUNT] = {
#define PHRASE(id, text) [PHRASE_##id] = text,
#include "sentences.def"
    };
    return phrases[id];
}
