/* What a segment shows of earlier ones: the rows of stories.def.
 * SPDX-License-Identifier: GPL-2.0-or-later                                                      */
#ifndef TCPSTATE_STORIES_H
#define TCPSTATE_STORIES_H

#include "infer/history.h"

enum story {
#define STORY(id, clue, finding, showing) STORY_##id,
#include "tables/stories.def"
#undef STORY
    STORY_COUNT
};

/* Ask every detector. True: one of them has something to tell, and the rest of the moment is moot.
 */
bool stories_ask(struct moment *m);

/* This segment shows how the earlier one in `frame` is to be read. False: it is told already, or
 * cannot be told any more.                                                                       */
bool stories_tell(struct moment *m, enum story story, uint32_t frame);

#ifdef TCPSTATE_MUTANTS
extern int mutant_story; /* test builds only: this row tells nothing; -1 for none */
#endif

/* Is the RST, or the segment of the same end that comes after it, certainly not its own? What the
 * network does to the order of two is soon over; the segment may acknowledge what its peer has sent
 * since; and no end uses a number that it never had. */
bool stories_is_foreign(const struct moment *m, const struct segment *s, const struct event *rst);

#endif
