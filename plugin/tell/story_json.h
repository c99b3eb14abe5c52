/* A story as one line of JSON.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_STORY_JSON_H
#define TCPSTATE_STORY_JSON_H

#include "story.h"

/* Where entry `i` of a list is kept, and which entry comes after it in a list of `count`: between
 * the first half and the last there may be a gap. */
unsigned story_place(uint32_t i);
uint32_t story_after(uint32_t i, uint32_t count);

/* How many kinds of findings there are, those that are not kept too. */
unsigned story_kinds(const struct story *story);

/* `capture`: the name of the capture, or NULL. */
void story_write(const struct sink *to, const struct story *story, const struct ending *ending,
                 wording capture);

#endif
