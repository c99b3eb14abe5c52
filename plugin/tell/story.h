/* The story of each connection: all that a reader is told of it, as one JSON object on one line
 * (plugin/story.schema.json). What repeats is told by its first and last frame and how often, and
 * lists stop at STORY_LIST_MAX, so a story is about as short however long its connection is.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A story is told as soon as nothing more belongs to it: after the last segment where the whole
 * capture is known; otherwise when its sockets open anew, or 2 MSL after both ends were done. */
#ifndef TCPSTATE_STORY_H
#define TCPSTATE_STORY_H

#include "account.h"
#include "ending.h"

enum {
    STORY_LIST_MAX = 16,
    STORY_HOST_SIZE = 48 /* an IPv6 address takes 46 */
};

struct story_move {
    const char *cite;
    uint32_t frame, of; /* where it is seen, and what carried the signal */
    uint32_t answers;   /* the frame that its RST replies to, or 0 */
    uint8_t end, from, to, signal, why, fate;
};

/* A segment that did not simply arrive. */
struct story_fate {
    uint32_t frame, shown_by;
    uint8_t sender, fate;
    bool sure;
};

struct story_finding {
    wording found; /* of the first */
    uint32_t first, last, count;
    uint32_t shown_by; /* live: a later frame that told it; 0: it shows itself */
    uint8_t check, sender;
    uint8_t state;   /* in which the first was sent */
    bool is_foreign; /* ... for certain by somebody else */
};

/* FINs or RSTs of one end, for one cause. */
struct story_closing {
    int64_t idle; /* nanoseconds for which both were silent before the first */
    uint32_t first, last, count, cause_frame;
    uint8_t sender, cause;
    bool is_rst;
};

/* What one end sent again, for one cause. */
struct story_again {
    uint32_t first, last, count;
    uint8_t sender, what, cause; /* enum retry, enum resend */
};

struct story_end {
    char host[STORY_HOST_SIZE];
    uint32_t frames;
    uint64_t text;  /* octets, with those that were sent again */
    wording hears;  /* what its program heard when the connection was lost, a constant; or NULL */
    uint32_t heard; /* ... and the frame that told it */
    uint32_t first_text, last_text; /* frames, or 0 */
    check_set found;
    uint16_t port;
};

/* Of one connection, until it is told; the caller's, zeroed at first. */
struct story {
    struct verdict last; /* on its last segment so far */
    uint32_t first_frame, last_frame;
    int64_t first_time, last_time; /* capture time, as in struct segment ... */
    int64_t began;                 /* ... and of the first since the capture began */
    struct story_end end[2];
    uint32_t verdicts[4];  /* segments by enum verdict_class */
    uint32_t moves, fates; /* so many; of these the first and the last ones are kept */
    struct story_move move[STORY_LIST_MAX];
    struct story_fate fate[STORY_LIST_MAX];
    struct story_finding finding[STORY_LIST_MAX];
    struct story_closing closing[STORY_LIST_MAX];
    struct story_again again[STORY_LIST_MAX];
    struct story_again resent[2]; /* by either end last: it alone, and `last` as it was before */
    struct {
        int64_t time;
        uint32_t frame; /* the one that ended it, or 0 */
        uint8_t sender;
    } pause;                   /* the longest */
    uint32_t closings, agains; /* so many kinds; the first ones are kept */
    uint8_t findings; /* kept: one for each kind and end, the severest where there are more */
    bool hindsight, is_begun, is_done;
    bool continued; /* its beginning was told before: segments came when all seemed over */
    struct story *next, *before;           /* of those that are not told, in order */
    struct story *next_done, *before_done; /* of those whose ends are both done */
};

/* Who keeps the stories that are not told yet, and knows more of a connection. */
struct story_host {
    struct story *(*find)(void *context, uint32_t connection); /* NULL: it is not there */
    struct story *(*make)(void *context, uint32_t connection);
    void (*drop)(void *context, uint32_t connection);
    /* Live: how it stands now. */
    void (*outcome)(void *context, uint32_t connection, struct outcome *o);
    void *context;
};

/* One segment more of its connection; and that what was sent again last by one end, in this frame,
 * had arrived before, as a later segment shows. For who tells the story himself. */
void story_take(struct story *story, const struct account *a);
void story_resent_in_vain(struct story *story, uint32_t frame);

/* All of a capture; zeroed, and then the caller fills in the first five. */
struct stories {
    const struct sink *to;
    struct story_host host;
    wording capture; /* its name, to be told with each story; or NULL */
    int64_t wanted;  /* number of the only connection to be told; -1: all are */
    int64_t two_msl; /* nanoseconds */

    uint32_t told;
    int64_t now; /* capture time of what came last */
    struct {
        struct story *first, *last;
    } open, done;
};

/* One segment more. `ending`: how the connection ends, if this is known to be its last; or NULL. */
void story_add(struct stories *s, const struct account *a, const struct ending *ending);

/* The sockets of a connection open the next one with this segment: live, it is over. */
void story_taken_over(struct stories *s, uint32_t connection, const struct account *by);

/* There are no more. */
void story_end(struct stories *s);

#endif
