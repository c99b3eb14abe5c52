/* Who closed first, and what of the text was delivered, in words.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPSTATE_DELIVERED_H
#define TCPSTATE_DELIVERED_H

#include "ending.h"

/* Who closed first, by role; numbered as the bits of outcome.closed_by would be, were end 0 the
 * client. */
enum closed_by {
#define CLOSED_BY(id, word) CLOSED_BY_##id,
#include "closed_by.def"
#undef CLOSED_BY
    CLOSED_BY_COUNT
};
enum closed_by delivered_closed_by(const struct verdict *v, const struct outcome *o);

/* "client", "both": a constant. */
wording delivered_closer(enum closed_by by);

/* Tells some sentences, each with one call; none, where nothing is known. */
void delivered_tell(const struct verdict *v, const struct outcome *o, ending_sentence *tell,
                    void *context);

#endif
